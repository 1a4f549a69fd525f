"""Put an email on hold, and release it again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from outtray.lib.errors import Refused
from outtray.outbox.events import Code
from outtray.outbox.late import too_late
from outtray.outbox.models import Email
from outtray.outbox.move import move
from outtray.outbox.states import Reason, State
from outtray.outbox.waking import wake_for
from outtray.people.models import Person


def hold(email_id: UUID, *, by: Person | None, at: datetime, reason: str = "") -> None:
    """Keep a queued email back until somebody releases it. Raises Refused if it is too late."""
    held = move(
        email_id,
        (State.QUEUED, State.HELD),
        Code.HELD,
        at=at,
        by=by,
        detail={"why": reason} if reason else None,
        reason=Reason.PERSON,
        reason_detail=reason[:500],
    )
    if not held:
        raise too_late(email_id, "put on hold")


def release(email_id: UUID, *, by: Person | None, at: datetime) -> None:
    """Let a held email go at its due time. Raises Refused if it is not on hold."""
    email = Email.objects.get(pk=email_id)
    reason = Reason.SCHEDULED if email.due_at > at else Reason.NONE
    with transaction.atomic():
        released = move(
            email_id,
            (State.HELD, State.QUEUED),
            Code.RELEASED,
            at=at,
            by=by,
            reason=reason,
            reason_detail="",
        )
        if not released:
            raise Refused("not_held", "This email is not on hold.")
        wake_for(email_id)
