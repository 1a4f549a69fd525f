"""Cancel an email, which is also how sending is undone."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from outtray.outbox.events import Code
from outtray.outbox.late import too_late
from outtray.outbox.move import move
from outtray.outbox.states import State
from outtray.people.models import Person


def cancel(email_id: UUID, *, by: Person | None, at: datetime) -> None:
    """See to it that the email is never sent. Raises Refused (too_late) if it may have been."""
    for before in (State.QUEUED, State.HELD):
        if move(email_id, (before, State.CANCELLED), Code.CANCELLED, at=at, by=by):
            return
    raise too_late(email_id, "cancelled")
