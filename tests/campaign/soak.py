"""Work for long at half load, with 5 % temporary failures: does anything grow?

`python -m tests.campaign.soak --minutes 60` serves with the real command, finds out in a
first minute how much it takes, and then asks for half of that through the API: import an
invoice, render it, queue it, send it. Meanwhile memory, handles, threads and connections of
the serving processes are read from the kernel (Linux only).
"""

from __future__ import annotations

import argparse
import json
import re
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from itertools import count
from pathlib import Path
from statistics import mean

import httpx

from outtray.documents.samples.samples import sample_documents
from tests.ops.running import Serving, run, serving
from tests.servers.ledger_process import LedgerProcess

EVERY = 5.0  # seconds between two samples
WARM = 0.1  # of the time, in which pools and caches fill; it is not judged
TOLERANCE = 0.05
FAILING = 0.05
BATCH = 10
ANNA = "anna@nordwind.example"


@dataclass(frozen=True, slots=True)
class Sample:
    """What the serving processes hold at one moment."""

    memory_mb: float
    handles: int
    threads: int
    connections: int


def main() -> int:
    parser = argparse.ArgumentParser(prog="soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    wishes = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="outtray-soak-") as name:
        result = soak(Path(name), minutes=wishes.minutes)
    print(json.dumps(result, indent=None if wishes.json else 2))
    return 0 if result["is_flat"] else 1


def soak(folder: Path, *, minutes: float) -> dict[str, object]:
    """Half load for that long, after a minute of as much as it takes."""
    data = folder / "data"
    ledger = LedgerProcess(folder / "ledger")
    key = _founded(data)
    try:
        with (
            serving(data, OUTTRAY_ALLOW_LOCAL="1", OUTTRAY_LOG_LEVEL="error") as server,
            _program(server.port, key) as program,
        ):
            threading.Thread(target=_read_away, args=(server,), daemon=True).start()
            _set_up_mailbox(program, ledger.port)
            ledger.begin_anew()
            ledger.refuse_for_now(1, share=FAILING)
            numbers = count(1)
            most = _queue(program, numbers, seconds=min(60.0, minutes * 12), per_second=0)
            with _watched(server.process.pid) as samples:
                rate = _queue(program, numbers, seconds=minutes * 60, per_second=most / 2)
        return {
            "minutes": minutes,
            "most_per_second": round(most, 1),
            "per_second": round(rate, 1),
            "states": _states(data),
            "accepted": len(ledger.counted()),
            **_judged(samples),
        }
    finally:
        ledger.stop()


def _founded(data: Path) -> str:
    """A company with Anna; her API key."""
    run(data, "migrate")
    run(data, "person", "add", ANNA, "--name", "Anna Andresen", "--new-company", "Nordwind")
    return run(data, "key", "create", "ERP").stdout.strip()


@contextmanager
def _program(port: int, key: str) -> Iterator[httpx.Client]:
    with httpx.Client(
        base_url=f"http://127.0.0.1:{port}/api/v1",
        headers={"Authorization": f"Bearer {key}"},
        timeout=120,
    ) as program:
        yield program


def _set_up_mailbox(program: httpx.Client, port: int) -> None:
    settings = {"host": "localhost", "port": port, "security": "none", "username": ANNA}
    wishes = {"whose": "user", "address": ANNA, "settings": settings, "password": "correct horse"}
    mailbox = program.post("/mailboxes", json=wishes).raise_for_status().json()
    probe = program.post(f"/mailboxes/{mailbox['id']}/probes").raise_for_status().json()
    deadline = time.monotonic() + 60
    while program.get(f"/probes/{probe['id']}").json().get("state") != "passed":
        assert time.monotonic() < deadline, "the mailbox does not pass"
        threading.Event().wait(0.1)


def _queue(
    program: httpx.Client, numbers: Iterator[int], *, seconds: float, per_second: float
) -> float:
    """Queue invoices for so long, at that rate or as many as it takes; how many a second it was."""
    begun, queued = time.monotonic(), 0
    while (passed := time.monotonic() - begun) < seconds:
        early = queued / per_second - passed if per_second else 0
        if early > 0:
            threading.Event().wait(min(early, seconds - passed))
            continue
        _queue_batch(program, numbers)
        queued += BATCH
    return queued / (time.monotonic() - begun)


def _queue_batch(program: httpx.Client, numbers: Iterator[int]) -> None:
    """Import a few invoices that nobody has seen, and add them to the Email Queue."""
    (invoice,) = [d for d in sample_documents(date(2026, 11, 23)) if d["kind"] == "invoice"]
    documents = [{**invoice, "number": f"RE-{next(numbers)}"} for _ in range(BATCH)]
    imported = program.post("/documents", content=json.dumps(documents)).raise_for_status()
    ids = [item["id"] for item in imported.json()["items"]]
    program.post("/emails", json={"documents": ids}).raise_for_status()


def _read_away(server: Serving) -> None:
    """A pipe that nobody reads would stop the server."""
    assert server.process.stdout
    for _ in server.process.stdout:
        pass


@contextmanager
def _watched(pid: int) -> Iterator[list[Sample]]:
    """Samples of a process and its children, more and more of them until the block ends."""
    samples: list[Sample] = []
    over = threading.Event()

    def watch() -> None:
        while not over.wait(EVERY):
            samples.append(_sample([pid, *_children(pid)]))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield samples
    finally:
        over.set()
        watcher.join()


def _sample(pids: Sequence[int]) -> Sample:
    status = {pid: Path(f"/proc/{pid}/status").read_text() for pid in pids}
    handles = [link for pid in pids for link in _links(pid)]
    return Sample(
        memory_mb=sum(_number(text, "VmRSS") for text in status.values()) / 1024,
        handles=len(handles),
        threads=sum(_number(text, "Threads") for text in status.values()),
        connections=sum(link.startswith("socket:") for link in handles),
    )


def _links(pid: int) -> Iterator[str]:
    for handle in Path(f"/proc/{pid}/fd").iterdir():
        try:
            yield str(handle.readlink())
        except FileNotFoundError:
            continue


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in listed]


def _number(text: str, name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+)", text, re.MULTILINE)
    assert found
    return int(found[1])


def _judged(samples: Sequence[Sample]) -> dict[str, object]:
    """The means of the first and the last quarter after the warm-up, and whether they agree."""
    warm = [asdict(sample) for sample in samples[int(len(samples) * WARM) :]]
    quarter = max(1, len(warm) // 4)
    judged: dict[str, Mapping[str, object]] = {}
    for name in Sample.__slots__:
        first = mean(sample[name] for sample in warm[:quarter])
        last = mean(sample[name] for sample in warm[-quarter:])
        judged[name] = {
            "first_quarter": round(first, 1),
            "last_quarter": round(last, 1),
            "is_flat": last <= first * (1 + TOLERANCE),
        }
    is_flat = all(each["is_flat"] for each in judged.values())
    return {"samples": len(samples), **judged, "is_flat": is_flat}


def _states(data: Path) -> dict[str, int]:
    """How many emails stand where at the end, read past the product."""
    with closing(sqlite3.connect(data / "outtray.sqlite3")) as database:
        rows = database.execute("SELECT state, count(*) FROM outbox_email GROUP BY state")
        return {state: number for state, number in rows}  # noqa: C416 - typed so


if __name__ == "__main__":
    sys.exit(main())
