"""Real processes of the product, in folders of their own."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


def command(data: Path, *arguments: str, **variables: str) -> list[str]:
    """The command line that runs `outtray` on that folder, and on its SQLite if no URL is given."""
    given = {
        "OUTTRAY_DATA": str(data),
        "OUTTRAY_DATABASE_URL": "",
        "PYTHONWARNINGS": "default",
        **variables,
    }
    settings = [f"{name}={value}" for name, value in given.items()]
    return [
        "env",
        "--default-signal=HUP,INT,TERM",  # a test run in the background ignores some
        "-u",
        "DJANGO_SETTINGS_MODULE",
        "-u",
        "OUTTRAY_LOG_LEVEL",
        *settings,
        sys.executable,
        "-m",
        "outtray",
        *arguments,
    ]


def run(data: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        command(data, *arguments, **variables),
        capture_output=True,
        text=True,
        timeout=120,
        cwd=ROOT,
        check=False,
    )


class Serving:
    """An `outtray serve` that has printed where it serves."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.port = port

    def status_of(self, path: str, *, host: str = "localhost") -> int:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as asked:
            asked.request("GET", path, headers={"Host": host})
            with asked.getresponse() as answer:
                return answer.status

    def is_ready(self) -> bool:
        try:
            return self.status_of("/health/ready") == 200
        except OSError:
            return False


@contextmanager
def serving(data: Path, **variables: str) -> Iterator[Serving]:
    """Serve on a free port until the block ends; the process is gone afterwards."""
    port = free_port()
    process = subprocess.Popen(
        command(data, "serve", "--port", str(port), **variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=ROOT,
    )
    try:
        server = Serving(process, port)
        until(lambda: server.is_ready() or process.poll() is not None)
        yield server
    finally:
        process.kill()
        process.communicate()


def until(fact: Callable[[], object], *, seconds: float = 60) -> None:
    """Wait for a fact, at most that long."""
    for _ in range(int(seconds / 0.05)):
        if fact():
            return
        threading.Event().wait(0.05)
    raise AssertionError("it did not come true in time")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
