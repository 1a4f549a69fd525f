"""How a process that works ends: the first signal asks it to stop, the second ends it.

1. While it starts, nothing is in hand: the first signal ends it. 2. Later the first signal
begins to stop: no more is claimed, the message in hand is finished, the rest is given back.
3. What has not ended in time is left to the next start, which recovers it from its rows.
A thread watches the signals, so that a main thread that is stuck cannot keep the process.
"""

from __future__ import annotations

import logging
import os
import select
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Protocol

from outtray.lib.clock import SYSTEM
from outtray.outbox.recover import recover_own

WORK_ENDS = 24.0  # seconds that the message in hand gets
AT_THE_LATEST = 29.0  # seconds from the first signal to the end of the process
START_ENDS = 2.0  # seconds that a start which was stopped gets to tidy up
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

log = logging.getLogger("outtray.ops")


class Stoppable(Protocol):
    """An engine, as far as its end goes."""

    def stop(self, seconds: float) -> bool:
        """Ask all work to stop; True if it did within that time. May be called again."""


class Stopping:
    """The signals of this process, and what they begin."""

    def __init__(self, *, within: float = AT_THE_LATEST) -> None:
        self.asked = threading.Event()
        self._within = within
        self._begin: Callable[[], None] | None = None
        self._signals = tuple(n for n in _SIGNALS if signal.getsignal(n) != signal.SIG_IGN)
        self._seen, self._note = os.pipe()
        os.set_blocking(self._note, False)
        threading.Thread(target=self._watch, name="signals", daemon=True).start()

    def listen(self) -> None:
        """Take the signals, in the main thread; once more after a library has taken them.

        A signal that was ignored when the process began (nohup) stays ignored.
        """
        signal.set_wakeup_fd(self._note, warn_on_full_buffer=False)
        for number in _SIGNALS:
            taken = number in self._signals
            signal.signal(number, self._on_signal if taken else signal.SIG_IGN)

    def then(self, begin: Callable[[], None]) -> None:
        """From now on something is in hand: a signal calls `begin`, in a thread of its own.

        It may be called twice.
        """
        self._begin = begin
        if self.asked.is_set():
            begin()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - Python's
        """While nothing is in hand, end here. Locks must not be taken here: we may hold them."""
        if self._begin is None:
            raise SystemExit(0)

    def _watch(self) -> None:
        """Begin at the first signal; end the process at the second, or when time is over."""
        self._wait_for_signal(None)
        self.asked.set()
        if self._begin:
            threading.Thread(target=self._stop, name="stopping", daemon=True).start()
        else:
            self._end_at_second(START_ENDS)
            if self._begin is None:
                os._exit(0)
        self._end_at_second(self._within)
        log.error("the process did not end in time and is ended now")
        os._exit(1)

    def _stop(self) -> None:
        assert self._begin, "there is something to stop"
        self._begin()
        log.info("stopping: no more is claimed")

    def _end_at_second(self, seconds: float) -> None:
        second = self._wait_for_signal(seconds)
        if second:
            os._exit(128 + second)

    def _wait_for_signal(self, seconds: float | None) -> int | None:
        deadline = None if seconds is None else time.monotonic() + seconds
        while True:
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            if not select.select([self._seen], [], [], left)[0]:
                return None
            (number,) = os.read(self._seen, 1)
            if number in self._signals:
                return number


def end_work(engine: Stoppable) -> bool:
    """Let the message in hand be finished and the rest be given back. False if time ran out.

    Then every claim of this process is freed: an email that was being handed over becomes
    unknown, any other one is queued again. A thread that still holds one is fenced off.
    """
    if engine.stop(WORK_ENDS):
        return True
    freed = recover_own(at=SYSTEM.now())
    log.warning("work did not end in time", extra={"claims_freed": len(freed)})
    return False
