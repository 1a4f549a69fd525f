"""Sets the PDF of a paper from plain values: no database, so that any process can do it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time
from typing import Literal

from outtray.documents.glyphs import missing_glyphs
from outtray.documents.kinds.registry import KINDS
from outtray.documents.pdf.compiler import Standard, draw_document, typeset_document
from outtray.documents.pdf.look import Look
from outtray.documents.pdf.page import page_of
from outtray.documents.pdf.scripts import marked
from outtray.documents.schema.known import known
from outtray.documents.schema.paper import Paper
from outtray.documents.schema.part import Part
from outtray.lib.errors import Refused

_PAGES = re.compile(rb"/Type\s*/Page\b")
_KEPT = frozenset({"language", "region", "title", "author", "qr", "logo_alt", "attached"})
# Points: a row of one line, each line more, and what rows leave to the rest of a page.
_ROW, _LINE, _SHORT = 17, 10.5, 195
_UNSAFE_IN_NAMES = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class Pdf:
    """A document as it is sent."""

    content: bytes
    filename: str
    pages: int


@dataclass(frozen=True, slots=True)
class EmbeddedFile:
    """A text file inside the PDF (ISO 32000-2 §7.11.4), and how it relates to the pages."""

    filename: str
    content: str
    content_type: str = "text/xml"
    relationship: Literal["alternative", "data", "source", "supplement"] = "alternative"
    description: str = ""


def typeset_paper(
    kind_name: str,
    data: Mapping[str, object],
    look: Look,
    *,
    attach: EmbeddedFile | None = None,
    standard: Standard | None = None,
) -> Pdf:
    """The PDF of a document's data in this look. The same values give the same bytes.

    Raises Refused if a character cannot be printed; never prints a box instead.
    """
    paper, page, dated = prepare(kind_name, data, look, attach=attach)
    content, pages = _typeset(page, look_data(look), dated, standard, is_short=_is_short(paper))
    return Pdf(content, filename_of(paper), pages)


def _typeset(
    page: str, look: str, dated: datetime, standard: Standard | None, *, is_short: bool
) -> tuple[bytes, int]:
    """The PDF and how many pages it has. One page takes an eighth less time if that is guessed."""
    content = typeset_document(page, look, at=dated, standard=standard, is_sole=is_short)
    pages = len(_PAGES.findall(content))
    if is_short and pages > 1:
        return _typeset(page, look, dated, standard, is_short=False)
    return content, pages


def _is_short(paper: Paper) -> bool:
    """Whether it likely has one page: seven items with a number each, and nothing unusual."""
    rows: Sequence[Part] = getattr(paper, KINDS[paper.kind].rows)
    return sum(map(_height, rows)) <= _SHORT


def _height(row: Part) -> float:
    details: str = getattr(row, "details", "")
    more = bool(getattr(row, "item", "")) + (details.count("\n") + 1 if details else 0)
    return _ROW + more * _LINE


def draw_paper(kind_name: str, data: Mapping[str, object], look: Look) -> list[bytes]:
    """Each page of the same as an SVG picture. Raises Refused like `typeset_paper`."""
    _, page, dated = prepare(kind_name, data, look)
    return draw_document(page, look_data(look), at=dated)


def prepare(
    kind_name: str,
    data: Mapping[str, object],
    look: Look,
    *,
    attach: EmbeddedFile | None = None,
) -> tuple[Paper, str, datetime]:
    """The typed paper, the JSON that fills the layout, and the time that the PDF bears."""
    kind = KINDS[kind_name]
    paper = known(kind.schema, data)
    _refuse_missing_glyphs(paper)
    page = {**page_of(kind, paper, look), "attached": _attached(attach)}
    return paper, _data(page), datetime.combine(paper.date, time(), UTC)


def look_data(look: Look) -> str:
    """What of a look is the same for all documents, as JSON."""
    logo = look.logo
    return json.dumps(
        {
            "design": look.design,
            "font": look.font,
            "paper": look.paper,
            "accent": look.colour,
            "logo": asdict(logo) if logo else None,
        },
        ensure_ascii=False,
    )


def filename_of(paper: Paper) -> str:
    """Safe in any file system and mail program: letters, digits, dot, dash, underscore."""
    name = f"{KINDS[paper.kind].label(paper.language)} {paper.number}"
    return _UNSAFE_IN_NAMES.sub("-", name).strip("-.") + ".pdf"


def _refuse_missing_glyphs(paper: Paper) -> None:
    for problem in missing_glyphs(paper):
        raise Refused("missing_glyph", f"{problem.path}: {problem.message}", field=problem.path)


def _data(page: dict[str, object]) -> str:
    """Metadata and images stay as they are; what is read is marked with its script."""
    shown = {name: value if name in _KEPT else marked(value) for name, value in page.items()}
    return json.dumps(shown, ensure_ascii=False)


def _attached(attach: EmbeddedFile | None) -> dict[str, str] | None:
    if attach is None:
        return None
    return {
        "filename": attach.filename,
        "content": attach.content,
        "content_type": attach.content_type,
        "relationship": attach.relationship,
        "description": attach.description,
    }
