"""What a mailbox has used of its pace, as bars."""

from __future__ import annotations

from dataclasses import dataclass

from outtray.mailboxes.quota import QuotaNow


@dataclass(frozen=True, slots=True)
class Gauge:
    """How much of one limit is used; without a limit there is no bar."""

    name: str
    used: int
    limit: int | None

    @property
    def is_full(self) -> bool:
        return self.limit is not None and self.used >= self.limit

    @property
    def drawn(self) -> int:
        """Never more than the bar is long: a limit can be lowered below what was used."""
        return min(self.used, self.limit or 0)


def gauges_of(quota: QuotaNow) -> tuple[Gauge, ...]:
    """One for each limit, in the order in which they fill up."""
    used, pace = quota.used, quota.pace
    return (
        Gauge("Messages in the last minute", used.messages_last_minute, pace.messages_per_minute),
        Gauge("Messages in the last 24 hours", used.messages_today, pace.messages_per_day),
        Gauge("Recipients in the last 24 hours", used.recipients_today, pace.recipients_per_day),
    )
