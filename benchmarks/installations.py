"""Installations of Outtray for a measurement, each in a folder of its own, with its processes."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.feeder import Feeder, feeding
from tests.ops.running import command, run, until
from tests.servers import processes
from tests.servers.postgresql import PostgreSQL


@dataclass(frozen=True, slots=True)
class Installation:
    """A migrated installation. `database` are the processes of its own database server."""

    folder: Path
    variables: Mapping[str, str]
    database: tuple[int, ...] = ()

    def worker(self, number: int = 0) -> AbstractContextManager[int]:
        """`outtray worker`, up until the block ends; its process id."""
        words = command(self.folder, "worker", **self.variables)
        return started(words, log=self.folder / f"worker-{number}.log", says="working")

    @contextmanager
    def serving(self) -> Iterator[tuple[int, int]]:
        """`outtray serve`, up until the block ends; its process id and its port."""
        (port,) = processes.free_ports(1)
        words = command(self.folder, "serve", "--port", str(port), **self.variables)
        with started(words, log=self.folder / "serve.log", says="serving") as pid:
            until(lambda: processes.listens(port))
            yield pid, port

    def feeding(self, module: str, *arguments: str) -> AbstractContextManager[Feeder]:
        """One of our modules as a feeder on this installation."""
        words = [sys.executable, "-m", module, *arguments]
        return feeding(words, log=self.folder / "feeder.log", environment=self.variables)


def on_sqlite(folder: Path) -> Installation:
    """As one gets it without a setting."""
    variables = {"OUTTRAY_DATA": str(folder / "data"), "OUTTRAY_ALLOW_LOCAL": "1"}
    return _migrated(Installation(folder / "data", variables))


@contextmanager
def on_postgres(folder: Path) -> Iterator[Installation]:
    """With a PostgreSQL that writes through, until the block ends."""
    server = PostgreSQL(folder / "postgresql", durable=True)
    try:
        variables = {
            "OUTTRAY_DATA": str(folder / "data"),
            "OUTTRAY_ALLOW_LOCAL": "1",
            "OUTTRAY_DATABASE_URL": server.create_database("outtray"),
        }
        yield _migrated(Installation(folder / "data", variables, (server.pid,)))
    finally:
        server.stop()


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


def _migrated(installation: Installation) -> Installation:
    done = run(installation.folder, "migrate", **installation.variables)
    assert done.returncode == 0, done.stderr
    return installation
