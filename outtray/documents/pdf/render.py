"""Makes the PDF of a document."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, time

from outtray.documents.glyphs import missing_glyphs
from outtray.documents.kinds.registry import KINDS
from outtray.documents.models import Document
from outtray.documents.pdf.compiler import draw, typeset
from outtray.documents.pdf.look import look_of
from outtray.documents.pdf.page import page_of
from outtray.documents.pdf.scripts import marked
from outtray.documents.schema.paper import Paper
from outtray.lib.errors import Refused

_PAGES = re.compile(rb"/Type\s*/Page\b")
_KEPT = frozenset({"language", "region", "title", "author", "qr", "logo"})
_UNSAFE_IN_NAMES = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class Pdf:
    """A document as it is sent."""

    content: bytes
    filename: str
    pages: int


def render(document: Document) -> Pdf:
    """Set the document. The same document in the same look gives the same bytes.

    Raises Refused if a character cannot be printed; never prints a box instead.
    """
    paper, data, dated = prepare(document)
    content = typeset("document.typ", data, at=dated)
    name = f"{KINDS[document.kind].label(paper.language)} {paper.number}"
    return Pdf(content, _filename(name), len(_PAGES.findall(content)))


def pictures(document: Document) -> list[bytes]:
    """Each page of the same document as an SVG picture. Raises Refused like `render`."""
    _, data, dated = prepare(document)
    return draw("document.typ", data, at=dated)


def prepare(document: Document) -> tuple[Paper, str, datetime]:
    """The typed paper, the data for the layout, and the time that the PDF bears."""
    kind = KINDS[document.kind]
    paper = kind.schema.model_validate(document.data)
    _refuse_missing_glyphs(paper)
    page = {**page_of(kind, paper), **look_of(document.company, paper)}
    return paper, _data(page), datetime.combine(paper.date, time(), UTC)


def _refuse_missing_glyphs(paper: Paper) -> None:
    for problem in missing_glyphs(paper):
        raise Refused("missing_glyph", f"{problem.path}: {problem.message}", field=problem.path)


def _data(page: dict[str, object]) -> str:
    """Metadata and images stay as they are; what is read is marked with its script."""
    shown = {name: value if name in _KEPT else marked(value) for name, value in page.items()}
    return json.dumps(shown, ensure_ascii=False)


def _filename(name: str) -> str:
    """Safe in any file system and mail program: letters, digits, dot, dash, underscore."""
    return _UNSAFE_IN_NAMES.sub("-", name).strip("-.") + ".pdf"
