"""What a document knows of its emails: who sent it, when, to whom, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from outtray.documents.models import Document
from outtray.outbox.correct import OVER
from outtray.outbox.models import Email, Recipient
from outtray.outbox.states import RecipientState, State
from outtray.people.models import Membership
from outtray.web.queue_rows import QueueRow, rows_of

_MOST = 20
_MOST_RECIPIENTS = 5


@dataclass(frozen=True, slots=True)
class Sending:
    """One email of a document, with the first of its recipients."""

    row: QueueRow
    by: str
    recipients: list[Recipient]
    more: int
    can_correct: bool


def sendings_of(
    document: Document, membership: Membership, *, is_held: bool, at: datetime
) -> Iterator[Sending]:
    """The newest emails that this person sees, the last one first."""
    visible = Email.objects.visible_to(membership).filter(enclosures__document=document)
    newest = visible.distinct().select_related("mailbox", "accepted_by").order_by("-pk")
    emails = list(newest.prefetch_related("recipients")[:_MOST])
    for row in rows_of(emails, is_held=is_held, at=at):
        everybody = sorted(row.email.recipients.all(), key=lambda each: each.position)
        yield Sending(
            row,
            row.email.accepted_by.name if row.email.accepted_by else "",
            everybody[:_MOST_RECIPIENTS],
            max(0, len(everybody) - _MOST_RECIPIENTS),
            can_correct=_can_correct(row.email, everybody),
        )


def _can_correct(email: Email, recipients: list[Recipient]) -> bool:
    """Some have not got it, and it has come to its end."""
    is_over = email.state in OVER and email.state != State.CANCELLED
    return is_over and any(each.state == RecipientState.FAILED for each in recipients)
