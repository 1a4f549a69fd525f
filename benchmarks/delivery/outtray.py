"""Outtray: a process that accepts letters, and beside it those that deliver."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from benchmarks.delivery.feeder import Feeder, feeding
from benchmarks.delivery.running import Running, started
from benchmarks.sink import Sink
from tests.ops.running import command, run
from tests.servers import processes
from tests.servers.postgresql import PostgreSQL

WORKERS = 2


class OuttrayOnSqlite:
    """`outtray serve`, as one gets it."""

    def __init__(self, folder: Path, sink: Sink) -> None:
        self._folder = folder
        self._sink = sink
        self._variables = {"OUTTRAY_DATA": str(folder / "data"), "OUTTRAY_ALLOW_LOCAL": "1"}

    @contextmanager
    def running(self) -> Iterator[Running]:
        port = str(processes.free_ports(1)[0])
        serve = _outtray(self._folder, "serve", self._variables, "--port", port)
        with serve as server, _feeder(self._folder, self._sink, self._variables) as feeder:
            yield Running(feeder, (server,))


class OuttrayOnPostgres:
    """Two `outtray worker` and a PostgreSQL that writes through."""

    def __init__(self, folder: Path, sink: Sink) -> None:
        self._folder = folder
        self._sink = sink
        self._variables = {"OUTTRAY_DATA": str(folder / "data"), "OUTTRAY_ALLOW_LOCAL": "1"}
        folder.chmod(0o755)
        self._database = PostgreSQL(folder / "postgresql", durable=True)
        self._variables["OUTTRAY_DATABASE_URL"] = self._database.create_database("outtray")
        migrated = run(folder / "data", "migrate", **self._variables)
        assert migrated.returncode == 0, migrated.stderr
        self._database.stop()

    @contextmanager
    def running(self) -> Iterator[Running]:
        with ExitStack() as stack:
            self._database.restart()
            stack.callback(self._database.stop)
            feeder = stack.enter_context(_feeder(self._folder, self._sink, self._variables))
            workers = [
                stack.enter_context(_outtray(self._folder, "worker", self._variables, number=n))
                for n in range(WORKERS)
            ]
            yield Running(feeder, (self._database.pid, *workers))


def _outtray(
    folder: Path, name: str, variables: Mapping[str, str], *options: str, number: int = 0
) -> AbstractContextManager[int]:
    says = {"serve": "serving", "worker": "working"}[name]
    words = command(folder / "data", name, *options, **variables)
    return started(words, log=folder / f"{name}-{number}.log", says=says)


def _feeder(
    folder: Path, sink: Sink, variables: Mapping[str, str]
) -> AbstractContextManager[Feeder]:
    accept = [sys.executable, "-m", "benchmarks.delivery.accept", str(sink.port)]
    return feeding(accept, log=folder / "accept.log", environment=variables)
