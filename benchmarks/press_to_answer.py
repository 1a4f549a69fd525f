"""How long one email takes from the press of Add to Email Queue to the server's 250.

On loopback, with STARTTLS, to the demo's mail server, which shares this process.
"""

from __future__ import annotations

import json
import threading
import time
from contextlib import ExitStack

from benchmarks.fresh import installation, spread
from outtray.ops.demo.stage import stage

COUNT = 60
WARM_UP = 6


def main() -> None:
    with ExitStack() as stack:
        staged = stack.enter_context(stage(port=8025, folder=None, outside=None))
        stack.enter_context(installation(**staged.variables))
        from outtray.engine import base
        from outtray.lib.clock import SYSTEM
        from outtray.ops.demo.story import import_samples, set_up
        from outtray.ops.engine import build_engine

        engine = build_engine()
        base.use(engine)
        engine.start()
        cast = set_up(staged.destination, "a quiet harbour", clock=SYSTEM, say=_silent)
        documents = import_samples(cast, SYSTEM)
        times = [_press(documents[turn % 6], cast.user) for turn in range(WARM_UP + COUNT)]
        engine.stop(10)
    print(json.dumps(spread(times[WARM_UP:]), indent=2))


def _press(document: object, membership: object) -> float:
    from outtray.documents.models import Document
    from outtray.lib.clock import SYSTEM
    from outtray.outbox.add_to_queue import Wishes, add_to_queue
    from outtray.outbox.models import Email
    from outtray.people.models import Membership

    assert isinstance(document, Document)
    assert isinstance(membership, Membership)
    begun, at = time.perf_counter(), SYSTEM.now()
    (queued,) = add_to_queue([document], membership=membership, wishes=Wishes(again=True), at=at)
    assert queued.email, queued.problem
    sent = Email.objects.filter(pk=queued.email.pk, state="sent")
    while not sent.exists():
        SYSTEM.wait(threading.Event(), 0.002)
        assert time.perf_counter() - begun < 60, "it was not sent"
    return (time.perf_counter() - begun) * 1000


def _silent(what: str, change: str) -> None:
    pass


if __name__ == "__main__":
    main()
