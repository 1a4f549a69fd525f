"""What a mailbox has used of its limits, held while emails are claimed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from outtray.mailboxes import pace
from outtray.mailboxes.models import Mailbox, Quota
from outtray.mailboxes.pace import Allowance
from outtray.outbox.models import Email
from outtray.outbox.states import RecipientState


@dataclass(frozen=True, slots=True)
class Meter:
    """The limits in force, what is used of them, and what that allows: locked."""

    limits: pace.Pace
    quota: Quota
    allowance: Allowance

    @staticmethod
    def of(mailbox: Mailbox, *, at: datetime) -> Meter | None:
        """That of a mailbox, read with its quota. None if it has no limits."""
        limits = pace.limits_of(mailbox)
        known = getattr(mailbox, "quota", None)
        if known is None:
            if not limits.has_limits:
                return None
            Quota.objects.get_or_create(mailbox=mailbox)
        elif not pace.in_force(limits, known, at=at).has_limits:
            return None
        quota = Quota.objects.select_for_update().get(pk=mailbox.pk)
        limits = pace.in_force(limits, quota, at=at)
        allowed = pace.allowance(limits, quota, at=at)
        pace.rest(quota, allowed.rest_until)
        return Meter(limits, quota, allowed)

    @property
    def rest_until(self) -> datetime | None:
        """When the next of the bulk may leave, if none may now."""
        return self.quota.rest_until

    def spend(self, emails: Sequence[Email], *, at: datetime) -> list[Email]:
        """As many of these, from the first on, as the day has recipients left; they count."""
        counts = [_recipients(email) for email in emails]
        fitting = self._fitting(counts, at=at)
        if fitting:
            pace.spend(
                self.quota, self.limits, messages=fitting, recipients=sum(counts[:fitting]), at=at
            )
        return list(emails[:fitting])

    def _fitting(self, counts: Sequence[int], *, at: datetime) -> int:
        """An email with more recipients than a whole day goes when the day is untouched."""
        left, day = self.allowance.recipients, self.limits.recipients_per_day
        if left is None or day is None:
            return len(counts)
        for place, count in enumerate(counts):
            if min(count, day) > left:
                if place == 0:
                    free = pace.free_for_recipients(self.quota, day, min(count, day), at=at)
                    pace.rest(self.quota, free)
                return place
            left -= count
        return len(counts)


def _recipients(email: Email) -> int:
    return sum(each.state == RecipientState.WAITING for each in email.recipients.all())
