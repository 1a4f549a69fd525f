"""The only place that reads the time. Verbs take `at`; faces and loops ask a Clock."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Says what time it is, and waits until something happens."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Wait for the event, at most that long. True if it happened."""


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def wait(self, event: threading.Event, seconds: float) -> bool:
        return event.wait(seconds)


SYSTEM: Clock = SystemClock()


def now() -> datetime:
    """The present moment for faces. What they call takes it as `at`."""
    return SYSTEM.now()
