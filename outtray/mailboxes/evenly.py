"""An even pace: bulk leaves message by message, or a second's worth at once where that is many.

Who comes late has too much to do. He takes a few messages at once, ahead of their time, and
comes less often: so a thousand mailboxes at their pace cost a third less. What he was late by
is made up for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

LATE = timedelta(seconds=1)  # at least, is made up for
ONE_BY_ONE = 60  # messages a minute up to which bulk leaves so
BUSY = timedelta(milliseconds=250)  # who comes later than this
AHEAD = 3  # messages at once then
AHEAD_FOR = timedelta(seconds=6)  # and no more than the pace allows in that time


@dataclass(frozen=True, slots=True)
class Even:
    """That pace at one moment.

    `until` is when the next message may leave, None if none has yet; `due_since` is since when
    one waits, None if that is not known.
    """

    per_minute: int
    until: datetime | None
    due_since: datetime | None
    at: datetime

    @property
    def allowed(self) -> int:
        """How many messages may leave now."""
        if self._start > self.at:
            return 0
        if self._is_late:
            return self._at_once_when_late
        return min(self._at_once, (self.at - self._start) // self._apart + 1)

    @property
    def free_at(self) -> datetime:
        """When messages may leave."""
        if self._start > self.at:
            return self._start + (self._at_once - 1) * self._apart
        return self.at

    def after(self, messages: int) -> datetime:
        """`until` when so many leave now."""
        return self._start + messages * self._apart

    def rested(self, until: datetime) -> datetime | None:
        """`until` after a rest for another reason as well, which makes nobody late."""
        if self.until is None:
            return None
        return max(self.until, until - (self._at_once - 1) * self._apart)

    @property
    def _start(self) -> datetime:
        made_up = max(self._apart, LATE)
        if self._is_late:
            made_up = max(made_up, self._at_once_when_late * self._apart)
        return max(self._could_leave, self.at - made_up)

    @property
    def _is_late(self) -> bool:
        return self.at - max(self._could_leave, self.due_since or self._could_leave) >= BUSY

    @property
    def _could_leave(self) -> datetime:
        return self.until or self.at

    @property
    def _at_once(self) -> int:
        return max(1, self.per_minute // ONE_BY_ONE)

    @property
    def _at_once_when_late(self) -> int:
        return max(self._at_once, min(AHEAD, AHEAD_FOR // self._apart))

    @property
    def _apart(self) -> timedelta:
        return timedelta(minutes=1) / self.per_minute
