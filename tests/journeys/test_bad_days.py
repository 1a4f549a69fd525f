"""Days on which processes die and programs ask twice, with the real processes.

The scripted server's list of what it has taken is the ledger: what counts is not what we
believe to have sent, but what arrived, and how often.
"""

from __future__ import annotations

import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.journeys.founded import ANNA, Founded, Program, ledger, states
from tests.ops.running import ROOT, Serving, command, serving, until
from tests.servers.scripted import ScriptedServer
from tests.servers.sent_folders import SentFolders

pytestmark = pytest.mark.crash

EMAILS = 60


@pytest.fixture
def sending(data: Path, founded: Founded, smtp_server: ScriptedServer) -> Iterator[Serving]:
    """A server in the middle of its emails: one is taken and not answered, others wait."""
    with serving(data, OUTTRAY_ALLOW_LOCAL="1") as server, Program(server, founded.key) as program:
        program.set_up_mailbox(smtp_server)
        assert program.add_to_queue(program.import_invoices(EMAILS)).status_code == 201
        smtp_server.wait_for_messages(EMAILS // 4)
        smtp_server.stalls_at("CONTENT").wait_until_reached()
        assert len(smtp_server.received) < EMAILS
        yield server


def serve_until_all_is_settled(data: Path) -> Counter[str]:
    with serving(data, OUTTRAY_ALLOW_LOCAL="1"):
        until(lambda: not {"queued", "sending"} & set(states(data).values()))
    return Counter(states(data).values())


def test_a_server_killed_while_sending_loses_nothing_and_doubles_nothing(
    sending: Serving, data: Path, smtp_server: ScriptedServer
) -> None:
    sending.process.kill()
    sending.process.wait()
    smtp_server.behaves()

    after = serve_until_all_is_settled(data)

    assert after == {"sent": EMAILS - 1, "unknown": 1}
    assert ledger(smtp_server) == dict.fromkeys(states(data), 1)


def test_the_email_in_hand_of_a_killed_server_is_found_in_the_sent_folder(
    data: Path, founded: Founded, smtp_server: ScriptedServer, sent_folders: SentFolders
) -> None:
    variables = {"OUTTRAY_ALLOW_LOCAL": "1", "OUTTRAY_CA_FILE": str(sent_folders.ca_file)}
    with serving(data, **variables) as server, Program(server, founded.key) as program:
        program.set_up_mailbox(smtp_server, sent_folders)
        stall = smtp_server.stalls_at("CONTENT")
        program.add_to_queue(program.import_invoices(3))
        stall.wait_until_reached()
        server.process.kill()
        server.process.wait()
    smtp_server.behaves()
    ((_, content),) = smtp_server.received
    sent_folders.file(ANNA, content)

    with serving(data, **variables):
        until(lambda: set(states(data).values()) == {"sent"})

    assert ledger(smtp_server) == dict.fromkeys(states(data), 1)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_server_stopped_while_sending_ends_the_email_in_hand_and_keeps_the_rest(
    ending: signal.Signals, sending: Serving, data: Path, smtp_server: ScriptedServer
) -> None:
    sending.process.send_signal(ending)
    until(lambda: not sending.is_ready())
    smtp_server.behaves()
    sending.process.wait(timeout=60)
    stopped = Counter(states(data).values())

    after = serve_until_all_is_settled(data)

    assert sending.process.returncode == 0
    assert set(stopped) == {"sent", "queued"}
    assert after == {"sent": EMAILS}
    assert ledger(smtp_server) == dict.fromkeys(states(data), 1)


def test_ctrl_c_in_the_send_command_ends_the_email_in_hand_and_keeps_the_rest(
    data: Path, founded: Founded, smtp_server: ScriptedServer
) -> None:
    with serving(data, OUTTRAY_ALLOW_LOCAL="1") as server, Program(server, founded.key) as program:
        program.set_up_mailbox(smtp_server)
        program.import_invoices(3)
    stall = smtp_server.stalls_at("CONTENT")

    numbers = [f"RE-{place}" for place in range(3)]
    sending = subprocess.Popen(
        command(data, "send", *numbers, OUTTRAY_ALLOW_LOCAL="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    stall.wait_until_reached()
    sending.send_signal(signal.SIGINT)
    stall.release_soon()
    said, complained = sending.communicate(timeout=60)

    assert sending.returncode == 1
    assert complained == ""
    assert said.count("It is due, and goes when those before it have gone.") == 2
    assert Counter(states(data).values()) == {"sent": 1, "queued": 2}
    assert serve_until_all_is_settled(data) == {"sent": 3}
    assert ledger(smtp_server) == dict.fromkeys(states(data), 1)


def test_a_request_that_comes_eight_times_at_once_sends_once_and_answers_the_same(
    data: Path, founded: Founded, smtp_server: ScriptedServer
) -> None:
    with serving(data, OUTTRAY_ALLOW_LOCAL="1") as server, Program(server, founded.key) as program:
        program.set_up_mailbox(smtp_server)
        documents = program.import_invoices(5)

        with ThreadPoolExecutor(8) as threads:
            answers = list(
                threads.map(lambda _: program.add_to_queue(documents, "run-7"), range(8))
            )
        until(lambda: set(states(data).values()) == {"sent"})

    assert [answer.status_code for answer in answers] == [201] * 8
    assert len({tuple(emails_of(answer)) for answer in answers}) == 1
    assert ledger(smtp_server) == dict.fromkeys(states(data), 1)
    assert len(states(data)) == 5


def emails_of(answer: httpx.Response) -> list[str]:
    return [item["email"]["id"] for item in answer.json()["items"]]
