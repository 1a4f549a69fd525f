"""Serve pages and API, and deliver, in one process.

1. Be the only one on the data folder, unless a PostgreSQL is shared. 2. Make what is
missing. 3. Start the engine and the web server. 4. On a signal: claim no more, finish the
message in hand, give back the rest; meanwhile let requests end (`stopping.py`).
"""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from granian.constants import Interfaces
from granian.server.mt import MTServer

from outtray.engine import base
from outtray.lib.errors import Refused
from outtray.ops.bootstrap import prepare
from outtray.ops.engine import WorkingEngine, announcing_engine, build_engine
from outtray.ops.folder import make_folder
from outtray.ops.lock import sole_server
from outtray.ops.port import free_address
from outtray.ops.shared import require_same_installation
from outtray.ops.stopping import Stopping, end_work
from outtray.outbox.standstill import held
from outtray.people.setup_link import new_setup_token

WEB_THREADS = 8
REQUESTS_END = 4  # seconds that running requests get at a stop
# Seconds that a busy thread may keep Python's lock from others. A page asks for it again after
# each of its queries, and with Python's 5 ms it waited longer for the lock than it took.
TURN = 0.0002
# Objects made and not freed before Python looks for garbage, and how often it looks further. At
# its usual 700 an import of a thousand documents spent a tenth of its time on that.
GARBAGE = (10_000, 20, 100)

Say = Callable[[str], None]
Beside = Callable[["Server"], None]


def serve(
    host: str, port: int, *, say: Say, delivers: bool = True, beside: Beside | None = None
) -> None:
    """Serve until a signal. Refuses where the folder or the port belongs to another process.

    `beside` runs in a thread of its own once the engine works, and may stop the server.
    Without `delivers` it only serves, and workers deliver.
    """
    stopping = Stopping()
    stopping.listen()
    _require_workers(delivers=delivers)
    with _sole_on_sqlite():
        address = free_address(host, port)
        prepared = prepare()
        if settings.IS_CLUSTER:
            require_same_installation()
        for step in prepared.migrated:
            say(f"migrated  {step}")
        say_if_held(say)
        _introduce(host, port, say)
        engine = build_engine() if delivers else announcing_engine()
        Server(address, port, engine, stopping, beside).run()


def _sole_on_sqlite() -> AbstractContextManager[None]:
    """Machines that share a PostgreSQL may share the data folder too."""
    folder = make_folder(settings.DATA)
    return nullcontext() if settings.IS_CLUSTER else sole_server(folder)


def _require_workers(*, delivers: bool) -> None:
    if not delivers and not settings.IS_CLUSTER:
        raise Refused(
            "worker_needs_postgresql",
            "With SQLite nobody else delivers. Leave --no-delivery away, or share a PostgreSQL "
            "with workers (OUTTRAY_DATABASE_URL).",
        )


def say_if_held(say: Say) -> None:
    """Say in one line that nothing is sent, why, and what to do."""
    hold = held()
    if hold:
        say(f"on hold   {hold.held_why} Nothing is sent before: outtray delivery release")


def _introduce(host: str, port: int, say: Say) -> None:
    shown = f"[{host}]" if ":" in host else host
    say(f"serving   http://{shown}:{port}")
    say(f"data in   {settings.DATA}")
    token = new_setup_token()
    if token:
        say(f"set up    {settings.BASE_URL}/start/{token}   (works once)")


class _OneProcess(MTServer):
    """granian with its worker as a thread of this process, where the engine is too.

    granian offers this for interpreters without the global lock; with the lock it serves
    just as well (docs/decisions.md). Its other form forks a worker process, which a request
    could not wake the engine in, and which Ctrl-C signals twice.
    """

    def _check_gil(self) -> None:
        """Serve whether or not the interpreter has a global lock."""


class Server:
    """One run of the web server and the engine."""

    def __init__(
        self,
        address: str,
        port: int,
        engine: WorkingEngine,
        stopping: Stopping,
        beside: Beside | None,
    ) -> None:
        self._engine = engine
        self._beside = beside
        self._stopping = stopping
        self._web = _OneProcess(
            "outtray",
            address=address,
            port=port,
            interface=Interfaces.WSGI,
            blocking_threads=WEB_THREADS,
            websockets=False,
            log_enabled=False,
            workers_kill_timeout=REQUESTS_END,
        )
        self._web.on_startup(self._start)
        self._web.on_shutdown(self._stop)

    def run(self) -> None:
        """Serve, in the main thread, until stopped."""
        sys.setswitchinterval(TURN)
        # What is there now stays, and looking through all of it for garbage stops every thread.
        gc.freeze()
        gc.set_threshold(*GARBAGE)
        self._web.serve(target_loader=get_wsgi_application, wrap_loader=False)

    def stop(self) -> None:
        """Begin to stop, from any thread."""
        self._engine.stop(0)
        self._web.signal_handler_interrupt()  # type: ignore[no-untyped-call] # granian's

    def _start(self) -> None:
        self._stopping.listen()
        base.use(self._engine)
        self._engine.start()
        self._stopping.then(self.stop)
        if self._beside:
            threading.Thread(target=self._beside, args=(self,), name="beside", daemon=True).start()

    def _stop(self) -> None:
        end_work(self._engine)
