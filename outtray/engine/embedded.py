"""The default engine: threads in the serving process, a wake-up list, and a sweep.

A key that is woken while it is being worked on is worked on once more afterwards, so that
a wake-up between the last look and the end is not lost.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence

from outtray.engine.base import Work
from outtray.lib.clock import Clock

log = logging.getLogger("outtray.engine")

SWEEP_SECONDS = 1.0  # how long a lost wake-up can stay unnoticed
Key = tuple[str, str]


class EmbeddedEngine:
    """Runs work in a fixed number of threads. One key is never worked on by two of them.

    `before` is called in a thread before each piece of work and each sweep, to part with
    what a long-lived thread must not keep, such as a broken database connection.
    """

    def __init__(
        self,
        works: Sequence[Work],
        *,
        threads: int,
        clock: Clock,
        before: Callable[[], None] = lambda: None,
    ) -> None:
        self._works: Mapping[str, Work] = {work.name: work for work in works}
        self._clock = clock
        self._before = before
        self._stop = threading.Event()
        self._sweep_now = threading.Event()
        self._change = threading.Condition()
        self._waiting: deque[Key] = deque()
        self._running: set[Key] = set()
        self._again: set[Key] = set()
        self._threads = [
            threading.Thread(target=self._work, name=f"work-{number}", daemon=True)
            for number in range(threads)
        ]
        self._threads.append(threading.Thread(target=self._sweep, name="sweep", daemon=True))

    def start(self) -> None:
        """Start the threads; the first sweep follows at once."""
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float) -> bool:
        """Ask all work to stop after the step in hand; True if it did within that time."""
        self._stop.set()
        self._sweep_now.set()
        with self._change:
            self._change.notify_all()
        deadline = self._clock.now().timestamp() + seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - self._clock.now().timestamp()))
        return not any(thread.is_alive() for thread in self._threads)

    def wake(self, work: str, key: str) -> None:
        """Have this key worked on soon; at once, if a thread is free."""
        self._add((work, key))
        self._sweep_now.set()

    def _add(self, key: Key) -> None:
        with self._change:
            if key in self._running:
                self._again.add(key)
            elif key not in self._waiting:
                self._waiting.append(key)
                self._change.notify()

    def _work(self) -> None:
        while (key := self._take()) is not None:
            name, subject = key
            try:
                self._before()
                self._works[name].do(subject, self._stop)
            except Exception:  # the outermost loop: rows are recovered by the next sweep
                log.exception("work failed", extra={"work": name, "key": subject})
            finally:
                self._done(key)

    def _take(self) -> Key | None:
        with self._change:
            while not self._waiting and not self._stop.is_set():
                self._change.wait()
            if self._stop.is_set():
                return None
            key = self._waiting.popleft()
            self._running.add(key)
            return key

    def _done(self, key: Key) -> None:
        with self._change:
            self._running.discard(key)
            if key in self._again:
                self._again.discard(key)
                self._waiting.append(key)
                self._change.notify()

    def _sweep(self) -> None:
        while not self._stop.is_set():
            self._sweep_now.clear()
            pause = SWEEP_SECONDS
            try:
                self._before()
                pause = self._sweep_once()
            except Exception:  # the outermost loop: the next sweep looks again
                log.exception("sweep failed")
            self._clock.wait(self._sweep_now, pause)

    def _sweep_once(self) -> float:
        """Wake everything that is due; say how long until something else is."""
        now = self._clock.now()
        pause = SWEEP_SECONDS
        for work in self._works.values():
            for key in work.due(now):
                self._add_idle((work.name, key))
            later = work.next_due(now)
            if later is not None:
                pause = min(pause, max(0.01, (later - now).total_seconds()))
        return pause

    def _add_idle(self, key: Key) -> None:
        """What the sweep finds while it is being worked on needs no second round."""
        with self._change:
            if key not in self._running and key not in self._waiting:
                self._waiting.append(key)
                self._change.notify()
