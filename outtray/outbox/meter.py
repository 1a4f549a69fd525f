"""What a mailbox has used of its limits, held while emails are claimed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from outtray.mailboxes import pace
from outtray.mailboxes.models import Mailbox, Quota
from outtray.mailboxes.pace import Allowance
from outtray.outbox import rows
from outtray.outbox.models import Email
from outtray.outbox.states import Lane

_STORED = ("minute", "day", "even_until", "rest_until")


@dataclass(frozen=True, slots=True)
class Meter:
    """The limits in force, what is used of them, and what that allows: locked."""

    limits: pace.Pace
    quota: Quota
    allowance: Allowance
    before: rows.Values

    @staticmethod
    def of(mailbox: Mailbox, *, at: datetime) -> Meter | None:
        """That of a mailbox. None if it has no limits."""
        limits = pace.limits_of(mailbox)
        quota = _locked(mailbox)
        if quota is None and limits.has_limits:
            Quota.objects.get_or_create(mailbox=mailbox)
            quota = _locked(mailbox)
        limits = pace.in_force(limits, quota, at=at)
        if quota is None or not limits.has_limits:
            return None
        before = _kept(quota)
        quota.even_until = pace.rested(quota, limits, at=at)
        allowed = pace.allowance(limits, quota, at=at)
        quota.rest_until = allowed.rest_until
        return Meter(limits, quota, allowed, before)

    def in_time(self, emails: Sequence[Email], *, at: datetime) -> int:
        """How many of these emails, interactive ones first, may leave.

        So far as many were allowed as if the first of the bulk had been due for long.
        """
        by_hand = sum(email.lane == Lane.INTERACTIVE for email in emails)
        if by_hand == len(emails) or self.allowance.bulk is None:
            return len(emails)
        since = emails[by_hand].due_at
        allowed = pace.allowance(self.limits, self.quota, at=at, due_since=since).bulk
        return max(by_hand, min(len(emails), allowed or 0))

    def fitting(self, counts: Sequence[int], *, at: datetime) -> int:
        """How many of these emails, by their recipients, the day has room for.

        An email with more recipients than a whole day goes when the day is untouched.
        """
        left, day = self.allowance.recipients, self.limits.recipients_per_day
        if left is None or day is None:
            return len(counts)
        for place, count in enumerate(counts):
            if min(count, day) > left:
                if place == 0:
                    free = pace.free_for_recipients(self.quota, day, min(count, day), at=at)
                    self.quota.rest_until = free
                return place
            left -= count
        return len(counts)

    def spend(self, emails: Sequence[Email], counts: Sequence[int], *, at: datetime) -> None:
        """Count emails, and their recipients, as sent."""
        bulk = [email.due_at for email in emails if email.lane == Lane.BULK]
        pace.spend(
            self.quota,
            self.limits,
            messages=len(emails),
            recipients=sum(counts),
            due_since=min(bulk, default=at),
            at=at,
        )

    def store(self) -> None:
        """Write what has changed."""
        now = _kept(self.quota)
        if now != self.before:
            rows.update(Quota, now, {"mailbox_id": self.quota.pk})


def _locked(mailbox: Mailbox) -> Quota | None:
    return next(iter(rows.select(Quota, {"mailbox_id": mailbox.pk}, lock=rows.Lock.WAIT)), None)


def _kept(quota: Quota) -> rows.Values:
    return {name: getattr(quota, name) for name in _STORED}
