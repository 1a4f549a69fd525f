"""Letters that a program has written itself, taken into the Email Queue many at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Header, Router
from ninja.responses import Status

from outtray.api.access import me
from outtray.api.emails import Key
from outtray.api.letter_shapes import LetterIn, NewLetters, TakenLetters, finished
from outtray.api.problems import problem, status_of
from outtray.compose.by_hand.finished import finish
from outtray.compose.letter import reply_to_of, sender_of
from outtray.documents.models import Document
from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.mailboxes.models import Mailbox, Whose
from outtray.outbox.accept import Terms, Written, accept_all, keep_all, known_by_key, write
from outtray.outbox.hold import hold
from outtray.outbox.models import Email
from outtray.outbox.states import Lane, Reason, State
from outtray.people.models import Membership

router = Router(tags=["Emails"])

_LETTERS = {"letters"}
_CONTENTS = {"attachments": {"__all__": {"content"}}}


@router.post("", response={201: TakenLetters}, operation_id="create_letters")
def create(
    request: HttpRequest,
    wanted: NewLetters,
    idempotency_key: Annotated[Key | None, Header(alias="Idempotency-Key")] = None,
) -> Any:
    """Add finished letters to the Email Queue, up to 100 in one request.

    A letter that cannot go is answered with its problem and stops no other. With an
    Idempotency-Key a repeated request answers the emails of the first one and sends nothing
    twice; the same key with another body is refused. What was sent before is not asked about:
    the program that writes the letters knows.
    """
    membership, at = me(request), clock.now()
    mailbox = _mailbox(membership, wanted.mailbox)
    written = _written(wanted.letters, mailbox, _documents(membership, wanted.letters), at=at)
    fit = [each for each in written if isinstance(each, Written)]
    if not fit:
        return _none([each for each in written if isinstance(each, Refused)])
    fingerprint = _fingerprint(membership, wanted, written) if idempotency_key else ""
    terms = _terms(membership, wanted, at=at, key=idempotency_key, fingerprint=fingerprint)
    emails = iter(_taken(fit, terms, is_held=wanted.hold))
    return Status(201, {"items": [_item(each, emails) for each in written]})


def _mailbox(membership: Membership, wanted: UUID | None) -> Mailbox:
    usable = Mailbox.objects.usable_by(membership).select_related("owner", "company")
    if wanted:
        found = usable.filter(pk=wanted).first()
        problem = Refused("unknown_mailbox", f"There is no mailbox {wanted}.", field="mailbox")
    else:
        found = usable.filter(whose=Whose.USER, owner_id=membership.person_id).first()
        problem = Refused(
            "no_sender",
            "You have no User Email. Set it up under User Email Setup, or name a mailbox.",
            field="mailbox",
        )
    if found is None:
        raise problem
    return found


def _documents(membership: Membership, letters: Sequence[LetterIn]) -> dict[UUID, Document]:
    """Those that the attachments show. An unknown one refuses the whole request."""
    named = {
        file.document: f"letters[{number}].attachments[{position}].document"
        for number, letter in enumerate(letters)
        for position, file in enumerate(letter.attachments)
        if file.document
    }
    if not named:
        return {}
    visible = Document.objects.visible_to(membership).only("pk", "revision")
    known = visible.in_bulk(list(named))
    for document_id, field in named.items():
        if document_id not in known:
            raise Refused("unknown_document", f"There is no document {document_id}.", field=field)
    return known


def _written(
    letters: Sequence[LetterIn],
    mailbox: Mailbox,
    documents: Mapping[UUID, Document],
    *,
    at: datetime,
) -> list[Written | Refused]:
    """The message of each letter, or why there is none."""
    sender, reply_to = sender_of(mailbox, mailbox.company), reply_to_of(mailbox)
    written: list[Written | Refused] = []
    for each in letters:
        try:
            letter = finish(finished(each, documents), sender=sender, reply_to=reply_to)
            written.append(write(letter, mailbox=mailbox, at=at))
        except Refused as refused:
            written.append(refused)
    return written


def _fingerprint(
    membership: Membership, wanted: NewLetters, written: Sequence[Written | Refused]
) -> str:
    """What was asked, by whom, and which of it can go: so the same emails are the same letters.

    Of files that go the digests are known, which are quicker to read than the files.
    """
    digest = hashlib.sha256(f"{membership.pk} {wanted.model_dump_json(exclude=_LETTERS)}".encode())
    for letter, each in zip(wanted.letters, written, strict=True):
        if isinstance(each, Written):
            digest.update(f"{each.files} {letter.model_dump_json(exclude=_CONTENTS)}".encode())
        else:
            digest.update(f"{each.code} {letter.model_dump_json()}".encode())
    return digest.hexdigest()


def _terms(
    membership: Membership, wanted: NewLetters, *, at: datetime, key: str | None, fingerprint: str
) -> Terms:
    is_later = wanted.due_at is not None and wanted.due_at > at
    return Terms(
        at=at,
        by=membership.person,
        due_at=wanted.due_at if is_later else at,
        reason=Reason.SCHEDULED if is_later else Reason.NONE,
        lane=Lane[wanted.lane.upper()],
        not_after=wanted.not_after,
        key=key,
        fingerprint=fingerprint,
    )


def _taken(letters: Sequence[Written], terms: Terms, *, is_held: bool) -> list[Email]:
    """The emails of the letters, in their order; those of the first request, if it was repeated."""
    company_id = letters[0].mailbox.company_id
    if terms.key and (known := known_by_key(company_id, terms.key, terms.fingerprint)):
        return known
    prepared = keep_all(letters)
    if not is_held:
        return accept_all(prepared, terms)
    # In one transaction, so that no worker takes one before it is held.
    with transaction.atomic():
        emails = accept_all(prepared, terms)
        for email in emails:
            if email.accepted_at == terms.at:
                hold(email.pk, by=terms.by, at=terms.at)
                email.state = State.HELD
    return emails


def _item(written: Written | Refused, emails: Iterator[Email]) -> dict[str, Any]:
    if isinstance(written, Refused):
        return {"email": None, "problem": {"code": written.code, "detail": written.detail}}
    email = next(emails)
    short = {"id": email.pk, "message_id": email.message_id, "state": email.state}
    return {"email": short, "problem": None}


def _none(refused: Sequence[Refused]) -> HttpResponse:
    """All of them are wrong: then so is the request."""
    first = refused[0]
    if len(refused) == 1:
        raise first
    items = [_item(each, iter(())) for each in refused]
    detail = f"None of the {len(refused)} can go out. The first: {first.detail}"
    return problem(status_of(first), first.code, detail, members={"items": items})
