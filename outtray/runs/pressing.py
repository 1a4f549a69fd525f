"""Where the letters of a run are made: in this thread, or in processes beside this one.

Typst works outside of Python's lock, but all else that a letter takes does not, and pages want
that lock too. So many letters are made by presses, processes that are spawned for the run:
a fork of one that has used Typst hangs. A press that dies, or takes too long, costs the
letter at which it did so, and no other.
"""

from __future__ import annotations

import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Protocol, cast

from django.conf import settings

from outtray.lib.errors import Refused
from outtray.outbox.accept import Prepared
from outtray.outbox.planning import LetterPlan
from outtray.runs.making import make_all
from outtray.runs.press import receive, send

WORTH_A_PRESS = 40  # documents: a press takes a second to start
PATIENCE = 60.0  # seconds for a batch, many times what one needs

Result = Prepared | Refused


@dataclass(frozen=True, slots=True)
class Making:
    """Letters that are being made."""

    future: Future[list[Result]]

    @classmethod
    def of(cls, made: list[Result]) -> Making:
        done: Future[list[Result]] = Future()
        done.set_result(made)
        return cls(done)

    def results(self) -> list[Result]:
        """What became of each, as soon as all are done. Raises Refused where there is no room."""
        return self.future.result()


class Presses(Protocol):
    """What makes letters out of plans, so many batches at the same time.

    `batch` is how many documents are best given, and accepted, together.
    """

    count: int
    batch: int

    def make(self, plans: Sequence[LetterPlan], *, at: datetime) -> Making:
        """Begin to make these; what cannot be made is answered with its reason."""


@contextmanager
def presses_for(documents: int) -> Iterator[Presses]:
    """As many as it is worth to start for so many documents, until the block ends."""
    count = min(settings.RENDER_PROCESSES, documents // WORTH_A_PRESS)
    if not count:
        yield Here()
        return
    beside = Beside(count)
    try:
        yield beside
    finally:
        beside.close()


class Here:
    """In this thread, at once."""

    count = 0
    batch = 10

    def make(self, plans: Sequence[LetterPlan], *, at: datetime) -> Making:
        return Making.of(make_all(plans, at=at))


class Beside:
    """Some presses, each asked by a thread that waits for it."""

    batch = 40

    def __init__(self, count: int) -> None:
        self.count = count
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="press")
        self._presses = [Press() for _ in range(count)]
        self._free: queue.SimpleQueue[Press] = queue.SimpleQueue()
        for press in self._presses:
            self._free.put(press)

    def make(self, plans: Sequence[LetterPlan], *, at: datetime) -> Making:
        return Making(self._threads.submit(self._make, list(plans), at))

    def close(self) -> None:
        """End all presses, whatever they are at."""
        for press in self._presses:
            press.end()
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _make(self, plans: list[LetterPlan], at: datetime) -> list[Result]:
        press = self._free.get()
        try:
            return _made(press, plans, at)
        finally:
            self._free.put(press)


def _made(press: Press, plans: list[LetterPlan], at: datetime) -> list[Result]:
    """All together; if the press dies of it, one after the other, to find out of which."""
    if not plans:
        return []
    try:
        return press.ask(plans, at)
    except PressGoneError:
        if len(plans) > 1:
            return [made for plan in plans for made in _made(press, [plan], at)]
    number = plans[0].documents[0].number
    detail = f"{number} could not be made: it takes more time or memory than there is."
    return [Refused("not_made", detail)]


class PressGoneError(Exception):
    """It died, or took too long and was ended. The next question starts another."""


class Press:
    """The asking side of one press."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._is_over = False

    @property
    def pid(self) -> int | None:
        """The running process, for those who want to look at it."""
        return self._process.pid if self._process else None

    def ask(self, plans: list[LetterPlan], at: datetime) -> list[Result]:
        """What the press makes of these. Raises PressGoneError, and Refused for all of them."""
        process = self._started()
        in_time = threading.Timer(PATIENCE, process.kill)
        in_time.start()
        try:
            send(cast("IO[bytes]", process.stdin), (plans, at))
            answer = receive(cast("IO[bytes]", process.stdout))
        except OSError:
            answer = None
        finally:
            in_time.cancel()
        if answer is None:
            self._end()
            raise PressGoneError
        if isinstance(answer, Refused):
            raise answer
        return cast("list[Result]", answer)

    def end(self) -> None:
        """End it for good."""
        self._is_over = True
        self._end()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._is_over:
            raise PressGoneError
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "outtray.runs.press"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):  # what was not written is for nobody
                cast("IO[bytes]", pipe).close()
