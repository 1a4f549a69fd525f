"""The month end: thousands of invoices from JSON to accepted by a server, with their PDFs.

    python -m benchmarks.month_end [--documents 5000]

One `outtray serve` as one gets it, on SQLite, and Postfix's smtp-sink, on the same cores. The
clock runs from the first byte of the import to the last answer of the sink; meanwhile somebody
opens pages. `cpu_ms` is what one invoice costs, by process.
"""

from __future__ import annotations

import argparse
import http.client
import json
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

from benchmarks.cast import administrator, company_emails
from benchmarks.fresh import installation, open_folder
from benchmarks.installations import Installation
from benchmarks.month import invoices
from benchmarks.sink import Sink, sink
from benchmarks.usage import cpu_seconds, memory_mb
from tests.servers import processes

IMPORTED_AT_ONCE = 1_000
LOOK = 0.5  # seconds between two looks at memory
OPENED_EVERY = 0.25  # seconds between two pages
PAGES = ("/queue/", "/documents/")


def main() -> None:
    arguments = argparse.ArgumentParser(prog="month_end", description=__doc__)
    arguments.add_argument("--documents", type=int, default=5_000)
    count = arguments.parse_args().documents
    with open_folder() as folder, sink(folder) as taker:
        print(json.dumps(_measured(count, taker), indent=2))


def _measured(count: int, taker: Sink) -> dict[str, object]:
    bodies = list(_bodies(count))
    with installation(OUTTRAY_ALLOW_LOCAL="1") as data:
        key, cookie = _prepared(taker.port)
        served = Installation(data, {"OUTTRAY_DATA": str(data), "OUTTRAY_ALLOW_LOCAL": "1"})
        with served.serving() as (server, port), _watched(server, port, cookie) as seen:
            spent, begun = cpu_seconds([server]), time.perf_counter()
            run = _started(Api(port, key), bodies, count)
            taker.wait_for(count, look=0.05, seconds=7_200)
            seconds = time.perf_counter() - begun
            cpu = cpu_seconds([server]) - spent
            told = Api(port, key).ask("GET", f"/runs/{run}")
    assert told["accepted"] == count, told
    return {
        "documents": count,
        "seconds": round(seconds, 1),
        "per_second": round(count / seconds, 1),
        "peak_mb": round(max(seen.memory), 1),
        "page_p95_ms": round(_percentile(seen.pages, 95), 1),
        "page_median_ms": round(_percentile(seen.pages, 50), 1),
        "cpu_ms": round(cpu / count * 1000, 1),
    }


def _bodies(count: int) -> Iterator[bytes]:
    papers = invoices(count)
    for first in range(0, count, IMPORTED_AT_ONCE):
        yield json.dumps({"documents": papers[first : first + IMPORTED_AT_ONCE]}).encode()


def _prepared(port: int) -> tuple[str, str]:
    """A company whose invoices are sent from one mailbox; an API key, and a session of a page."""
    from django.conf import settings
    from django.test import Client

    from outtray.compose.models import DocumentDefault
    from outtray.lib.clock import now
    from outtray.people.keys import create_key

    anna = administrator()
    (mailbox,) = company_emails(1, anna, port=port)
    DocumentDefault.objects.create(company=anna.company, kind="invoice", send_from=mailbox)
    client = Client(headers={"host": "localhost"})
    client.force_login(anna.person)
    _, secret = create_key(anna, "the bench", at=now())
    return secret.value, client.cookies[settings.SESSION_COOKIE_NAME].value


def _started(api: Api, bodies: Sequence[bytes], count: int) -> str:
    for body in bodies:
        api.ask("POST", "/documents", body)
    run: str = api.ask("POST", "/runs", b'{"filter": {"kind": "invoice"}}')["id"]
    while api.ask("GET", f"/runs/{run}")["state"] == "previewing":
        processes.pause(0.1)
    api.ask("POST", f"/runs/{run}/start", json.dumps({"confirm": count}).encode())
    return run


class Api:
    """One client of the API, with its key."""

    def __init__(self, port: int, key: str) -> None:
        self._port, self._key = port, key

    def ask(self, method: str, path: str, body: bytes = b"") -> Any:
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        with closing(http.client.HTTPConnection("localhost", self._port, timeout=600)) as asked:
            asked.request(method, f"/api/v1{path}", body, headers)
            answer = asked.getresponse()
            said = answer.read()
        if answer.status >= 300:
            sys.exit(f"{method} {path} answered {answer.status}: {said[:2000]!r}")
        return json.loads(said)


@dataclass(slots=True)
class Seen:
    """Megabytes, and milliseconds of pages, as they were seen on the way."""

    memory: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)


@contextmanager
def _watched(server: int, port: int, cookie: str) -> Iterator[Seen]:
    """Look at memory and open pages until the block ends."""
    seen, over = Seen(), threading.Event()

    def look() -> None:
        while not over.wait(LOOK):
            seen.memory.append(memory_mb([server]))

    def open_pages() -> None:
        number = 0
        while not over.wait(OPENED_EVERY):
            seen.pages.append(_milliseconds(port, PAGES[number % len(PAGES)], cookie))
            number += 1

    threads = [threading.Thread(target=each, daemon=True) for each in (look, open_pages)]
    for thread in threads:
        thread.start()
    yield seen
    over.set()
    for thread in threads:
        thread.join(10)


def _milliseconds(port: int, path: str, cookie: str) -> float:
    from django.conf import settings

    begun = time.perf_counter()
    with closing(http.client.HTTPConnection("localhost", port, timeout=60)) as asked:
        asked.request("GET", path, headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"})
        answer = asked.getresponse()
        answer.read()
    assert answer.status == 200, (path, answer.status)
    return (time.perf_counter() - begun) * 1000


def _percentile(values: Sequence[float], percent: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


if __name__ == "__main__":
    main()
