"""Cancel an email, which is also how sending is undone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from outtray.outbox.events import Code
from outtray.outbox.late import too_late
from outtray.outbox.move import move, move_all
from outtray.outbox.states import State
from outtray.people.models import Person

AT_ONCE = 500


def cancel(email_id: UUID, *, by: Person | None, at: datetime) -> None:
    """See to it that the email is never sent. Raises Refused (too_late) if it may have been."""
    for before in (State.QUEUED, State.HELD):
        if move(email_id, (before, State.CANCELLED), Code.CANCELLED, at=at, by=by):
            return
    raise too_late(email_id, "cancelled")


def cancel_all(email_ids: Iterable[UUID], *, by: Person | None, at: datetime) -> int:
    """Cancel those of these emails that have not left; say how many. All at the same moment."""
    wanted, cancelled = list(email_ids), 0
    with transaction.atomic():
        for start in range(0, len(wanted), AT_ONCE):
            for before in (State.QUEUED, State.HELD):
                some, arrow = wanted[start : start + AT_ONCE], (before, State.CANCELLED)
                cancelled += len(move_all(some, arrow, Code.CANCELLED, at=at, by=by))
    return cancelled
