"""A real PostgreSQL in a folder of its own, with a password, on loopback.

    python -m tests.servers.postgresql pytest tests/outbox

starts one, runs the command with OUTTRAY_DATABASE_URL set, and stops it.
"""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from psycopg import sql

from outtray.config import env as environment
from tests.servers import processes
from tests.servers.presence import lacking

USER = "outtray"
PASSWORD = "p@ss/w:rd %1"  # what a URL must quote
KEEPER = "OUTTRAY_TEST_POSTGRESQL"  # the process that can restart the server

_LOOK = 0.05  # seconds
_LOOKS = 400  # at a server that recovers

# Tests that lose the machine's power have their own settings; all others only lose processes.
_HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
_DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
_COMMON = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "log_min_messages": "warning",
}


class PostgreSQL:
    """Started with the constructor; ready when that returns.

    `durable` writes to disk as a server in use does; without it tests are quicker.
    """

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self._bin = _programs()
        self._folder = folder
        self._data = folder / "data"
        self._log = folder / "postgresql.log"
        self._settings = {**_COMMON, **(_DURABLE if durable else _HASTY)}
        self.port = processes.free_ports(1)[0]
        folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            os.chown(folder, pwd.getpwnam(_unprivileged()).pw_uid, -1)
        self._make_cluster()
        self._process = self._start()

    @property
    def pid(self) -> int:
        """The process that all of the server's processes come from."""
        return self._process.pid

    def url(self, database: str = "postgres") -> str:
        """Where that database is, as OUTTRAY_DATABASE_URL."""
        login = f"{USER}:{quote(PASSWORD, safe='')}"
        return f"postgresql://{login}@127.0.0.1:{self.port}/{database}"

    def create_database(self, name: str, *, template: str = "template1") -> str:
        """Make a database, empty or like another one that nobody uses; its URL."""
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._command(create.format(sql.Identifier(name), sql.Identifier(template)))
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Remove a database, whoever uses it."""
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        self._command(drop.format(sql.Identifier(name)))

    def stop(self) -> None:
        """Break all connections and end."""
        processes.stop(self._process)

    def restart(self) -> None:
        """Break all connections, end, and come back on the same port with the same data."""
        self.stop()
        self._process = self._start()

    def crash(self) -> None:
        """End all at once, as when the power fails, and come back after recovery."""
        postmaster = int((self._data / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGQUIT)
        self._process.wait()
        self._process = self._start()

    def recover(self) -> None:
        """Be there again after a disk was full: that has a server begin anew, or ends it."""
        for _ in range(_LOOKS):
            if self._process.poll() is not None:
                self._process = self._start()
            if _answers(self.url()):
                return
            threading.Event().wait(_LOOK)
        raise RuntimeError("the server did not come back")

    def _command(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement)

    def _make_cluster(self) -> None:
        secret = self._folder / "password"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        made = subprocess.run(
            [
                *_as_unprivileged(),
                self._bin / "initdb",
                *("--pgdata", self._data),
                *("--username", USER, "--pwfile", secret),
                *("--auth", "scram-sha-256"),
                *("--encoding", "UTF8", "--locale", "C.UTF-8"),
                "--no-sync",
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode == 0, made.stderr

    def _start(self) -> subprocess.Popen[bytes]:
        settings = {**self._settings, "unix_socket_directories": str(self._folder)}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        process = processes.start(
            [
                *_as_unprivileged(),
                self._bin / "postgres",
                *("-D", self._data, "-p", str(self.port)),
                *options,
            ],
            log=self._log,
            ends_by="INT",  # SIGTERM would wait until everybody has gone
        )
        try:
            processes.wait_until(partial(_answers, self.url()), process, log=self._log)
        except BaseException:
            processes.stop(process)
            raise
        return process


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _programs() -> Path:
    """The folder of the newest PostgreSQL on this machine."""
    folders = [
        folder
        for folder in Path("/usr/lib/postgresql").glob("*/bin")
        if folder.parent.name.isdigit()
    ]
    if not folders:
        lacking("PostgreSQL is not installed (Debian's package postgresql)")
    return max(folders, key=lambda folder: int(folder.parent.name))


def _unprivileged() -> str:
    """Whom PostgreSQL, which refuses root, runs as."""
    return "postgres"


def _as_unprivileged() -> list[str]:
    if os.geteuid() != 0:
        return []
    user = pwd.getpwnam(_unprivileged())
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def restart_ours() -> None:
    """Restart the server that this test run was started with, and wait until it is back."""
    url = environment.text("OUTTRAY_DATABASE_URL")
    before = _started_at(url)
    os.kill(environment.number(KEEPER, 0, at_least=2), signal.SIGUSR1)
    processes.wait_for(lambda: _started_at(url) not in (None, before))


def _started_at(url: str) -> object:
    """When the server began; None while it does not answer."""
    try:
        with psycopg.connect(url, connect_timeout=2) as connection:
            return connection.execute("SELECT pg_postmaster_start_time()").fetchone()
    except psycopg.OperationalError:
        return None


def main(command: Sequence[str]) -> int:
    """Run a command with a server of its own, where there can be one; with CI=true there must."""
    try:
        return _with_server(command)
    except pytest.skip.Exception as lacks:
        print(f"Skipped: {lacks}")
        return 0
    except pytest.fail.Exception as lacks:
        print(f"Failed: {lacks}", file=sys.stderr)
        return 1


def _with_server(command: Sequence[str]) -> int:
    """SIGUSR1 restarts the server."""
    with tempfile.TemporaryDirectory(prefix="outtray-postgresql-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = PostgreSQL(folder / "server")
        signal.signal(signal.SIGUSR1, lambda number, frame: server.restart())
        try:
            url = server.create_database("outtray")
            variables = [f"OUTTRAY_DATABASE_URL={url}", f"{KEEPER}={os.getpid()}"]
            return subprocess.call(["env", *variables, *command])
        finally:
            server.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
