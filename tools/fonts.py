"""Builds outtray/documents/fonts from its sources, and the table of what they cover.

    apt-get install fonts-noto-core fonts-noto-cjk
    npm install --prefix packages inter-ui@4.1.1 \
        @expo-google-fonts/source-serif-4@0.4.1 @expo-google-fonts/ibm-plex-sans@0.4.1
    uv run --with brotli python -m tools.fonts --packages packages/node_modules

Needed only when a font is added or renewed; its results are committed. The small Noto fonts are
kept whole. The families that a layout can choose keep their characters, but of OpenType's
features only those that a page uses: fewer rules make every text faster to set. Noto Sans CJK
has 65,535 glyphs; kept are the ideographs of GBK, Big5, Shift JIS and KS X 1001, kana, Bopomofo
and all Hangul, with the Japanese forms.
"""

from __future__ import annotations

import argparse
import json
import shutil
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

FONTS = Path(__file__).resolve().parent.parent / "outtray" / "documents" / "fonts"
NOTO = Path("/usr/share/fonts/truetype/noto")
NOTO_CJK = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")

FAMILIES = {"source-serif-4": "SourceSerif4", "ibm-plex-sans": "IBMPlexSans"}
WEIGHTS = ("Regular", "Medium", "SemiBold", "Bold")
SCRIPTS_IN_TWO_WEIGHTS = ("", "Arabic", "Armenian", "Devanagari", "Georgian", "Hebrew", "Thai")
SCRIPTS_IN_ONE = (
    "Bengali", "Ethiopic", "Gujarati", "Gurmukhi", "Kannada", "Khmer", "Lao", "Malayalam",
    "Myanmar", "Sinhala", "Tamil", "Telugu",
)  # fmt: skip
CJK_NUMBER = 2  # in the collection: Noto Sans CJK SC
CJK_CODINGS = ("gbk", "big5", "shift_jis", "euc_kr")
CJK_WHOLE = ((0x3000, 0x3200), (0xAC00, 0xD7A4), (0xFF00, 0xFFF0))
CJK_SYSTEMS = [
    "DFLT.dflt", "hani.dflt", "hani.JAN", "kana.dflt", "kana.JAN", "hang.dflt", "hang.KOR",
    "bopo.dflt",
]  # fmt: skip


def main() -> None:
    arguments = argparse.ArgumentParser(description="Builds the fonts that Outtray ships.")
    arguments.add_argument("--packages", type=Path, required=True, help="a node_modules folder")
    packages = arguments.parse_args().packages
    FONTS.mkdir(exist_ok=True)
    for source in _chosen(packages):
        _keep_lean(*source)
    _copy_noto()
    _cut_cjk()
    _write_coverage()


def _chosen(packages: Path) -> Iterator[tuple[Path, str]]:
    """The files of the families to choose from, and under which name each is kept."""
    inter, google = packages / "inter-ui", packages / "@expo-google-fonts"
    shutil.copy(inter / "LICENSE.txt", FONTS / "LICENSE-Inter.txt")
    for weight in WEIGHTS:
        yield inter / "web" / f"Inter-{weight}.woff2", f"Inter-{weight}.ttf"
    for package, name in FAMILIES.items():
        shutil.copy(google / package / "LICENSE_FONT", FONTS / f"LICENSE-{name}.txt")
        for folder in ("400Regular", "600SemiBold"):
            source = google / package / folder / f"{name}_{folder}.ttf"
            yield source, f"{name}-{folder[3:]}.ttf"


def _keep_lean(source: Path, name: str) -> None:
    font = TTFont(source, recalcTimestamp=False)
    font.flavor = None
    options = subset.Options()  # type: ignore[no-untyped-call] # fonttools
    options.layout_features = ["ccmp", "kern", "liga", "locl", "mark", "mkmk", "tnum"]
    options.hinting = False
    options.glyph_names = False
    options.name_IDs = ["*"]  # type: ignore[list-item] # the star is documented
    options.notdef_outline = True
    cutter = subset.Subsetter(options)  # type: ignore[no-untyped-call] # fonttools
    cutter.populate(unicodes=set(font.getBestCmap() or ()))  # type: ignore[no-untyped-call] # fonttools
    cutter.subset(font)  # type: ignore[no-untyped-call] # fonttools
    _widen_digits_only(font)
    font.save(FONTS / name)


