"""Whether work is done sooner one piece after the other than side by side.

Python runs one thread at a time, and one that asks the database lets another go ahead. Pieces
that are over in a moment and wait for nobody do little else, then, than let one another go
ahead: measured with a thousand mailboxes that send now and then, four threads sent a quarter
fewer emails than one.
"""

from __future__ import annotations

MANY = 50  # pieces a second: each is over in a moment
ONE_CORE = 0.7, 1.2  # more than that can be had only where Python's lock is not needed


class Crowding:
    """Looks at the pieces that ended since it last judged. Not safe for threads by itself."""

    def __init__(self) -> None:
        self._ended = 0
        self._spent = 0.0

    def ended(self, spent: float) -> None:
        """A piece of work took so many seconds of a processor."""
        self._ended += 1
        self._spent += spent

    def is_felt(self, passed: float) -> bool:
        """Whether those of the seconds that passed were many, and kept one core busy."""
        least, most = ONE_CORE
        felt = self._ended >= MANY * passed and least * passed <= self._spent <= most * passed
        self._ended, self._spent = 0, 0.0
        return felt
