"""What an engine does, and what work is."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import datetime
from typing import Protocol


class Work(Protocol):
    """Something that rows ask for. `do` may be called twice or at the wrong time."""

    name: str

    def due(self, at: datetime) -> Iterable[str]:
        """The keys that have something to do now."""

    def next_due(self, at: datetime) -> datetime | None:
        """When the next key falls due after `at`, if that is known."""

    def do(self, key: str, stop: threading.Event) -> None:
        """Do what is due for this key; return soon after `stop` is set."""


class Engine(Protocol):
    """Runs work when woken, and sweeps for what no wake-up announced."""

    def wake(self, work: str, key: str) -> None:
        """Hint that a key may be due. May be lost without harm; never raises."""


class NoEngine:
    """For processes that only write rows: the serving process's sweep finds the work."""

    def wake(self, work: str, key: str) -> None:
        """Nobody to wake here."""


_current: list[Engine] = [NoEngine()]


def use(engine: Engine) -> None:
    """Make this the engine of the process."""
    _current[0] = engine


def wake(work: str, key: str) -> None:
    """Wake the engine of this process. Call it after the rows are committed."""
    _current[0].wake(work, key)
