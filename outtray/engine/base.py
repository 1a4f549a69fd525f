"""What an engine does, and what work is."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import datetime
from typing import Protocol


class Work(Protocol):
    """Something that rows ask for. `do` may be called twice or at the wrong time.

    A key of the form `group/rest` shares turns with the other keys of its group, and groups
    share turns with one another.
    """

    name: str

    def due(self, at: datetime) -> Iterable[str]:
        """The keys that have something to do now."""

    def do(self, key: str, stop: threading.Event) -> datetime | None:
        """Do what is due for this key; return soon after `stop` is set.

        Answers when it wants to be called again, as far as that is known by now.
        """


class Engine(Protocol):
    """Runs work when woken, and sweeps for what no wake-up announced."""

    def wake(self, work: str, key: str, *, urgent: bool = False) -> None:
        """Hint that a key will be due once the rows of this transaction are committed."""

    @property
    def is_alive(self) -> bool:
        """False if it should be working and is not."""


class NoEngine:
    """For processes that only write rows: another process's sweep finds the work."""

    def wake(self, work: str, key: str, *, urgent: bool = False) -> None:
        """Nobody to wake here."""

    @property
    def is_alive(self) -> bool:
        """Nobody who could fail to work."""
        return True


_current: list[Engine] = [NoEngine()]


def use(engine: Engine) -> None:
    """Make this the engine of the process."""
    _current[0] = engine


def wake(work: str, key: str, *, urgent: bool = False) -> None:
    """Wake the engine of this process. Call it inside the transaction that writes the rows."""
    _current[0].wake(work, key, urgent=urgent)


def is_alive() -> bool:
    """False if the engine of this process should be working and is not."""
    return _current[0].is_alive
