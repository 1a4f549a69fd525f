"""The proof of sending: a PDF that says what was sent to whom, what the servers answered, when.

It says no more than is known. "Accepted" is what a server said; whether anybody read the
message no server can tell. The digests let anybody compare what he has with what was sent.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from outtray.documents.glyphs import can_show
from outtray.documents.pdf.colour import on_paper
from outtray.documents.pdf.compiler import typeset
from outtray.documents.pdf.scripts import marked
from outtray.documents.pdf.typesetting import Pdf
from outtray.lib.blobs import BlobMissing
from outtray.mail.reading import ReadMessage, read
from outtray.outbox.events import SENTENCES, Code
from outtray.outbox.models import Attempt, Email, Enclosure, Event, Recipient
from outtray.outbox.outcome_words import MEANINGS, OUTCOMES, verdict_on

_PAGES = re.compile(rb"/Type\s*/Page\b")
_KEPT = frozenset({"accent", "date", "paper"})
_TOO_LONG = re.compile(r"\S{66,}")  # a digest has 64 digits and fits
_SOFT = "\u200b"


def proof_of(email: Email, *, at: datetime, zone: ZoneInfo) -> Pdf:
    """What is known of this email at this time, with times in that zone.

    The same email, time and zone give the same bytes.
    """
    data = {name: _printable(value) for name, value in _data(email, at, zone).items()}
    shown = {name: value if name in _KEPT else marked(value) for name, value in data.items()}
    content = typeset(
        "proof.typ", json.dumps(shown, ensure_ascii=False), at=at.replace(microsecond=0)
    )
    return Pdf(content, f"proof-of-sending-{email.pk}.pdf", len(_PAGES.findall(content)))


def _data(email: Email, at: datetime, zone: ZoneInfo) -> dict[str, object]:
    company = email.company
    content = _content(email)
    recipients = list(email.recipients.all())
    local = at.astimezone(zone)
    return {
        "paper": company.paper,
        "accent": on_paper(company.colour),
        "date": [local.year, local.month, local.day],
        "company": company.name,
        "made": f"Made {_time(at, zone)} by Outtray for {company.name}",
        "message_id": email.message_id,
        "verdict": list(verdict_on(email, recipients)),
        "facts": list(_facts(email, content, zone)),
        "recipients": [_recipient(each, zone) for each in recipients],
        "attempts": [_attempt(each, zone) for each in email.attempts.all()],
        "files": list(_files(email, content)),
        "history": [_event(each, zone) for each in email.events.select_related("by")],
        "meanings": [MEANINGS[state] for state in dict.fromkeys(each.state for each in recipients)],
        "notes": list(_notes(recipients, content)),
    }


def _facts(email: Email, content: bytes | None, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    message = read(content) if content is not None else None
    sender = f"{email.from_name} <{email.from_address}>" if email.from_name else email.from_address
    yield "Subject", email.subject
    yield "From", sender
    for name in ("To", "Cc", "Reply-To", "Date"):
        if value := message.header(name) if message else "":
            yield name, value
    yield "Message-ID", email.message_id
    yield "Added", _added(email, zone)
    yield "Sent from", f"{email.mailbox.address}, envelope sender {email.envelope_sender}"
    if email.resend_of:
        yield "Sent again for", email.resend_of.message_id
    for again in email.resends.order_by("pk"):
        yield "Sent again as", again.message_id
    yield "Size", f"{email.message_size:,} bytes"
    yield "SHA-256", hashlib.sha256(content).hexdigest() if content else "not known"


def _added(email: Email, zone: ZoneInfo) -> str:
    by = f" by {email.accepted_by.name}" if email.accepted_by else ""
    address = f" ({email.accepted_by.email})" if email.accepted_by else ""
    return f"{_time(email.accepted_at, zone)}{by}{address}"


def _recipient(recipient: Recipient, zone: ZoneInfo) -> dict[str, str]:
    return {
        "kind": recipient.get_kind_display(),
        "name": recipient.name,
        "address": recipient.address,
        "reason": recipient.reason,
        "state": recipient.state,
        "outcome": OUTCOMES[recipient.state],
        "at": _time(recipient.settled_at, zone) if recipient.settled_at else "",
        "reply": recipient.reply.strip(),
    }


def _attempt(attempt: Attempt, zone: ZoneInfo) -> dict[str, str]:
    ended = _time(attempt.ended_at, zone) if attempt.ended_at else "no end is known"
    return {
        "number": str(attempt.number),
        "began": _time(attempt.started_at, zone),
        "ended": ended,
        "server": attempt.server,
        "result": attempt.result or "no result is known",
        "reply": attempt.reply.strip(),
    }


def _files(email: Email, content: bytes | None) -> Iterator[dict[str, str]]:
    """Each with the digest that was kept at acceptance, compared with what the message holds."""
    there = _digests(read(content)) if content else set()
    for each in email.enclosures.select_related("document").order_by("pk"):
        yield {
            "name": each.filename,
            "about": f"{each.content_type}, {each.size:,} bytes{_shows(each)}",
            "digest": each.content,
            "found": "" if each.content in there else "Not found in the message as it is kept now",
        }


def _digests(message: ReadMessage) -> set[str]:
    return {hashlib.sha256(each.content).hexdigest() for each in message.attachments}


def _shows(enclosure: Enclosure) -> str:
    document = enclosure.document
    return f", shows {document.number} in revision {enclosure.revision}" if document else ""


def _event(event: Event, zone: ZoneInfo) -> tuple[str, str]:
    sentence = SENTENCES.get(Code(event.code), event.code)
    by = f", by {event.by.name}" if event.by else ""
    said = str(event.detail.get("why") or event.detail.get("reply") or "").strip()
    return _time(event.at, zone), f"{sentence}{by}{f': {said}' if said else ''}"


def _notes(recipients: Sequence[Recipient], content: bytes | None) -> Iterator[str]:
    yield (
        "The message can be downloaded as an .eml file from Outtray. Its SHA-256 is that of all "
        "its bytes as they were handed over; a file’s is that of the file itself. Servers add "
        "lines to the head of a message on its way, so a copy at the receiver has another digest, "
        "but the same Message-ID and the same files."
    )
    if any(each.kind == Recipient.Kind.BCC for each in recipients):
        yield "This page names blind copies, of which the other recipients do not know."
    if content is None:
        yield "The message itself is no longer kept here, so nothing can be compared with it."


def _content(email: Email) -> bytes | None:
    try:
        return bytes(settings.BLOBS.get(email.message))
    except BlobMissing:
        return None


def _time(moment: datetime, zone: ZoneInfo) -> str:
    """To the second, with the name of the zone and its distance from UTC."""
    local = moment.astimezone(zone)
    offset = local.strftime("%z")
    return f"{local:%-d %b %Y, %H:%M:%S} {local:%Z} (UTC{offset[:3]}:{offset[3:]})"


def _breakable(text: str) -> str:
    """The text, with places to break in words that are longer than a line."""
    return _TOO_LONG.sub(lambda found: _SOFT.join(found[0]), text)


def _printable(value: object) -> object:
    """The same; a character that no font has is told by its number, never left out."""
    if isinstance(value, str):
        signs = (each if can_show(each) else f"[U+{ord(each):04X}]" for each in value)
        return _breakable("".join(signs))
    if isinstance(value, Mapping):
        return {name: _printable(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(each) for each in value]
    return value
