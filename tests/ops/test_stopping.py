"""How the serving process ends, whatever it is doing."""

from __future__ import annotations

import http.client
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from tests.ops.running import ROOT, command, free_port, serving, until
from tests.servers.scripted import ScriptedServer

LOCAL = {"OUTTRAY_ALLOW_LOCAL": "1"}


def test_the_message_in_hand_is_finished_and_the_rest_given_back(
    tmp_path: Path, smtp_server: ScriptedServer
) -> None:
    stall = smtp_server.stalls_at("CONTENT")
    furnish(tmp_path, smtp_server.port, emails=3)

    with serving(tmp_path, **LOCAL) as server:
        stall.wait_until_reached()
        server.process.send_signal(signal.SIGTERM)
        until(lambda: not server.is_ready())
        stall.release()
        server.process.communicate(timeout=60)

    assert server.process.returncode == 0
    assert states(tmp_path) == {"sent": 1, "queued": 2}
    assert tries(tmp_path) == 1
    assert len(smtp_server.received) == 1


def test_neither_silent_mail_servers_nor_an_endless_request_keep_the_process(
    tmp_path: Path, smtp_server: ScriptedServer
) -> None:
    silent_at_rcpt = ScriptedServer()
    after_dot, at_rcpt = smtp_server.stalls_at("CONTENT"), silent_at_rcpt.stalls_at("RCPT")
    furnish(tmp_path, smtp_server.port, silent_at_rcpt.port, emails=3)

    with serving(tmp_path, **LOCAL) as server, _endless_request(server.port):
        after_dot.wait_until_reached()
        at_rcpt.wait_until_reached()
        server.process.send_signal(signal.SIGTERM)
        said, _ = server.process.communicate(timeout=60)
    silent_at_rcpt.stop()

    assert server.process.returncode == 0
    assert "work did not end in time" in said
    assert states(tmp_path) == {"unknown": 1, "queued": 5}
    assert tries(tmp_path) == 0


def test_a_second_signal_ends_the_process_at_once(
    tmp_path: Path, smtp_server: ScriptedServer
) -> None:
    stall = smtp_server.stalls_at("CONTENT")
    furnish(tmp_path, smtp_server.port, emails=3)

    with serving(tmp_path, **LOCAL) as server:
        stall.wait_until_reached()
        server.process.send_signal(signal.SIGTERM)
        until(lambda: not server.is_ready())
        server.process.send_signal(signal.SIGTERM)
        server.process.communicate(timeout=60)

    assert server.process.returncode == 128 + signal.SIGTERM
    assert states(tmp_path) == {"sending": 3}


def test_the_next_start_recovers_what_a_sudden_end_left(
    tmp_path: Path, smtp_server: ScriptedServer
) -> None:
    stall = smtp_server.stalls_at("CONTENT")
    furnish(tmp_path, smtp_server.port, emails=3)
    with serving(tmp_path, **LOCAL) as server:
        stall.wait_until_reached()
        server.process.kill()
        server.process.wait(timeout=60)
    smtp_server.behaves()

    with serving(tmp_path, **LOCAL):
        until(lambda: states(tmp_path) == {"unknown": 1, "sent": 2})

    assert tries(tmp_path) == 2


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_a_start_that_is_stopped_ends_in_peace(tmp_path: Path, ending: signal.Signals) -> None:
    furnish(tmp_path)
    with closing(sqlite3.connect(tmp_path / "outtray.sqlite3")) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with subprocess.Popen(
            command(tmp_path, "serve", "--port", str(free_port())), cwd=ROOT, text=True
        ) as process:
            lock = tmp_path / "serving.lock"
            until(lambda: lock.exists() and lock.read_text() == str(process.pid))
            process.send_signal(ending)
            process.wait(timeout=60)

    assert process.returncode == 0


def test_a_browser_that_keeps_its_line_open_does_not_keep_the_process(tmp_path: Path) -> None:
    with serving(tmp_path) as server, closing(_browser(server.port)) as browser:
        browser.request("GET", "/health/live", headers={"Connection": "keep-alive"})
        browser.getresponse().read()
        server.process.send_signal(signal.SIGTERM)
        server.process.communicate(timeout=60)

    assert server.process.returncode == 0


def furnish(data: Path, *ports: int, emails: int = 0) -> None:
    """Make a folder with a mailbox for each port, and emails that are due in each."""
    subprocess.run(
        ["env", "-u", "DJANGO_SETTINGS_MODULE", "-u", "OUTTRAY_DATABASE_URL",
         f"OUTTRAY_DATA={data}", sys.executable,
         "-m", "tests.ops.furnish", str(emails), *map(str, ports)],
        cwd=ROOT, check=True, timeout=120,
    )  # fmt: skip


def states(data: Path) -> Mapping[str, int]:
    with closing(sqlite3.connect(data / "outtray.sqlite3")) as database:
        return dict(database.execute("SELECT state, count(*) FROM outbox_email GROUP BY state"))


def tries(data: Path) -> int:
    with closing(sqlite3.connect(data / "outtray.sqlite3")) as database:
        (spent,) = database.execute("SELECT sum(tries) FROM outbox_email").fetchone()
        return int(spent or 0)


def _browser(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port)


def _endless_request(port: int) -> socket.socket:
    """A form that a browser begins to send and never ends."""
    line = socket.create_connection(("127.0.0.1", port))
    line.sendall(
        b"POST /sign-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n\r\nlogin="
    )
    return line
