"""The papers whose pages are kept as pictures and as text, and how both are made.

    python -m tests.documents.golden_cases

writes them anew, for whoever changed a layout on purpose: look at the difference before
committing it.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from outtray.config import env
from outtray.documents.kinds.registry import KINDS
from outtray.documents.pdf.compiler import draw_document
from outtray.documents.pdf.look import DESIGNS, FONTS, Look, LookTexts
from outtray.documents.pdf.typesetting import look_data, prepare, typeset_paper

FOLDER = Path(__file__).with_name("golden")
PAPERS = ("a4", "us-letter")
PPI = 40  # a letter is two pixels wide: enough to see that it moved

Raw = dict[str, object]


@dataclass(frozen=True, slots=True)
class Case:
    """A paper in a look."""

    name: str
    raw: Raw
    look: Look

    @property
    def picture(self) -> bytes:
        """Its first page, as PNG."""
        kind, data = _checked(self.raw)
        _, page, at = prepare(kind, data, self.look)
        return draw_document(page, look_data(self.look), at=at, form="png", ppi=PPI)[0]

    @property
    def text(self) -> str:
        """What can be read on all its pages, blanks made one."""
        kind, data = _checked(self.raw)
        with TemporaryDirectory() as folder:
            path = Path(folder) / "document.pdf"
            path.write_bytes(typeset_paper(kind, data, self.look).content)
            read = ["pdftotext", "-raw", str(path), "-"]
            said = subprocess.run(read, check=True, capture_output=True, text=True).stdout
        return "".join(f"{' '.join(line.split())}\n" for line in said.split("\n") if line.strip())


def cases() -> dict[str, Case]:
    """By name: each kind in each language, and what is hard to set."""
    return {each.name: each for each in (*_everyday(), *_hard())}


def _everyday() -> Iterator[Case]:
    """Paper, design and family take turns, so that each meets every kind and language."""
    from tests.documents.builders import raw

    languages = ("en", "de", "fr", "es")
    for number, (kind, language) in enumerate(product(KINDS, languages)):
        turn = number + number // len(languages)
        look = replace(
            _look(),
            paper=PAPERS[turn % 2],
            design=DESIGNS[turn // 2 % 2],
            font=FONTS[turn % 3],
        )
        yield Case(f"{kind}-{language}", raw(kind, language=language), look)


def _hard() -> Iterator[Case]:
    from tests.documents.builders import invoice_of, line

    look, modern = _look(), replace(_look(), design="modern")
    arabic = {"number": "1", "name": "شركة الرياح الشمالية", "address": {"city": "الرياض"}}
    lines = [
        line(description="مصباح أرضي من خشب الرماد", details="ارتفاع ١٥٢ سم"),
        line(description="מנורת שולחן עם אהיל פשתן"),
    ]
    yield Case("right-to-left", invoice_of(*lines, party=arabic), modern)
    chinese = {"number": "1", "name": "北京风能有限公司", "address": {"city": "北京"}}
    lines = [line(description="落地灯“叙尔特”"), line(description="北欧の照明 북유럽 조명")]
    yield Case("cjk", invoice_of(*lines, party=chinese), look)
    combined = {"number": "1", "name": "Z̈alg̊o ẽ̱ Đặng Thị Ngọc Ạ́"}
    yield Case("combining", invoice_of(line(description="Vĩnh Phúc, e\u0301te\u0301")), look)
    yield Case("combined-name", invoice_of(line(), party=combined), modern)
    long = {"number": "1", "name": ("Beleuchtungsgesellschaft mit Haftung " * 6)[:200].strip()}
    yield Case("long-names", invoice_of(line(description="x" * 200), party=long), look)
    yield Case("long-names-modern", invoice_of(line(description="w " * 99), party=long), modern)
    yield Case("no-decimals", invoice_of(line(unit_price="1250"), currency="JPY"), look)
    yield Case("three-decimals", invoice_of(line(unit_price="1.255"), currency="KWD"), modern)
    negative = (line(unit_price="100"), line(quantity="-3"), line(unit_price="-2.50"))
    yield Case("negative-lines", invoice_of(*negative), look)
    yield Case("own-texts", invoice_of(line()), _own_look())


def _own_look() -> Look:
    texts = LookTexts("We were away.", "The goods stay ours until paid.", "Directors: A, B")
    return replace(
        _look(),
        colour="#7a1f4f",
        logo=None,
        hidden={"invoice": ("position", "unit", "details")},
        texts={"de": texts},
        footer=("address", "bank"),
    )


@cache
def _look() -> Look:
    from outtray.documents.logo import read_logo
    from outtray.documents.pdf.look import LogoPicture
    from outtray.documents.samples.cast import COMPANY, sample_logo

    logo = read_logo(sample_logo())
    picture = LogoPicture(logo.as_svg(), logo.width, logo.height)
    return Look(colour=COMPANY["colour"], logo=picture)


def _checked(raw: Raw) -> tuple[str, Raw]:
    from tests.documents.builders import document_of

    document = document_of(raw)
    return document.kind, document.data


def main() -> None:
    import django

    env.set_default("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    for case in cases().values():
        (FOLDER / f"{case.name}.png").write_bytes(case.picture)
        (FOLDER / f"{case.name}.txt").write_text(case.text)


if __name__ == "__main__":
    main()
