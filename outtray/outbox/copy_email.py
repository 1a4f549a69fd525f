"""An email once more, as a new one that is linked to the first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from outtray.lib.ids import new_id
from outtray.outbox.events import Code
from outtray.outbox.models import Email, Enclosure, Event, Recipient
from outtray.outbox.states import Lane, Reason
from outtray.outbox.waking import wake_for
from outtray.people.models import Person


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who gets the new one, and why."""

    kind: str
    address: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class NewMessage:
    """The bytes of the new email, stored already."""

    message_id: str
    blob: str
    size: int

    @classmethod
    def kept(cls, content: bytes, message_id: str) -> NewMessage:
        """Store these bytes."""
        return cls(message_id, settings.BLOBS.put(content), len(content))


def copy_email(
    old: Email,
    message: NewMessage,
    receivers: Sequence[Receiver],
    *,
    by: Person | None,
    due_at: datetime,
    reason: Reason = Reason.NONE,
    at: datetime,
) -> Email:
    """Queue the new email with all that the old one carried. Belongs into a transaction."""
    again = Email.objects.create(
        id=new_id(),
        company_id=old.company_id,
        mailbox_id=old.mailbox_id,
        accepted_by=by,
        accepted_at=at,
        resend_of=old,
        message_id=message.message_id,
        message=message.blob,
        message_size=message.size,
        envelope_sender=old.envelope_sender,
        from_name=old.from_name,
        from_address=old.from_address,
        subject=old.subject,
        to_summary=_summary(receivers),
        party_name=old.party_name,
        template_version_id=old.template_version_id,
        lane=Lane.INTERACTIVE,
        due_at=due_at,
        first_due_at=due_at,
        reason=reason,
        state_since=at,
    )
    Recipient.objects.bulk_create(_recipients(again, receivers))
    Enclosure.objects.bulk_create(_enclosures(again, old))
    Event.objects.create(email=again, code=Code.ACCEPTED, at=at, by=by)
    wake_for(again.pk)
    return again


def _recipients(again: Email, receivers: Sequence[Receiver]) -> Iterator[Recipient]:
    for position, each in enumerate(receivers):
        yield Recipient(
            email=again,
            position=position,
            kind=each.kind,
            address=each.address,
            name=each.name,
            reason=each.reason[:200],
        )


def _enclosures(again: Email, old: Email) -> Iterator[Enclosure]:
    for each in old.enclosures.order_by("pk"):
        yield Enclosure(
            email=again,
            document_id=each.document_id,
            revision=each.revision,
            filename=each.filename,
            content_type=each.content_type,
            content=each.content,
            size=each.size,
        )


def _summary(receivers: Sequence[Receiver]) -> str:
    first, more = receivers[0], len(receivers) - 1
    shown = first.name or first.address
    return f"{shown[:380]} +{more}" if more else shown[:400]
