"""From a letter to the bytes that are frozen at acceptance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from outtray.compose.letter import Letter
from outtray.mail.address import NamedAddress
from outtray.mail.envelope import Envelope
from outtray.mail.mime import Attachment, Content, assemble


@dataclass(frozen=True, slots=True)
class Message:
    """The final bytes, their Message-ID, and who hands them over to whom."""

    content: bytes
    message_id: str
    envelope: Envelope


def build(letter: Letter, *, message_id: str, date: datetime) -> Message:
    """Write the letter as a message. Blind copies are in the envelope only."""
    content = Content(
        sender=letter.sender,
        to=_named(letter, "to"),
        cc=_named(letter, "cc"),
        reply_to=letter.reply_to,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        inline=letter.inline,
        attachments=tuple(
            Attachment(file.filename, file.content_type, file.content, file.base64)
            for file in letter.enclosures
        ),
        headers=letter.headers,
    )
    return Message(
        content=assemble(content, message_id=message_id, date=date),
        message_id=message_id,
        envelope=_envelope(letter),
    )


def _named(letter: Letter, kind: str) -> tuple[NamedAddress, ...]:
    return tuple(each.address for each in letter.recipients if each.kind == kind)


def _envelope(letter: Letter) -> Envelope:
    everybody = {each.address.address: None for each in letter.recipients}
    return Envelope(sender=letter.sender.address, recipients=tuple(everybody))
