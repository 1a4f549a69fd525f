"""Give a waiting email another time, or send it at once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from outtray.outbox.events import Code
from outtray.outbox.late import too_late
from outtray.outbox.models import Email
from outtray.outbox.move import record
from outtray.outbox.states import Lane, Reason, State
from outtray.outbox.waking import wake_for
from outtray.people.models import Person


def reschedule(email_id: UUID, *, due_at: datetime, by: Person | None, at: datetime) -> None:
    """Set when a waiting email is due. Raises Refused if it no longer waits."""
    reason = Reason.SCHEDULED if due_at > at else Reason.NONE
    _set_time(email_id, by=by, at=at, due_at=due_at, first_due_at=due_at, reason=reason)


def send_now(email_id: UUID, *, by: Person | None, at: datetime) -> None:
    """Make a waiting email due at once, before the bulk. Raises Refused if it no longer waits."""
    _set_time(
        email_id,
        by=by,
        at=at,
        due_at=at,
        first_due_at=at,
        reason=Reason.NONE,
        lane=Lane.INTERACTIVE,
    )


def _set_time(
    email_id: UUID, *, by: Person | None, at: datetime, due_at: datetime, **fields: object
) -> None:
    with transaction.atomic():
        waiting = Email.objects.filter(pk=email_id, state=State.QUEUED)
        if not waiting.update(due_at=due_at, reason_detail="", **fields):
            raise too_late(email_id, "given another time")
        record(email_id, Code.RESCHEDULED, at=at, by=by, detail={"due_at": due_at.isoformat()})
        wake_for(email_id)
