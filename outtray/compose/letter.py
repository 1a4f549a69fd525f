"""The letter: everything that will be sent, while it can still be edited."""

from __future__ import annotations

from dataclasses import dataclass

from outtray.compose.recipients import Addressee
from outtray.documents.models import Document
from outtray.mail.address import NamedAddress
from outtray.mail.mime import InlineImage


@dataclass(frozen=True, slots=True)
class LetterFile:
    """A file that goes with the letter, and the document that it shows, if it shows one."""

    filename: str
    content_type: str
    content: bytes
    document: Document | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """Composed and complete. `headers` are extra ones, such as Auto-Submitted."""

    sender: NamedAddress
    reply_to: NamedAddress | None
    recipients: tuple[Addressee, ...]
    subject: str
    text: str
    html: str
    inline: tuple[InlineImage, ...]
    enclosures: tuple[LetterFile, ...]
    party_name: str
    headers: tuple[tuple[str, str], ...] = ()
