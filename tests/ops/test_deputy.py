"""A second process helps while there is much to deliver, and costs nobody his certainty."""

from __future__ import annotations

import email as mail
import os
import signal
import sqlite3
import subprocess
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path

import pytest

from outtray.delivery import meters
from outtray.ops.deputy import MUCH
from tests.ops.running import ROOT, command, serving, until
from tests.ops.test_stopping import states
from tests.servers.scripted import ScriptedServer

# Without the line that each attempt logs: nobody reads them before the end.
LOCAL = {"OUTTRAY_ALLOW_LOCAL": "1", "OUTTRAY_LOG_LEVEL": "warning"}
EACH = MUCH + 150


@pytest.fixture
def data(tmp_path: Path, smtp_server: ScriptedServer) -> Path:
    """Mailboxes of both halves, with more than enough for a deputy."""
    outtray = command(tmp_path, **LOCAL)
    furnish = [*outtray[:-2], "-m", "tests.ops.furnish_halves", str(EACH), str(smtp_server.port)]
    subprocess.run(furnish, cwd=ROOT, check=True, timeout=120)
    return tmp_path


def pids(data: Path) -> set[int]:
    """Of the processes that have attempted something."""
    with closing(sqlite3.connect(data / "outtray.sqlite3")) as database:
        rows = database.execute("SELECT DISTINCT worker FROM outbox_attempt").fetchall()
    return {int(worker.split(":")[1]) for (worker,) in rows}


def taken(server: ScriptedServer) -> Counter[str]:
    """How often the server has taken each message."""
    return Counter(
        str(mail.message_from_bytes(content)["Message-ID"]) for _, content in server.received
    )


def deputy_of(serving_pid: int, data: Path) -> int:
    until(lambda: pids(data) - {serving_pid})
    (pid,) = pids(data) - {serving_pid}
    return pid


def is_gone(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return False
    return True


def test_two_processes_deliver_what_is_much_and_each_email_once(
    data: Path, smtp_server: ScriptedServer
) -> None:
    with serving(data, **LOCAL) as server:
        deputy_of(server.process.pid, data)
        until(lambda: states(data) == {"sent": 2 * EACH}, seconds=120)

    assert set(taken(smtp_server).values()) == {1}
    assert len(smtp_server.received) == 2 * EACH


def test_a_killed_deputy_loses_nothing_and_doubles_nothing(
    data: Path, smtp_server: ScriptedServer
) -> None:
    with serving(data, **LOCAL) as server:
        os.kill(deputy_of(server.process.pid, data), signal.SIGKILL)
        until(lambda: set(states(data)) <= {"sent", "unknown"}, seconds=120)

    found = states(data)
    assert sum(found.values()) == 2 * EACH
    assert set(taken(smtp_server).values()) == {1}
    assert 0 <= len(smtp_server.received) - found["sent"] <= found.get("unknown", 0)


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL])
def test_the_deputy_ends_with_the_process_that_started_it(
    ending: signal.Signals, data: Path, smtp_server: ScriptedServer
) -> None:
    with serving(data, **LOCAL) as server:
        deputy = deputy_of(server.process.pid, data)
        server.process.send_signal(ending)
        server.process.wait(60)

    until(lambda: is_gone(deputy))
    assert set(taken(smtp_server).values()) == {1}
    if ending == signal.SIGTERM:
        assert set(states(data)) <= {"sent", "queued"}


def test_what_a_deputy_has_counted_is_counted_where_it_is_asked_for() -> None:
    told: list[str] = []
    meters.tell(told.append)
    meters.attempt_ended("smtp", "failed", "recipient", is_temporary=False, seconds=0.5)
    meters.sitting_ended("smtp", 2.0)
    meters._teller.clear()
    labels = {
        "transport": "smtp", "result": "failed", "scope": "recipient", "permanence": "permanent"
    }  # fmt: skip
    before = meters.REGISTRY.get_sample_value("outtray_attempts_total", labels) or 0

    for line in told:
        meters.hear(line)

    assert meters.REGISTRY.get_sample_value("outtray_attempts_total", labels) == before + 1
