"""Outtray: a process that accepts letters, and beside it those that deliver."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.delivery.running import Running
from benchmarks.installations import on_postgres, on_sqlite
from benchmarks.sink import Sink

ACCEPT = "benchmarks.delivery.accept"
WORKERS = 2


class OuttrayOnSqlite:
    """`outtray serve`, as one gets it."""

    def __init__(self, folder: Path, sink: Sink, stack: ExitStack) -> None:
        self._installation = on_sqlite(folder)
        self._sink = sink

    @contextmanager
    def running(self) -> Iterator[Running]:
        with (
            self._installation.serving() as (server, _),
            self._installation.feeding(ACCEPT, str(self._sink.port)) as feeder,
        ):
            yield Running(feeder, (server,))


class OuttrayOnPostgres:
    """Two `outtray worker` and a PostgreSQL that writes through."""

    def __init__(self, folder: Path, sink: Sink, stack: ExitStack) -> None:
        self._installation = stack.enter_context(on_postgres(folder))
        self._sink = sink

    @contextmanager
    def running(self) -> Iterator[Running]:
        with ExitStack() as stack:
            feeder = stack.enter_context(self._installation.feeding(ACCEPT, str(self._sink.port)))
            workers = [
                stack.enter_context(self._installation.worker(number)) for number in range(WORKERS)
            ]
            yield Running(feeder, (*self._installation.database, *workers))
