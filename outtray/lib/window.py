"""A rolling window: how much was used in the last minute or day, in a few numbers.

It is kept as a list of slots `[end, amount, ...]`, oldest first, with `end` in seconds since
1970, so that it fits into a column. A slot counts until all of it has left the window: what
is told is never less than what was used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import floor

Slots = list[list[float]]

# Of a microsecond, which is what a datetime tells apart and a float does not: so a slot has left
# at the very time that `free_at` told.
_HALF = 0.5e-6


@dataclass(frozen=True, slots=True)
class Window:
    """How long it reaches back, and how finely it remembers."""

    span: timedelta
    slot: timedelta

    def added(self, slots: Slots, amounts: Sequence[int], *, at: datetime) -> Slots:
        """The slots with these amounts used at that time, and without what has left."""
        width = self.slot.total_seconds()
        end = (floor(at.timestamp() / width) + 1) * width
        kept = self.within(slots, at=at)
        if kept and kept[-1][0] >= end:
            last = kept[-1]
            together = [max(0, old + new) for old, new in zip(last[1:], amounts, strict=True)]
            return [*kept[:-1], [last[0], *together]]
        return [*kept, [end, *(max(0, amount) for amount in amounts)]]

    def within(self, slots: Slots, *, at: datetime) -> Slots:
        """The slots that still count."""
        since = (at - self.span).timestamp() + _HALF
        return [slot for slot in slots if slot[0] > since]

    def used(self, slots: Slots, *, at: datetime, which: int = 0) -> int:
        """How much of one amount was used within the window."""
        return int(sum(slot[which + 1] for slot in self.within(slots, at=at)))

    def free_at(self, slots: Slots, limit: int, *, at: datetime, which: int = 0) -> datetime:
        """When less than `limit` will have been used within the window: `at` itself, if so now."""
        kept = self.within(slots, at=at)
        used = sum(slot[which + 1] for slot in kept)
        free = at
        for slot in kept:
            if used < limit:
                break
            used -= slot[which + 1]
            free = datetime.fromtimestamp(slot[0], UTC) + self.span
        return free
