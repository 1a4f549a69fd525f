"""How long one email takes on an idle system, from the press of Add to Email Queue to the 250.

Embedded: the engine in the process of the press, as `outtray serve` has it, on SQLite.
Cluster: the press in one process, `outtray worker` in another, on PostgreSQL. Each press is
from another mailbox, so the connection is opened anew; the PDF is set, the letter composed.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.cast import administrator, company_emails
from benchmarks.fresh import open_folder
from benchmarks.installations import Installation, on_postgres, on_sqlite
from benchmarks.sink import Sink, sink
from outtray.cli.main import set_up

if TYPE_CHECKING:
    from outtray.documents.models import Document
    from outtray.mailboxes.models import Mailbox
    from outtray.people.models import Membership

PRESSES = 60
WARM_UP = 5
PAUSE = 0.13  # seconds of rest before each press; no divisor of the sweeps' periods
LOOK = 0.001


def main() -> None:
    if len(sys.argv) > 1:
        print(json.dumps(_measured(Sink(int(sys.argv[1]), Path(sys.argv[2])))))
        return
    with ExitStack() as stack:
        folder = stack.enter_context(open_folder())
        taker = stack.enter_context(sink(folder))
        embedded = _in_process(on_sqlite(folder / "embedded"), taker)
        installation = stack.enter_context(on_postgres(folder / "cluster"))
        stack.enter_context(installation.worker())
        cluster = _in_process(installation, taker)
    print(json.dumps({"embedded": embedded, "cluster": cluster}, indent=2))


def _in_process(installation: Installation, taker: Sink) -> dict[str, float]:
    """The settings of an installation are read once, so each has a process of its own."""
    settings = [f"{name}={value}" for name, value in installation.variables.items()]
    press = [sys.executable, "-m", "benchmarks.interactive", str(taker.port), str(taker.log)]
    with (installation.folder / "press.log").open("w") as log:
        told = subprocess.check_output(["env", *settings, *press], stderr=log, text=True)
    result: dict[str, float] = json.loads(told)
    return result


def _measured(taker: Sink) -> dict[str, float]:
    set_up()
    anna = administrator()
    mailboxes = company_emails(WARM_UP + PRESSES, anna, port=taker.port)
    document = _document(anna)
    with _engine_of_the_press():
        times = sorted([_press(document, anna, each, taker) for each in mailboxes][WARM_UP:])
    return {
        "p50_ms": round(times[len(times) // 2], 1),
        "p95_ms": round(times[int(len(times) * 0.95)], 1),
        "max_ms": round(times[-1], 1),
    }


@contextmanager
def _engine_of_the_press() -> Iterator[None]:
    """The engine in this process, unless a worker has one."""
    from django.conf import settings

    from outtray.engine import base
    from outtray.ops.engine import build_engine

    if settings.IS_CLUSTER:
        yield
        return
    engine = build_engine()
    base.use(engine)
    engine.start()
    yield
    engine.stop(10)


def _press(document: Document, anna: Membership, mailbox: Mailbox, taker: Sink) -> float:
    from outtray.lib.clock import SYSTEM
    from outtray.outbox.add_to_queue import Wishes, add_to_queue

    SYSTEM.wait(threading.Event(), PAUSE)
    before, begun = taker.taken(), time.perf_counter()
    wishes = Wishes(mailbox=mailbox, again=True)
    (queued,) = add_to_queue([document], membership=anna, wishes=wishes, at=SYSTEM.now())
    assert queued.email, queued.problem
    taker.wait_for(before + 1, look=LOOK, seconds=30)
    return (time.perf_counter() - begun) * 1000


def _document(anna: Membership) -> Document:
    """The invoice of the samples."""
    from outtray.documents.importing import import_documents
    from outtray.documents.samples.samples import sample_documents
    from outtray.lib.clock import now

    payload = json.dumps({"documents": sample_documents(now().date())}).encode()
    imported = import_documents(anna.company, payload, by=anna.person, at=now())
    return next(each for each in imported.documents if each.kind == "invoice")


if __name__ == "__main__":
    main()
