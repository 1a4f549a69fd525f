"""Deliver without serving pages: one of any number of such processes, on any machines.

1. See that database, keys and stored files are those of the others. 2. Start the engine.
3. On a signal: finish the message in hand, give back the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.conf import settings

from outtray.engine import base
from outtray.lib.errors import Refused
from outtray.ops.bootstrap import prepare
from outtray.ops.engine import WorkingEngine, build_engine
from outtray.ops.metrics import serve_metrics
from outtray.ops.shared import require_keys, require_same_installation
from outtray.ops.stopping import Stopping, end_work


def work(*, metrics_port: int | None, say: Callable[[str], None]) -> None:
    """Work until a signal. Refuses on SQLite, and where this machine lacks what is shared."""
    if not settings.IS_CLUSTER:
        raise Refused(
            "worker_needs_postgresql",
            "Workers share their work through PostgreSQL, and OUTTRAY_DATABASE_URL names none. "
            "With SQLite `outtray serve` delivers by itself.",
        )
    stopping = Stopping()
    stopping.listen()
    require_keys()
    prepare(migrate=False)
    require_same_installation()
    if metrics_port is not None:
        serve_metrics(metrics_port)
    engine = build_engine()
    base.use(engine)
    engine.start()
    stopping.then(partial(_ask_to_stop, engine))
    say(f"working   {settings.WORKER_THREADS} mailboxes at a time")
    say(f"data in   {settings.DATA}")
    stopping.asked.wait()
    end_work(engine)


def _ask_to_stop(engine: WorkingEngine) -> None:
    engine.stop(0)
