"""Outtray: a process that accepts letters, and beside it those that deliver."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from benchmarks.delivery.feeder import feeding
from benchmarks.delivery.running import Running
from benchmarks.sink import Sink
from tests.ops.running import command
from tests.servers import processes


class OuttrayOnSqlite:
    """`outtray serve`, as one gets it."""

    def __init__(self, folder: Path, sink: Sink) -> None:
        self._data = folder / "data"
        self._log = folder / "log"
        self._sink = sink

    @contextmanager
    def running(self) -> Iterator[Running]:
        (port,) = processes.free_ports(1)
        serve = command(self._data, "serve", "--port", str(port), OUTTRAY_ALLOW_LOCAL="1")
        server = processes.start([*serve], log=self._log)
        try:
            processes.wait_until(partial(processes.listens, port), server, log=self._log)
            with feeding(
                [sys.executable, "-m", "benchmarks.delivery.accept", str(self._sink.port)],
                log=self._log,
                environment={"OUTTRAY_DATA": str(self._data)},
            ) as feeder:
                yield Running(feeder, (server.pid,))
        finally:
            processes.stop(server)
