"""Makes the PDF of a document in the look of its company's layout."""

from __future__ import annotations

from typing import Literal

from outtray.documents.layouts import Layout
from outtray.documents.looks import Looks
from outtray.documents.models import Document
from outtray.documents.pdf.look import Look
from outtray.documents.pdf.typesetting import EmbeddedFile, Pdf, draw_paper, typeset_paper

__all__ = ["EmbeddedFile", "Look", "Pdf", "look_of", "pictures", "render", "typeset_paper"]


def look_of(document: Document, layout: Layout | None = None) -> Look:
    """The look of this layout; without one, of the company's own standard."""
    looks = Looks.of(document.company)
    return looks.of_layout(layout) if layout else looks.standard


def render(
    document: Document,
    *,
    look: Look | None = None,
    attach: EmbeddedFile | None = None,
    standard: Literal["a-3b"] | None = None,
) -> Pdf:
    """Set the document. The same document in the same look gives the same bytes.

    Raises Refused if a character cannot be printed; never prints a box instead.
    """
    return typeset_paper(
        document.kind, document.data, look or look_of(document), attach=attach, standard=standard
    )


def pictures(document: Document, *, look: Look | None = None) -> list[bytes]:
    """Each page of the same document as an SVG picture. Raises Refused like `render`."""
    return draw_paper(document.kind, document.data, look or look_of(document))
