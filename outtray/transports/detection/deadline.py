"""A moment by which several things have to be done together."""

from __future__ import annotations

import time


class Deadline:
    """A moment by which all has to end."""

    def __init__(self, seconds: float) -> None:
        self._ends_at = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds, never below zero."""
        return max(0.0, self._ends_at - time.monotonic())
