"""Serve pages and API, and deliver, in one process.

1. Be the only one on the data folder. 2. Make what is missing. 3. Start the engine and the
web server. 4. On a signal: let requests end, finish the message in hand, give back the rest.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from types import FrameType

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from granian.constants import Interfaces
from granian.server.mt import MTServer

from outtray.engine import base
from outtray.lib.clock import SYSTEM
from outtray.ops.bootstrap import prepare
from outtray.ops.engine import build_engine
from outtray.ops.folder import make_folder
from outtray.ops.lock import sole_server
from outtray.ops.port import free_address
from outtray.people.setup_link import new_setup_token

WEB_THREADS = 8
REQUESTS_END = 4  # seconds that running requests get at a stop
WORK_ENDS = 24  # seconds that the message in hand gets
AT_THE_LATEST = 29  # seconds from the first signal to the end of the process
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Say = Callable[[str], None]
Beside = Callable[["Server"], None]


def serve(host: str, port: int, *, say: Say, beside: Beside | None = None) -> None:
    """Serve until a signal. Refuses where the folder or the port belongs to another process.

    `beside` runs in a thread of its own once the engine works, and may stop the server.
    """
    with sole_server(make_folder(settings.DATA)):
        address = free_address(host, port)
        prepared = prepare()
        for step in prepared.migrated:
            say(f"migrated  {step}")
        if prepared.held:
            say(f"on hold   {prepared.held} emails, because the data came from a backup")
        _introduce(host, port, say)
        Server(address, port, beside).run()


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

    def __init__(self, address: str, port: int, beside: Beside | None) -> None:
        self._engine = build_engine()
        self._beside = beside
        self._signalled = threading.Event()
        self._ignores_hangup = signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
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
        self._web.serve(target_loader=get_wsgi_application, wrap_loader=False)

    def stop(self) -> None:
        """Begin to stop, from any thread."""
        self._web.signal_handler_interrupt()  # type: ignore[no-untyped-call] # granian's

    def _start(self) -> None:
        for number in _SIGNALS:
            signal.signal(number, self._on_signal)
        if self._ignores_hangup:
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
        base.use(self._engine)
        self._engine.start()
        if self._beside:
            threading.Thread(target=self._beside, args=(self,), name="beside", daemon=True).start()

    def _stop(self) -> None:
        self._engine.stop(WORK_ENDS)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - Python's
        """The first asks to stop; the second ends the process, and rows are recovered later."""
        if self._signalled.is_set():
            os._exit(128 + number)
        self._signalled.set()
        threading.Thread(target=_end_in_time, name="deadline", daemon=True).start()
        self.stop()


def _end_in_time() -> None:
    """A page that never ends, or a server that is silent, must not keep the process."""
    SYSTEM.wait(threading.Event(), AT_THE_LATEST)
    os._exit(1)
