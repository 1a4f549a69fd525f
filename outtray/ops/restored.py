"""A database that was restored from a backup starts on hold.

What was queued when the copy was made may have been sent since, and a copy cannot know.
Sending it again is for a person to decide.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.db.models import Max

from outtray.outbox.hold import hold
from outtray.outbox.models import Email
from outtray.outbox.recover import recover
from outtray.outbox.states import State

# Stands in the copy's `user_version`, which SQLite leaves to its users.
COPY = 0x0C0B
WHY = "Restored from a backup: it may have been sent since the backup was made."


def hold_if_restored(*, at: datetime) -> int:
    """Put all that a copy has queued on hold, once; say how many those are."""
    if connection.vendor != "sqlite" or _mark() != COPY:
        return 0
    claimed = Email.objects.filter(state=State.SENDING).aggregate(last=Max("claim_until"))["last"]
    recover(at=max(claimed, at) if claimed else at)
    queued = list(Email.objects.filter(state=State.QUEUED).values_list("pk", flat=True))
    for email_id in queued:
        hold(email_id, by=None, at=at, reason=WHY)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA user_version = 0")
    return len(queued)


def _mark() -> int:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA user_version")
        (mark,) = cursor.fetchone()
    return int(mark)
