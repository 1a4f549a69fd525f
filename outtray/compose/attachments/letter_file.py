"""A file that goes with a letter."""

from __future__ import annotations

from dataclasses import dataclass

from outtray.documents.models import Document


@dataclass(frozen=True, slots=True)
class LetterFile:
    """A file that goes with the letter, and the document that it shows, if it shows one.

    `base64` is its content once more, where it came so: it need not be encoded again.
    """

    filename: str
    content_type: str
    content: bytes
    document: Document | None = None
    base64: str = ""
