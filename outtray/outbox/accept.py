"""Take a letter into the Email Queue: from here on it is ours, and never changes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, OperationalError

from outtray.compose.attachments.letter_file import LetterFile
from outtray.compose.letter import Letter
from outtray.compose.message import Message, build
from outtray.compose.rules.recipients import Addressee
from outtray.lib.disk import is_full
from outtray.lib.errors import Refused
from outtray.mail.headers import HeaderError
from outtray.mail.message_id import new_message_id
from outtray.mailboxes.models import Mailbox
from outtray.mailboxes.waking import wake_mailbox
from outtray.outbox import rows
from outtray.outbox.events import Code
from outtray.outbox.models import Email, Enclosure, Event, Recipient
from outtray.outbox.states import Lane, Reason, RecipientState
from outtray.outbox.together import alone
from outtray.people.models import Person

MAX_RECIPIENTS = 100  # RFC 5321 §4.5.3.1.8: a server must take at least this many
MAX_TOGETHER = 200  # letters under one key


@dataclass(frozen=True, slots=True)
class Terms:
    """How a letter is to be sent: by whom, when, in which lane, under which key."""

    at: datetime
    by: Person | None = None
    due_at: datetime | None = None
    reason: Reason = Reason.NONE
    lane: Lane = Lane.INTERACTIVE
    not_after: datetime | None = None
    key: str | None = None
    fingerprint: str = ""
    resend_of: Email | None = None


@dataclass(frozen=True, slots=True)
class KeptFile:
    """What is remembered of a file beside its bytes: `digest` is their SHA-256."""

    filename: str
    content_type: str
    digest: str
    size: int
    document_id: UUID | None
    revision: int


@dataclass(frozen=True, slots=True)
class Written:
    """A letter and its message, which are stored nowhere yet, and the digests of its files."""

    letter: Letter
    message: Message
    mailbox: Mailbox
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A letter whose bytes are made and stored as `blob`, and which no row knows yet.

    What the bytes hold is no longer read from `letter`.
    """

    letter: Letter
    message_id: str
    envelope_sender: str
    size: int
    mailbox: Mailbox
    blob: str
    files: tuple[KeptFile, ...]


def accept(letter: Letter, *, mailbox: Mailbox, terms: Terms) -> Email:
    """Take one letter for good: on return it is on disk.

    The same key with the same fingerprint answers the email that is already there. Raises
    Refused for the same key with another fingerprint, and where there is no room.
    """
    return accept_all([prepare(letter, mailbox=mailbox, at=terms.at)], terms)[0]


def prepare(letter: Letter, *, mailbox: Mailbox, at: datetime) -> Prepared:
    """Make the message and store its bytes. Costs nothing if it is never accepted."""
    return prepare_all([(letter, mailbox)], at=at)[0]


def prepare_all(letters: Sequence[tuple[Letter, Mailbox]], *, at: datetime) -> list[Prepared]:
    """Make all these messages and store their bytes together. Refused are all or none."""
    return keep_all([write(letter, mailbox=mailbox, at=at) for letter, mailbox in letters])


def write(letter: Letter, *, mailbox: Mailbox, at: datetime) -> Written:
    """Make the message. Raises Refused for a letter that no email can be made of."""
    require_fit(letter)
    message_id = new_message_id(letter.sender.address.domain)
    try:
        message = build(letter, message_id=message_id, date=at)
    except HeaderError as wrong:
        raise Refused("bad_header", f"This cannot be written as an email: {wrong}.") from wrong
    return Written(letter, message, mailbox, tuple(map(_digest, letter.enclosures)))


def keep_all(letters: Sequence[Written]) -> list[Prepared]:
    """Store the bytes of these messages together. Raises Refused where there is no room."""
    try:
        blobs = settings.BLOBS.put_all([each.message.content for each in letters])
    except OSError as problem:
        raise _no_room(problem) from problem
    return [_prepared(each, blob) for each, blob in zip(letters, blobs, strict=True)]


def _prepared(written: Written, blob: str) -> Prepared:
    message = written.message
    return Prepared(
        letter=written.letter,
        message_id=message.message_id,
        envelope_sender=str(message.envelope.sender),
        size=len(message.content),
        mailbox=written.mailbox,
        blob=blob,
        files=tuple(map(_kept, written.letter.enclosures, written.files)),
    )


def _kept(file: LetterFile, digest: str) -> KeptFile:
    return KeptFile(
        filename=file.filename,
        content_type=file.content_type,
        digest=digest,
        size=len(file.content),
        document_id=file.document.pk if file.document else None,
        revision=file.document.revision if file.document else 1,
    )


def require_fit(letter: Letter) -> None:
    """Refuse a letter that no email can be made of."""
    if len(letter.recipients) > MAX_RECIPIENTS:
        raise Refused(
            "too_many_recipients", f"One email can have at most {MAX_RECIPIENTS} recipients."
        )


def _digest(file: LetterFile) -> str:
    return hashlib.sha256(file.content).hexdigest()


def accept_each(letters: Sequence[Prepared], terms: Terms, keys: Sequence[str]) -> list[Email]:
    """Take all of these, or none, each under a key of its own that nobody has used."""
    try:
        return _store(letters, terms, keys)
    except OperationalError as problem:
        raise _no_room(problem) from problem


