"""What every compared system has in common."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from benchmarks.delivery.feeder import Feeder
from benchmarks.sink import Sink
from tests.servers import processes


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

    def __init__(self, folder: Path, sink: Sink) -> None:
        """Lay it out."""

    def running(self) -> AbstractContextManager[Running]:
        """Up and idle, until the block ends."""


@contextmanager
def started(command: Sequence[str | Path], *, log: Path, says: str = "") -> Iterator[int]:
    """A process that runs until the block ends, from when it has said this on."""
    log.write_text("")
    process = processes.start([*command], log=log)
    try:
        processes.wait_until(lambda: says in log.read_text(), process, log=log)
        yield process.pid
    finally:
        processes.stop(process)
