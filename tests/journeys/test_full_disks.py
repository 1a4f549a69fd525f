"""Days on which the disk is full, with the real processes."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import httpx
import pytest

from tests.conftest import PASSWORD
from tests.journeys.founded import Founded, Program, invoices, ledger, own_copy, problem_of, states
from tests.ops.running import Serving, run, serving, until
from tests.servers.scripted import ScriptedServer

pytestmark = pytest.mark.crash


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
