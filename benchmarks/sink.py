"""Postfix's smtp-sink: takes every message, counts it, and throws it away."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.servers import processes

BACKLOG = 500  # connections that may wait to be taken up
CONNECTIONS = "4000"  # that it holds at the same time; by itself it holds 256
LOOK = 0.005  # seconds between two looks at the count


class Sink:
    """A running smtp-sink on loopback. It rewrites its count at the end of its log."""

    def __init__(self, port: int, log: Path) -> None:
        self.port = port
        self.log = log

    def taken(self) -> int:
        """How many messages it has answered with 250 so far."""
        with self.log.open("rb") as log:
            log.seek(max(0, self.log.stat().st_size - 200))
            counts = re.findall(rb"mesg=(\d+)\r", log.read())
        return int(counts[-1]) if counts else 0

    def wait_for(
        self,
        count: int,
        *,
        meanwhile: Callable[[], None] = lambda: None,
        look: float = LOOK,
        seconds: float = 600,
    ) -> None:
        """Return as soon as that many were taken; between two looks do something else."""
        deadline = time.perf_counter() + seconds
        while (taken := self.taken()) < count:
            assert time.perf_counter() < deadline, f"the sink took {taken} of {count}"
            meanwhile()
            processes.pause(look)


@contextmanager
def sink(folder: Path) -> Iterator[Sink]:
    """A sink until the block ends. Under root it wants to be another user."""
    (port,) = processes.free_ports(1)
    log = folder / "sink.log"
    command = [
        "smtp-sink",
        "-u",
        "nobody",
        "-m",
        CONNECTIONS,
        "-c",
        f"127.0.0.1:{port}",
        str(BACKLOG),
    ]
    process = processes.start([*command], log=log)
    try:
        processes.wait_until(partial(processes.listens, port), process, log=log)
        yield Sink(port, log)
    finally:
        processes.stop(process)
