"""What the coverage table promises, the fonts print."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import typst

from outtray.documents.glyphs import FONTS, can_show
from outtray.documents.pdf import compiler

CHUNK = 4_000
LAYOUT = Path(compiler.__file__).with_name("layout")


def test_every_covered_character_has_a_glyph_in_the_layouts_fonts() -> None:
    style = (LAYOUT / "style.typ").read_text()
    source = style + (
        '#set document(title: "glyphs")\n'
        "#set text(font: fonts, fallback: false)\n"
        "#for sign in json(bytes(sys.inputs.data)) [#sign ]"
    )
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS]
    )
    setter = typst.Compiler(font_paths=fonts)
    ranges = json.loads((FONTS / "coverage.json").read_text())["ranges"]
    covered = [chr(code) for first, last in ranges for code in range(first, last + 1)]

    for start in range(0, len(covered), CHUNK):
        # PDF/A forbids missing glyphs, so Typst fails at the first.
        setter.compile(
            input=source.encode(),
            format="pdf",
            sys_inputs={"data": json.dumps(covered[start : start + CHUNK])},
            pdf_standards="a-2b",
            timestamp=datetime(2026, 11, 23, tzinfo=UTC),
        )

    assert len(covered) > 40_000


def test_what_no_font_has_is_known() -> None:
    assert can_show("Ä")
    assert can_show("港")
    assert can_show("\N{ZERO WIDTH JOINER}")
    assert not can_show("\N{PILE OF POO}")
    assert not can_show("\N{EGYPTIAN HIEROGLYPH A001}")
    assert not can_show("\ue000")


def test_each_font_comes_with_its_licence() -> None:
    fonts = {path.stem.split("-")[0] for path in FONTS.glob("*.?tf")}

    assert {name for name in fonts if not name.startswith("NotoSans")} == {
        "Inter",
        "IBMPlexSans",
        "SourceSerif4",
    }
    for name in ("Inter", "IBMPlexSans", "SourceSerif4", "Noto"):
        licence = (FONTS / f"LICENSE-{name}.txt").read_text()
        assert "SIL Open Font License" in licence or "SIL OPEN FONT LICENSE" in licence
