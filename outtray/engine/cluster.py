"""The engine for many processes on many machines, which meet in a PostgreSQL.

Each worker process has threads, turns, timers and a sweep of its own, those of the embedded
engine. A wake-up is a job of Procrastinate's, deferred in the transaction that writes the
rows; whichever process takes the job gives its key to its own threads, and forgets the job.
So a job that is lost or doubled, or whose process dies, costs a sweep's time at most.

A key is worked on by one process at a time (an advisory lock, which PostgreSQL lets go of
when a process dies). That is for economy: what is right is decided by claims.
"""

from __future__ import annotations

import hashlib
import random
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import DatabaseError, connection

from outtray.engine.announcer import Announcer
from outtray.engine.base import Work
from outtray.engine.embedded import EmbeddedEngine
from outtray.engine.listener import Listener
from outtray.lib.clock import Clock

# How long a lost wake-up can stay unnoticed, about: every process sweeps at its own pace.
SWEEP = timedelta(seconds=5)
JITTER = 0.2
# Each thread has a connection, of which a PostgreSQL has a hundred if nobody says otherwise.
MORE_THREADS = 6
# A wake-up that came while another process had the key is looked at again after this.
TAKEN = timedelta(seconds=1)


class ClusterEngine(Announcer):
    """Runs work in this process's threads, together with all other such processes."""

    def __init__(
        self,
        works: Sequence[Work],
        *,
        threads: int,
        clock: Clock,
        before: Callable[[], None] = lambda: None,
        leave: Callable[[], None] = lambda: None,
        at_end: Callable[[], None] = lambda: None,
        sweep: timedelta = SWEEP,
    ) -> None:
        self._local = EmbeddedEngine(
            [_OneProcess(work, clock) for work in works],
            threads=threads,
            clock=clock,
            before=before,
            leave=leave,
            at_end=at_end,
            more=MORE_THREADS,
            sweep=sweep * random.uniform(1 - JITTER, 1 + JITTER),  # noqa: S311 - no secret
        )
        self._listener = Listener(self._local.add, clock)

    def start(self) -> None:
        """Start the threads and listen; the first sweep follows at once."""
        self._local.start()
        self._listener.start()

    def stop(self, seconds: float) -> bool:
        """Ask all work to stop after the step in hand; True if it did within that time."""
        self._listener.stop()
        return self._local.stop(seconds)

    @property
    def is_alive(self) -> bool:
        """Whether it runs, or was never started or has been stopped on purpose."""
        return self._local.is_alive


class _OneProcess:
    """A work of which each key is done by one process at a time."""

    def __init__(self, work: Work, clock: Clock) -> None:
        self.name = work.name
        self._work = work
        self._clock = clock

    def due(self, at: datetime) -> Iterable[str]:
        return self._work.due(at)

    def do(self, key: str, stop: threading.Event) -> datetime | None:
        with _taken(f"{self.name} {key}") as is_ours:
            if is_ours:
                return self._work.do(key, stop)
        # Its rows may be younger than the other's last look, and the wake-up is used up.
        return self._clock.now() + TAKEN


@contextmanager
def _taken(name: str) -> Iterator[bool]:
    """Hold the advisory lock of that name, unless another process does."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        (is_ours,) = cursor.fetchone()
    try:
        yield is_ours
    finally:
        if is_ours:
            _let_go(number)


def _let_go(number: int) -> None:
    """A connection that cannot let go is closed, and its locks go with it."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [number])
    except DatabaseError:
        connection.close()
