"""Where a mailbox stands in its pace at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from outtray.mailboxes.models import Mailbox, Quota
from outtray.mailboxes.pace import Pace, Used, in_force, limits_of, used


@dataclass(frozen=True, slots=True)
class QuotaNow:
    """The pace in force and what is used of it.

    Until `rest_until` it lets nothing of the bulk leave. `slowed_to` is the messages a minute
    that complaints have taught, as long as that is less than the limit.
    """

    pace: Pace
    used: Used
    rest_until: datetime | None
    slowed_to: int | None
    slowed_at: datetime | None


def quota_now(mailbox: Mailbox, *, at: datetime) -> QuotaNow:
    """Reads the quota with the mailbox; one that never sent has none yet."""
    quota: Quota | None = getattr(mailbox, "quota", None)
    limits = limits_of(mailbox)
    pace = in_force(limits, quota, at=at)
    rest_until = quota.rest_until if quota else None
    is_slowed = pace != limits
    return QuotaNow(
        pace=pace,
        used=used(quota, at=at),
        rest_until=rest_until if rest_until and rest_until > at else None,
        slowed_to=pace.messages_per_minute if is_slowed else None,
        slowed_at=quota.slowed_at if quota and is_slowed else None,
    )
