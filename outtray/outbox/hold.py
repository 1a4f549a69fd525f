"""Put an email on hold, and release it again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from outtray.lib.errors import Refused
from outtray.mailboxes.waking import wake_mailbox
from outtray.outbox.events import Code
from outtray.outbox.late import too_late
from outtray.outbox.models import Email
from outtray.outbox.move import move, move_all
from outtray.outbox.states import Reason, State
from outtray.outbox.waking import wake_for
from outtray.people.models import Person

PAUSED_RUN = "its run is paused"


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


def hold_all(email_ids: Iterable[UUID], *, at: datetime) -> int:
    """Keep back those of a run's emails that are queued, until the run goes on; say how many."""
    with transaction.atomic():
        held = move_all(
            email_ids,
            (State.QUEUED, State.HELD),
            Code.HELD,
            at=at,
            detail={"why": PAUSED_RUN},
            reason=Reason.RUN,
            reason_detail=PAUSED_RUN,
        )
    return len(held)


def release_all(email_ids: Iterable[UUID], *, at: datetime) -> int:
    """Let go those of a run's emails that only its pause kept back; say how many."""
    mine = Email.objects.filter(pk__in=list(email_ids), state=State.HELD, reason=Reason.RUN)
    released = 0
    with transaction.atomic():
        senders = set(mine.values_list("mailbox_id", "company_id"))
        for emails, reason in (
            (mine.filter(due_at__gt=at), Reason.SCHEDULED),
            (mine.filter(due_at__lte=at), Reason.NONE),
        ):
            let_go = move_all(
                list(emails.values_list("pk", flat=True)),
                (State.HELD, State.QUEUED),
                Code.RELEASED,
                at=at,
                reason=reason,
                reason_detail="",
            )
            released += len(let_go)
        for mailbox_id, company_id in senders:
            wake_mailbox(mailbox_id, company_id)
    return released
