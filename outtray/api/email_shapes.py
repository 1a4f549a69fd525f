"""An email as the API tells it: in a list, and whole with all that happened to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Schema

from outtray.api.access import me
from outtray.api.explanations import ExplanationShape
from outtray.api.unknown_shapes import UnknownShape
from outtray.diagnosis.kept import explain_kept
from outtray.lib import clock
from outtray.outbox import standstill
from outtray.outbox.ahead import ahead_of
from outtray.outbox.events import SENTENCES, Code
from outtray.outbox.models import Email, Enclosure
from outtray.outbox.states import Lane
from outtray.outbox.why import why_not_sent
from outtray.returns.facts import facts_of


class WaitingShape(Schema):
    """What an email waits for, and until when if that is known."""

    code: str
    sentence: str
    until: datetime | None


class EmailShape(Schema):
    """One row of the Email Queue. `reply` is the server's answer to the last attempt."""

    id: UUID
    state: str
    subject: str
    to: str
    party_name: str
    mailbox_id: UUID
    sender: str
    message_id: str
    lane: str
    accepted_at: datetime
    due_at: datetime
    state_since: datetime
    settled_at: datetime | None
    tries: int
    waiting: WaitingShape | None
    document_ids: list[UUID]


class RecipientShape(Schema):
    """One address, why it is there, and what became of it."""

    kind: str
    address: str
    name: str
    reason: str
    state: str
    reply: str
    settled_at: datetime | None
    explanation: ExplanationShape | None


class EnclosureShape(Schema):
    """A file that the email carries."""

    filename: str
    content_type: str
    size: int
    document_id: UUID | None


class AttemptShape(Schema):
    """One try. `transcript` is the conversation with the server, without secrets."""

    number: int
    phase: str
    server: str
    started_at: datetime
    ended_at: datetime | None
    result: str
    reply: str
    transcript: str


class EventShape(Schema):
    """One line of the email's history."""

    at: datetime
    code: str
    sentence: str
    by: str | None
    detail: dict[str, Any]


class WrittenWith(Schema):
    """The template that gave an email its words, in the version of that time."""

    template_id: UUID
    name: str
    language: str
    number: int


class WholeEmail(EmailShape):
    """An email with its recipients, files, attempts and history.

    `unknown` says what is known of one whose end is not. `template` is null for the built-in
    words and for your own. `resend_of` is the email that this one repeats or corrects.
    """

    template: WrittenWith | None
    resend_of: UUID | None
    recipients: list[RecipientShape]
    enclosures: list[EnclosureShape]
    attempts: list[AttemptShape]
    events: list[EventShape]
    explanation: ExplanationShape | None
    unknown: UnknownShape | None


def found(request: HttpRequest, email_id: UUID) -> Email:
    """The email, if this key's person may see it."""
    return get_object_or_404(Email.objects.visible_to(me(request)), pk=email_id)


def email_shapes(emails: Sequence[Email]) -> list[dict[str, Any]]:
    """Emails for a list. Their mailbox and enclosures should come with them."""
    at = clock.now()
    is_held, ahead = standstill.is_held(), ahead_of(emails, at=at)
    return [_shape(email, at, is_held=is_held, ahead=ahead.get(email.pk)) for email in emails]


def with_enclosures() -> Prefetch[Any]:
    """The documents of emails, without their files."""
    return Prefetch("enclosures", queryset=Enclosure.objects.order_by("pk"))


def _written_with(email: Email) -> dict[str, object] | None:
    version = email.template_version
    if version is None:
        return None
    return {
        "template_id": version.template_id,
        "name": version.template.name,
        "language": version.language,
        "number": version.number,
    }


def whole_email(email_id: UUID) -> dict[str, Any]:
    """One email with all that belongs to it, as it is now."""
    related = ("mailbox__quota", "template_version__template")
    email = Email.objects.select_related(*related).get(pk=email_id)
    at = clock.now()
    ahead = ahead_of([email], at=at).get(email.pk)
    return {
        **_shape(email, at, is_held=standstill.is_held(), ahead=ahead),
        "template": _written_with(email),
        "resend_of": email.resend_of_id,
        "recipients": [
            {
                **_read(recipient, RecipientShape, but=("explanation",)),
                "explanation": _explained(email, recipient.failure),
            }
            for recipient in email.recipients.all()
        ],
        "enclosures": list(email.enclosures.order_by("pk")),
        "attempts": list(email.attempts.all()),
        "events": [
            {
                **_read(event, EventShape, but=("by", "sentence")),
                "sentence": SENTENCES.get(Code(event.code), event.code),
                "by": event.by.name if event.by else None,
            }
            for event in email.events.select_related("by")
        ],
        "explanation": _explained(email, email.last_failure),
        "unknown": facts.to_json() if (facts := facts_of(email)) else None,
    }


def _shape(email: Email, at: datetime, *, is_held: bool, ahead: int | None) -> dict[str, Any]:
    own = ("to", "sender", "lane", "waiting", "document_ids")
    waiting = why_not_sent(email, at=at, is_held=is_held, ahead=ahead)
    return {
        **_read(email, EmailShape, but=own),
        "to": email.to_summary,
        "sender": email.from_address,
        "lane": Lane(email.lane).name.lower(),
        "waiting": waiting and {name: getattr(waiting, name) for name in waiting.__slots__},
        "document_ids": [
            enclosure.document_id for enclosure in email.enclosures.all() if enclosure.document_id
        ],
    }


def _read(row: object, shape: type[Schema], *, but: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in shape.model_fields if name not in but}


def _explained(email: Email, failure: Mapping[str, Any] | None) -> dict[str, Any] | None:
    told = explain_kept(failure, email.mailbox)
    return told.to_json() if told else None
