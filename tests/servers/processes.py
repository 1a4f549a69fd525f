"""Starting a server process, knowing that it is ready, and stopping just that one."""

from __future__ import annotations

import select
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

READY = 20  # seconds for a server to become ready; it takes about one


def free_ports(number: int) -> list[int]:
    """Ports of this machine that nobody listens on. All are held until all are found."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [sock.getsockname()[1] for sock in held]
    for sock in held:
        sock.close()
    return ports


# Waits for a server and hands SIGTERM on to it, as the signal that ends it. A server that
# changes its user loses the wish to end with its parent; this shell keeps that wish for it.
_KEEPER = '"$@" & server=$!; trap "kill -{ends_by} $server" TERM; wait $server; wait $server'


def start(
    command: list[str | Path], *, log: Path, ends_by: str = "TERM"
) -> subprocess.Popen[bytes]:
    """Start a server, its words in a log. It ends with us even if we are killed."""
    setpriv = shutil.which("setpriv")
    prefix = [setpriv, "--pdeathsig", "TERM"] if setpriv else []
    with log.open("ab") as file:
        return subprocess.Popen(
            [
                *prefix,
                *("sh", "-c", _KEEPER.format(ends_by=ends_by), "keeper"),
                *(str(word) for word in command),
            ],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def wait_until(
    is_ready: Callable[[], bool], process: subprocess.Popen[bytes], *, log: Path
) -> None:
    """Wait for a fact with a deadline; a process that ends meanwhile fails at once."""
    deadline = time.monotonic() + READY
    while not is_ready():
        ended = process.poll() is not None
        assert not ended, f"{process.args!r} ended: {log.read_text(errors='replace')[-3000:]}"
        assert time.monotonic() < deadline, f"not ready: {log.read_text(errors='replace')[-3000:]}"
        pause(0.02)


def wait_for(fact: Callable[[], bool]) -> None:
    """Wait for a fact with a deadline."""
    deadline = time.monotonic() + READY
    while not fact():
        assert time.monotonic() < deadline, "it did not come true in time"
        pause(0.02)


def listens(port: int) -> bool:
    """Whether something accepts connections there."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def pause(seconds: float) -> None:
    """Let other processes run between two looks at a fact."""
    select.select([], [], [], seconds)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End this process, and wait until it is gone."""
    process.terminate()
    try:
        process.wait(timeout=READY)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
