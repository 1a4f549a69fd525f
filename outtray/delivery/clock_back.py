"""A clock that was ahead, once it is put right, has left times behind that lie far ahead.

A machine that wakes up in 2030 and is put right a minute later would try again in 2030 what
was refused in that minute. Such rows tell it themselves: they have stood as they are since a
time that is still to come. What waits in them is then due now.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from outtray.mailboxes.models import Health, Mailbox, Quota
from outtray.outbox.events import Code
from outtray.outbox.models import Email, EmailQuerySet, Recipient
from outtray.outbox.move import record
from outtray.outbox.states import Reason, RecipientState, State

# Machines that share a database differ by less.
MARGIN = timedelta(minutes=2)
WHY = "The clock of the machine was ahead when this time was set."

_OURS = (Reason.NONE, Reason.RETRY, Reason.MAILBOX)
# No limit of a mailbox is counted over more than a day.
_LONGEST_REST = timedelta(days=1)


def has_left_times(at: datetime) -> bool:
    """Whether anything waits for a time that a wrong clock has set."""
    return any(found.exists() for found in (_emails(at), _mailboxes(at), _quotas(at)))


def draw_in(at: datetime) -> None:
    """Have all of it due now. Times that a person chose stay as they are."""
    for email_id in _emails(at).values_list("pk", flat=True):
        _draw_in(email_id, at)
    _mailboxes(at).update(paused_at=at, paused_until=at)
    _quotas(at).update(rest_until=None)


def _draw_in(email_id: UUID, at: datetime) -> None:
    waiting = Recipient.objects.filter(email=email_id, state=RecipientState.WAITING)
    with transaction.atomic():
        changed = _emails(at).filter(pk=email_id)
        if changed.update(due_at=at, first_due_at=at, state_since=at):
            waiting.filter(again_at__gt=at).update(again_at=at)
            record(email_id, Code.RESCHEDULED, at=at, detail={"why": WHY})


def _emails(at: datetime) -> EmailQuerySet:
    ahead = Q(state_since__gt=at + MARGIN, due_at__gt=at + MARGIN)
    return Email.objects.filter(ahead, state=State.QUEUED, reason__in=_OURS)


def _mailboxes(at: datetime) -> QuerySet[Mailbox]:
    return Mailbox.objects.filter(
        health=Health.PAUSED, paused_at__gt=at + MARGIN, paused_until__gt=at + MARGIN
    )


def _quotas(at: datetime) -> QuerySet[Quota]:
    return Quota.objects.filter(rest_until__gt=at + _LONGEST_REST + MARGIN)