def accept_all(letters: Sequence[Prepared], terms: Terms) -> list[Email]:
    """Take all of these, or none. Several letters under one key are numbered within it."""
    assert terms.key is None or len(letters) <= MAX_TOGETHER, "a key is for so many letters"
    keys = [_key(terms.key, number) for number in range(len(letters))]
    if terms.key is not None and (known := _known(letters, terms)):
        return known
    try:
        return _store(letters, terms, keys)
    except IntegrityError:
        # Somebody else used the key between our look and our write.
        if terms.key is not None and (known := _known(letters, terms)):
            return known
        raise
    except OperationalError as problem:
        raise _no_room(problem) from problem


def known_by_key(company_id: UUID, key: str, fingerprint: str) -> list[Email]:
    """The emails that an earlier request with this key made, in their order.

    Raises Refused if that request asked for something else.
    """
    mine = Email.objects.filter(company_id=company_id)
    if not mine.filter(idempotency_key=key).exists():
        return []
    # Each by its name: a search by the beginning would walk through all of the company's emails.
    names = [_key(key, number) for number in range(MAX_TOGETHER)]
    emails = sorted(mine.filter(idempotency_key__in=names), key=_place)
    if any(email.request_fingerprint != fingerprint for email in emails):
        raise Refused(
            "idempotency_key_reused",
            "This Idempotency-Key was used for another request. Take a new key.",
            field="Idempotency-Key",
        )
    return emails


def _known(letters: Sequence[Prepared], terms: Terms) -> list[Email]:
    return known_by_key(letters[0].mailbox.company_id, terms.key or "", terms.fingerprint)


def _store(letters: Sequence[Prepared], terms: Terms, keys: Sequence[str | None]) -> list[Email]:
    emails = [_email(letter, terms, key) for letter, key in zip(letters, keys, strict=True)]
    pairs = list(zip(emails, letters, strict=True))
    insertions = (
        rows.insertion(Email, *map(rows.values, emails)),
        rows.insertion(Recipient, *(row for pair in pairs for row in _recipients(*pair))),
        rows.insertion(Enclosure, *(row for pair in pairs for row in _enclosures(*pair))),
        rows.insertion(Event, *(_event(email, terms) for email in emails)),
    )
    with alone():
        for insert in insertions:
            insert()
        for mailbox_id, company_id in {(email.mailbox_id, email.company_id) for email in emails}:
            wake_mailbox(mailbox_id, company_id, urgent=terms.lane == Lane.INTERACTIVE)
    for email in emails:
        email._state.adding, email._state.db = False, "default"
    return emails


def _email(prepared: Prepared, terms: Terms, key: str | None) -> Email:
    letter, mailbox = prepared.letter, prepared.mailbox
    due_at = terms.due_at or terms.at
    return Email(
        company_id=mailbox.company_id,
        mailbox=mailbox,
        accepted_by=terms.by,
        accepted_at=terms.at,
        resend_of=terms.resend_of,
        idempotency_key=key,
        request_fingerprint=terms.fingerprint,
        message_id=prepared.message_id,
        message=prepared.blob,
        message_size=prepared.size,
        envelope_sender=prepared.envelope_sender,
        from_name=letter.sender.name,
        from_address=str(letter.sender.address),
        subject=letter.subject,
        to_summary=_summary(letter.recipients),
        party_name=letter.party_name,
        template_version_id=letter.template_version,
        lane=terms.lane,
        not_after=terms.not_after,
        due_at=due_at,
        first_due_at=due_at,
        reason=terms.reason,
        state_since=terms.at,
    )


def _key(key: str | None, number: int) -> str | None:
    if key is None or number == 0:
        return key
    return f"{key}\x1f{number:06}"


def _place(email: Email) -> str:
    """Its number behind the key; the first has the key alone."""
    return (email.idempotency_key or "").partition("\x1f")[2]


def _summary(recipients: Sequence[Addressee]) -> str:
    first, more = recipients[0].address, len(recipients) - 1
    shown = first.name or str(first.address)
    return f"{shown[:380]} +{more}" if more else shown[:400]


def _recipients(email: Email, prepared: Prepared) -> Iterator[rows.Values]:
    for position, addressee in enumerate(prepared.letter.recipients):
        yield {
            "email_id": email.pk,
            "position": position,
            "kind": addressee.kind,
            "address": str(addressee.address.address),
            "name": addressee.address.name[:200],
            "reason": addressee.reason[:200],
            "state": RecipientState.WAITING,
            "reply": "",
            "failure": None,
            "tries": 0,
            "again_at": None,
            "settled_at": None,
        }


def _enclosures(email: Email, prepared: Prepared) -> Iterator[rows.Values]:
    for file in prepared.files:
        yield {
            "email_id": email.pk,
            "document_id": file.document_id,
            "revision": file.revision,
            "filename": file.filename,
            "content_type": file.content_type,
            "content": file.digest,
            "size": file.size,
        }


def _event(email: Email, terms: Terms) -> rows.Values:
    return {
        "email_id": email.pk,
        "code": Code.ACCEPTED,
        "at": terms.at,
        "by_id": terms.by.pk if terms.by else None,
        "detail": {},
    }


def _no_room(problem: OSError | OperationalError) -> Exception:
    """A full disk is said in words; anything else stays what it is."""
    if not is_full(problem):
        return problem
    return Refused("disk_full", "The disk is full: nothing was added to the Email Queue.")
