"""Wait for a fact that another process may bring about."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from outtray.lib.clock import SYSTEM

_LOOK_EVERY = 0.2


def wait_until(fact: Callable[[], bool], *, seconds: float, stop: threading.Event) -> bool:
    """Look for the fact until it holds, that long at most, or until stopped."""
    for _ in range(int(seconds / _LOOK_EVERY)):
        if fact() or SYSTEM.wait(stop, _LOOK_EVERY):
            break
    return fact()


@contextmanager
def stopped_by_ctrl_c() -> Iterator[threading.Event]:
    """An event that the first Ctrl-C sets: what is in hand ends well. The second interrupts."""
    stop = threading.Event()
    before = signal.getsignal(signal.SIGINT)

    def ask_to_stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - Python's
        stop.set()
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, ask_to_stop)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)
