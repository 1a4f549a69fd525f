"""What every compared system has in common."""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from benchmarks.feeder import Feeder
from benchmarks.sink import Sink


@dataclass(frozen=True, slots=True)
class Running:
    """A system that is up: what queues for it, and the processes that deliver."""

    feeder: Feeder
    delivering: tuple[int, ...]

    @property
    def pids(self) -> tuple[int, ...]:
        return (self.feeder.pid, *self.delivering)


class System(Protocol):
    """One way to get mail from a program to a server, in a folder of its own."""

    def __init__(self, folder: Path, sink: Sink, stack: ExitStack) -> None:
        """Lay it out. What it starts for all rounds ends with the stack."""

    def running(self) -> AbstractContextManager[Running]:
        """Up and idle, until the block ends."""
