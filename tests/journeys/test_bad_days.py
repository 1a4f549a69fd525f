"""Days on which processes die, disks fill up and programs ask twice, with the real processes.

The scripted server's list of what it has taken is the ledger: what counts is not what we
believe to have sent, but what arrived, and how often.
"""

from __future__ import annotations

import email as mail
import json
import shutil
import signal
import sqlite3
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from outtray.documents.samples.samples import sample_documents
from tests.conftest import PASSWORD
from tests.ops.running import ROOT, Serving, command, run, serving, until
from tests.servers.scripted import ScriptedServer
from tests.servers.sent_folders import PASSWORDS, SentFolders

pytestmark = pytest.mark.crash

ANNA = "anna@nordwind.example"
EMAILS = 60


class Founded(NamedTuple):
    """A company as the commands make it: its data folder, Anna's API key and password link."""

    data: Path
    key: str
    link: str


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Founded:
    data = tmp_path_factory.mktemp("founded") / "data"
    steps = (
        ("migrate",),
        ("person", "add", ANNA, "--name", "Anna Andresen", "--new-company", "Nordwind"),
        ("key", "create", "ERP"),
    )
    done = [run(data, *step) for step in steps]
    assert [each.returncode for each in done] == [0, 0, 0], done
    _, _, link = done[1].stdout.partition(":8025/")
    return Founded(data, key=done[2].stdout.strip(), link=link.strip())


@pytest.fixture
def data(founded: Founded, tmp_path: Path) -> Path:
    return own_copy(founded, tmp_path / "data")


def own_copy(founded: Founded, data: Path) -> Path:
    """The company once more, with its administrator's word that this copy may send."""
    shutil.copytree(founded.data, data)
    released = run(data, "delivery", "release")
    assert released.returncode == 0, released
    return data


class Program(httpx.Client):
    """A program that asks the API with Anna's key."""

    def __init__(self, server: Serving, key: str) -> None:
        super().__init__(
            base_url=f"http://127.0.0.1:{server.port}/api/v1",
            headers={"Authorization": f"Bearer {key}"},
            timeout=60,
        )

    def set_up_mailbox(
        self, smtp_server: ScriptedServer, sent_folders: SentFolders | None = None
    ) -> None:
        """Anna's User Email, and a probe that passes; its test mail leaves the ledger again."""
        sent_folder = sent_folders.settings() if sent_folders else {}
        wishes = {
            "whose": "user",
            "address": ANNA,
            "settings": {**smtp_server.settings(username=ANNA), **sent_folder},
            "password": PASSWORDS[ANNA],
        }
        mailbox = self.post("/mailboxes", json=wishes).raise_for_status().json()
        probe = self.post(f"/mailboxes/{mailbox['id']}/probes").raise_for_status().json()
        until(lambda: self.get(f"/probes/{probe['id']}").json().get("state") == "passed")
        smtp_server.received.clear()

    def import_invoices(self, number: int) -> list[str]:
        imported = self.post("/documents", content=invoices(number)).raise_for_status()
        return [item["id"] for item in imported.json()["items"]]

    def add_to_queue(self, documents: list[str], key: str = "") -> httpx.Response:
        headers = {"Idempotency-Key": key} if key else {}
        return self.post("/emails", json={"documents": documents}, headers=headers)


def invoices(number: int) -> str:
    (invoice,) = [d for d in sample_documents(date(2026, 11, 23)) if d["kind"] == "invoice"]
    return json.dumps([{**invoice, "number": f"RE-{place}"} for place in range(number)])


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


def states(data: Path) -> dict[str, str]:
    """The state of each email by its Message-ID, read past the product."""
    with closing(sqlite3.connect(data / "outtray.sqlite3")) as database:
        return dict(database.execute("SELECT message_id, state FROM outbox_email"))


def serve_until_all_is_settled(data: Path) -> Counter[str]:
    with serving(data, OUTTRAY_ALLOW_LOCAL="1"):
        until(lambda: not {"queued", "sending"} & set(states(data).values()))
    return Counter(states(data).values())