def _widen_digits_only(font: TTFont) -> None:
    """Of what `tnum` gives one width keep digits and signs: wide hyphens tear numbers apart."""
    names = font.getBestCmap() or {}
    kept = {names[ord(sign)] for sign in "0123456789+\N{MINUS SIGN}" if ord(sign) in names}
    rules = font["GSUB"].table
    wide = {
        index
        for record in rules.FeatureList.FeatureRecord
        if record.FeatureTag == "tnum"
        for index in record.Feature.LookupListIndex
    }
    for index in wide:
        for table in rules.LookupList.Lookup[index].SubTable:
            table.mapping = {old: new for old, new in table.mapping.items() if old in kept}


def _copy_noto() -> None:
    names = [f"NotoSans{script}-Regular.ttf" for script in SCRIPTS_IN_TWO_WEIGHTS + SCRIPTS_IN_ONE]
    names += [f"NotoSans{script}-Bold.ttf" for script in SCRIPTS_IN_TWO_WEIGHTS]
    for name in names:
        shutil.copy(NOTO / name, FONTS / name)


def _cut_cjk() -> None:
    font = TTFont(NOTO_CJK, fontNumber=CJK_NUMBER, recalcTimestamp=False)
    options = subset.Options()  # type: ignore[no-untyped-call] # fonttools
    options.layout_features = ["ccmp", "kern", "liga", "locl"]
    options.layout_scripts = CJK_SYSTEMS
    options.hinting = False
    options.glyph_names = False
    options.name_IDs = ["*"]  # type: ignore[list-item] # the star is documented
    options.notdef_outline = True
    cutter = subset.Subsetter(options)  # type: ignore[no-untyped-call] # fonttools
    cutter.populate(unicodes=_cjk_characters())  # type: ignore[no-untyped-call] # fonttools
    cutter.subset(font)  # type: ignore[no-untyped-call] # fonttools
    _map_by_segments(font)
    font.save(FONTS / "NotoSansCJKsc-Regular.otf")


def _map_by_segments(font: TTFont) -> None:
    """Keep a cmap of format 12 only: 33,000 characters overflow format 4 without a word."""
    table = CmapSubtable.newSubtable(12)  # type: ignore[no-untyped-call] # fonttools
    table.platformID, table.platEncID, table.language = 3, 10, 0
    table.format, table.reserved, table.length, table.nGroups = 12, 0, 0, 0
    table.cmap = dict(font.getBestCmap() or {})
    font["cmap"].tables = [table]


def _cjk_characters() -> set[int]:
    kept = {code for first, end in CJK_WHOLE for code in range(first, end)}
    for coding in CJK_CODINGS:
        kept |= {code for code in range(0x80, 0x10000) if _has(coding, code)}
    return kept


def _has(coding: str, code: int) -> bool:
    try:
        chr(code).encode(coding)
    except UnicodeEncodeError:
        return False
    return True


def _write_coverage() -> None:
    """Inclusive ranges of code points, so that a lookup is one bisection.

    Only what every layout can show counts: Inter and Noto, which stand behind each family.
    Characters for private use are left out: what they show is a matter of the font.
    """
    covered: set[int] = set()
    for path in sorted((*FONTS.glob("Inter-*.ttf"), *FONTS.glob("NotoSans*.?tf"))):
        covered |= set(TTFont(path, lazy=True).getBestCmap() or ())
    agreed = (code for code in covered if unicodedata.category(chr(code)) != "Co")
    table = {"ranges": _ranges(sorted(agreed))}
    (FONTS / "coverage.json").write_text(json.dumps(table, separators=(",", ":")) + "\n")


def _ranges(codes: Iterable[int]) -> list[list[int]]:
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return ranges


if __name__ == "__main__":
    main()
