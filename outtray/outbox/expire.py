"""Emails that must not go after a certain time."""

from __future__ import annotations

from datetime import datetime

from outtray.outbox.events import Code
from outtray.outbox.models import Email
from outtray.outbox.move import move
from outtray.outbox.states import State


def expire(*, at: datetime) -> int:
    """End every waiting email whose `not_after` has passed; say how many."""
    late = Email.objects.filter(state__in=(State.QUEUED, State.HELD), not_after__lte=at)
    return sum(
        move(pk, (State(state), State.EXPIRED), Code.EXPIRED, at=at)
        for pk, state in late.values_list("pk", "state")
    )
