"""Emails: add documents to the Email Queue, list them, read one, and its message."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Header, Query, Router, Schema
from ninja.responses import Status
from pydantic import Field

from outtray.api.access import me
from outtray.api.email_shapes import (
    EmailShape,
    WholeEmail,
    email_shapes,
    found,
    whole_email,
    with_enclosures,
)
from outtray.api.problems import problem, status_of
from outtray.api.values import EInvoiceForm, Moment, Page, PageQuery, Text, page
from outtray.documents.models import Document
from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.mailboxes.models import Mailbox
from outtray.outbox.add_to_queue import Queued, Wishes, add_to_queue
from outtray.outbox.hold import hold
from outtray.outbox.models import Email
from outtray.outbox.queries import EmailFilter
from outtray.outbox.states import Lane
from outtray.people.models import Membership

router = Router(tags=["Emails"])

MOST_DOCUMENTS = 100

StateName = Literal[
    "queued", "held", "sending", "sent", "failed", "unknown", "cancelled", "expired"
]
# Left out where they are not said, so that keys of before know their requests again.
_SINCE_0_2 = ("template", "layout", "recipient", "e_invoice")
Key = Annotated[Text, Field(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$")]

_MESSAGE = {
    "responses": {
        200: {
            "description": "The message, byte for byte as it is or was handed over",
            "content": {"message/rfc822": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


class NewEmails(Schema):
    """Which documents shall go out, and how. What is not chosen is as it is settled.

    `mailbox` wins over the Send From Email and the User Email. `combine` puts all documents
    of one recipient into one email. `again` allows what has been sent already. `hold` keeps
    the emails back until they are released. `template` gives the words to documents of its kind
    (all zeros: the built-in words), `layout` the look of their PDFs. `recipient` is an address
    slot that takes the place of the usual order: contact, billing, bill_to, shipment_update,
    ship_to or main.
    """

    documents: list[UUID] = Field(min_length=1, max_length=MOST_DOCUMENTS)
    mailbox: UUID | None = None
    combine: bool = False
    due_at: Moment | None = None
    not_after: Moment | None = None
    hold: bool = False
    again: bool = False
    lane: Literal["interactive", "bulk"] = "interactive"
    template: UUID | None = None
    layout: UUID | None = None
    recipient: Text = Field("", max_length=30)
    e_invoice: EInvoiceForm = ""


class Refusal(Schema):
    """Why some documents cannot go."""

    code: str
    detail: str


class QueuedShape(Schema):
    """What became of some documents: an email, or the problem that there is none."""

    document_ids: list[UUID]
    email: EmailShape | None
    problem: Refusal | None


class QueuedEmails(Schema):
    """What became of all of them."""

    items: list[QueuedShape]


class EmailQuery(PageQuery):
    """Which emails: in these states, of a mailbox, with a document, with a text in them."""

    state: list[StateName] = Field([], max_length=8)
    mailbox: UUID | None = None
    document: UUID | None = None
    search: Text = Field("", max_length=200)


@router.post("", response={201: QueuedEmails}, operation_id="create_emails")
def create(
    request: HttpRequest,
    wanted: NewEmails,
    idempotency_key: Annotated[Key | None, Header(alias="Idempotency-Key")] = None,
) -> Any:
    """Add documents to the Email Queue.

    With an Idempotency-Key a repeated request answers the emails of the first one and sends
    nothing twice; the same key with another body is refused.
    """
    queued = _queue(me(request), wanted, idempotency_key)
    items = [_queued(each) for each in queued]
    refused = [each.problem for each in queued if each.problem]
    if len(refused) < len(queued):
        return Status(201, {"items": items})
    if len(queued) == 1:
        raise refused[0]
    first = refused[0]
    return problem(status_of(first), first.code, _none(refused), members={"items": items})


@router.get("", response=Page[EmailShape], operation_id="list_emails")
def index(request: HttpRequest, query: Query[EmailQuery]) -> Any:
    """List emails, newest first."""
    narrowed = EmailFilter(tuple(query.state), query.mailbox, query.document, query.search)
    emails = narrowed.apply(Email.objects.visible_to(me(request)))
    emails = emails.select_related("mailbox__quota").prefetch_related(with_enclosures())
    return page(emails, query, email_shapes)


@router.get("/{uuid:email_id}", response=WholeEmail, operation_id="read_email")
def show(request: HttpRequest, email_id: UUID) -> Any:
    """Read one email with its recipients, files, attempts and history."""
    return whole_email(found(request, email_id).pk)


@router.get("/{uuid:email_id}/message", openapi_extra=_MESSAGE, operation_id="read_message")
def message(request: HttpRequest, email_id: UUID) -> HttpResponse:
    """The message itself. It never changes after the email was accepted."""
    content = settings.BLOBS.get(found(request, email_id).message)
    return HttpResponse(content, content_type="message/rfc822")


def _queue(membership: Membership, wanted: NewEmails, key: str | None) -> list[Queued]:
    now = clock.now()
    documents = _documents(membership, wanted.documents)
    wishes = Wishes(
        mailbox=_mailbox(membership, wanted.mailbox),
        template=wanted.template,
        layout=wanted.layout,
        recipient=wanted.recipient,
        e_invoice=wanted.e_invoice,
        combine=wanted.combine,
        due_at=wanted.due_at,
        not_after=wanted.not_after,
        again=wanted.again,
        lane=Lane[wanted.lane.upper()],
        key=key,
        fingerprint=_fingerprint(membership, wanted) if key else "",
    )
    if not wanted.hold:
        return add_to_queue(documents, membership=membership, wishes=wishes, at=now)
    # In one transaction, so that no worker takes one before it is held.
    with transaction.atomic():
        queued = add_to_queue(documents, membership=membership, wishes=wishes, at=now)
        for each in queued:
            if each.email and each.email.accepted_at == now:
                hold(each.email.pk, by=membership.person, at=now)
                each.email.refresh_from_db()
    return queued


def _documents(membership: Membership, wanted: Sequence[UUID]) -> list[Document]:
    """In the order of the request, each once."""
    visible = Document.objects.visible_to(membership).select_related("party", "company")
    known = visible.in_bulk(list(wanted))
    for index, document_id in enumerate(wanted):
        if document_id not in known:
            raise Refused(
                "unknown_document",
                f"There is no document {document_id}.",
                field=f"documents[{index}]",
            )
    return [known[document_id] for document_id in dict.fromkeys(wanted)]


def _mailbox(membership: Membership, wanted: UUID | None) -> Mailbox | None:
    if wanted is None:
        return None
    mailbox = Mailbox.objects.usable_by(membership).filter(pk=wanted).first()
    if mailbox is None:
        raise Refused("unknown_mailbox", f"There is no mailbox {wanted}.", field="mailbox")
    return mailbox


def _fingerprint(membership: Membership, wanted: NewEmails) -> str:
    """What was asked, by whom: a key of one person is no key of another."""
    unsaid = {name for name in _SINCE_0_2 if not getattr(wanted, name)}
    asked = f"{membership.pk} {wanted.model_dump_json(exclude=unsaid)}"
    return hashlib.sha256(asked.encode()).hexdigest()


def _queued(queued: Queued) -> dict[str, Any]:
    refused = queued.problem
    return {
        "document_ids": [document.pk for document in queued.documents],
        "email": email_shapes([queued.email])[0] if queued.email else None,
        "problem": {"code": refused.code, "detail": refused.detail} if refused else None,
    }


def _none(refused: Sequence[Refused]) -> str:
    return f"None of the {len(refused)} can go out. The first: {refused[0].detail}"