def ledger(smtp_server: ScriptedServer) -> Counter[str]:
    """How often each message arrived."""
    return Counter(
        str(mail.message_from_bytes(content)["Message-ID"]) for _, content in smtp_server.received
    )


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


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 24 MB, in memory."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(disk)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        # No program that could be installed: the right to mount, which many machines withhold.
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


class Filler:
    """A file that takes all the room of a disk, but for some bytes, until it is removed."""

    def __init__(self, disk: Path) -> None:
        self._path = disk / "filler"

    def fill(self, *, leave: int = 0) -> None:
        free = shutil.disk_usage(self._path.parent).free
        self._path.write_bytes(bytes(free - leave))

    def make_room(self) -> None:
        self._path.unlink()


def test_a_full_disk_is_said_in_words_and_loses_nothing(
    small_disk: Path, founded: Founded, smtp_server: ScriptedServer
) -> None:
    data, filler = own_copy(founded, small_disk / "data"), Filler(small_disk)
    with serving(data, OUTTRAY_ALLOW_LOCAL="1") as server, Program(server, founded.key) as program:
        program.set_up_mailbox(smtp_server)
        documents = program.import_invoices(4)

        filler.fill()
        refused = {
            "import": program.post("/documents", content=invoices(9)),
            "accept": program.add_to_queue(documents[:1], "k"),
            "probe": program.post(f"/mailboxes/{mailbox_of(program)}/probes"),
        }
        page = choose_password(server, founded.link)
        filler.make_room()

        assert {name: problem_of(answer) for name, answer in refused.items()} == dict.fromkeys(
            refused, (507, "disk_full")
        )
        assert page.status_code == 507
        assert "The disk is full" in page.text
        assert program.add_to_queue(documents[:1], "k").status_code == 201

        stall = smtp_server.stalls_at("CONTENT")
        program.add_to_queue(documents[1:])
        stall.wait_until_reached()
        filler.fill()
        smtp_server.behaves()
        wait_until_said(server, "the outcome cannot be stored")
        filler.make_room()
        until(lambda: set(states(data).values()) == {"sent"})

    assert ledger(smtp_server) == dict.fromkeys(states(data), 1)
    assert len(states(data)) == 4


def wait_until_said(server: Serving, words: str) -> None:
    """Read the server's log up to a line with these words."""
    log = server.process.stdout
    assert log
    found: list[str] = []
    lines = (line for line in log if words in line)
    reader = threading.Thread(target=lambda: found.extend(islice(lines, 1)), daemon=True)
    reader.start()
    reader.join(60)
    assert found, f"the server never said {words!r}"


@pytest.mark.parametrize("leave", [0, 16_384, 200_000])
def test_a_start_on_a_full_disk_says_so_and_a_later_one_goes_on(
    small_disk: Path, leave: int
) -> None:
    filler = Filler(small_disk)
    filler.fill(leave=leave)

    refused = run(small_disk / "data", "serve", "--port", "1")
    filler.make_room()
    later = run(small_disk / "data", "migrate")

    assert refused.returncode == 1
    assert refused.stderr == (
        f"outtray: The disk that holds {small_disk / 'data'} is full. Make room first.\n"
    )
    assert later.returncode == 0


def choose_password(server: Serving, link: str) -> httpx.Response:
    with httpx.Client(base_url=f"http://127.0.0.1:{server.port}/") as browser:
        browser.get(link).raise_for_status()
        form = {"password": PASSWORD, "csrfmiddlewaretoken": browser.cookies["outtray_csrf"]}
        return browser.post(link, data=form)


def mailbox_of(program: Program) -> str:
    return str(program.get("/mailboxes").json()["items"][0]["id"])


def problem_of(answer: httpx.Response) -> tuple[int, Any]:
    return answer.status_code, answer.json().get("code")
