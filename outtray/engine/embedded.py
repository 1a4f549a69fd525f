"""The default engine: threads in the serving process, keys that take turns, and a sweep.

A key that is woken while it is being worked on is worked on once more afterwards, so that
a wake-up between the last look and the end is not lost. While all threads wait for servers,
further ones are started.
"""

from __future__ import annotations

import heapq
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from outtray.engine.base import Work
from outtray.engine.crowding import Crowding
from outtray.engine.turns import Key, Turns
from outtray.lib.clock import Clock

log = logging.getLogger("outtray.engine")

SWEEP = timedelta(seconds=1)  # how long a lost wake-up can stay unnoticed
SOON = timedelta(minutes=1)  # what is due later than this is left to the sweep
LOOK = 0.1  # seconds between two looks for news, and whether all threads are waiting
GRAIN = 0.01  # seconds: what is due within so little time is woken together
BUSY = 0.7  # of a core
MORE_THREADS = 16  # times as many as usual, while they wait for servers

AfterCommit = Callable[[Callable[[], None]], object]


def at_once(call: Callable[[], None]) -> None:
    """For wake-ups that belong to no transaction."""
    call()


class EmbeddedEngine:
    """Runs work in threads. One key is never worked on by two of them.

    `before` is called in a thread before each piece of work and each sweep, to part with
    what a long-lived thread must not keep, such as a broken database connection; `has_news`
    says, without costing much, whether another process may have written rows; `leave` in
    a thread that ends;
    `after_commit` runs a wake-up when the rows are there; `at_end` ends what work has kept.
    """

    def __init__(
        self,
        works: Sequence[Work],
        *,
        threads: int,
        clock: Clock,
        before: Callable[[], None] = lambda: None,
        leave: Callable[[], None] = lambda: None,
        after_commit: AfterCommit = at_once,
        at_end: Callable[[], None] = lambda: None,
        has_news: Callable[[], bool] = lambda: False,
        sweep: timedelta = SWEEP,
        more: int = MORE_THREADS,
        crowding: Crowding | None = None,
    ) -> None:
        self._works: Mapping[str, Work] = {work.name: work for work in works}
        self._clock = clock
        self._before = before
        self._leave = leave
        self._after_commit = after_commit
        self._at_end = at_end
        self._has_news = has_news
        self._sweep_every = sweep
        self._stop = threading.Event()
        self._look = threading.Event()
        self._change = threading.Condition()
        self._turns = Turns()
        self._running: set[Key] = set()
        self._again: dict[Key, bool] = {}
        self._later: list[tuple[datetime, Key]] = []
        self._later_at: dict[Key, datetime] = {}
        self._idle = 0
        self._moved_at = clock.now()
        self._spent, self._looked_at = time.process_time(), time.monotonic()
        self._usual, self._most = threads, threads * more
        self._side_by_side = self._most
        self._crowding = crowding or Crowding()
        self._started = 0
        self._threads: set[threading.Thread] = set()
        self._sweeper = threading.Thread(target=self._sweep, name="sweep", daemon=True)

    def start(self) -> None:
        """Start the threads; the first sweep follows at once."""
        with self._change:
            for _ in range(self._usual):
                self._start_thread()
        self._sweeper.start()

    def stop(self, seconds: float) -> bool:
        """Ask all work to stop after the step in hand; True if it did within that time."""
        self._stop.set()
        self._look.set()
        with self._change:
            self._change.notify_all()
            threads = [*self._threads, self._sweeper]
        deadline = time.monotonic() + seconds
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        stopped = not any(thread.is_alive() for thread in threads)
        if stopped:
            self._at_end()
        return stopped

    @property
    def is_alive(self) -> bool:
        """Whether it runs, or was never started or has been stopped on purpose."""
        was_started = self._sweeper.ident is not None
        return self._stop.is_set() or not was_started or self._sweeper.is_alive()

    def wake(self, work: str, key: str, *, urgent: bool = False) -> None:
        """Have this key worked on once the transaction is committed; at once, if it can be."""
        self._after_commit(lambda: self.add(work, key, urgent=urgent))

    def add(self, work: str, key: str, *, urgent: bool = False) -> None:
        """Have this key worked on now."""
        with self._change:
            self._add((work, key), urgent=urgent)

    def _add(self, key: Key, *, urgent: bool = False) -> None:
        if key in self._running:
            self._again[key] = urgent or self._again.get(key, False)
        elif self._turns.add(key, urgent=urgent) and self._has_room():
            self._change.notify()

    def _has_room(self) -> bool:
        return len(self._running) < self._side_by_side

    def _start_thread(self) -> None:
        self._started += 1
        thread = threading.Thread(target=self._work, name=f"work-{self._started}", daemon=True)
        self._threads.add(thread)
        thread.start()

    def _work(self) -> None:
        while (key := self._take()) is not None:
            name, subject = key
            again_at, begun = None, time.thread_time()
            try:
                self._before()
                again_at = self._works[name].do(subject, self._stop)
            except Exception:  # the outermost loop: rows are recovered by the next sweep
                log.exception("work failed", extra={"work": name, "key": subject})
            finally:
                self._done(key, again_at, spent=time.thread_time() - begun)
        self._leave()

    def _take(self) -> Key | None:
        """The next key, once there is one. None if this thread is to end."""
        with self._change:
            while not self._stop.is_set():
                key = self._turns.take() if self._has_room() else None
                if key:
                    self._running.add(key)
                    self._moved_at = self._clock.now()
                    return key
                if len(self._threads) > self._usual:
                    break
                self._idle += 1
                self._change.wait()
                self._idle -= 1
            self._threads.discard(threading.current_thread())
            return None

    def _done(self, key: Key, again_at: datetime | None, *, spent: float) -> None:
        with self._change:
            self._running.discard(key)
            self._crowding.ended(spent)
            self._moved_at = self._clock.now()
            if key in self._again:
                self._add(key, urgent=self._again.pop(key))
            elif again_at is not None and again_at <= self._moved_at:
                self._add(key)
            elif again_at is not None:
                self._add_later(key, again_at)

    def _add_later(self, key: Key, at: datetime) -> None:
        """Remember what the sweep would find too late."""
        known = self._later_at.get(key)
        if at - self._moved_at > SOON or (known is not None and known <= at):
            return
        is_next = not self._later or at < self._later[0][0]
        self._later_at[key] = at
        heapq.heappush(self._later, (at, key))
        if is_next:
            self._look.set()

    def _sweep(self) -> None:
        next_look = next_sweep = self._clock.now()
        while not self._stop.is_set():
            self._look.clear()
            now = self._clock.now()
            if now >= next_look:
                next_look = now + timedelta(seconds=LOOK)
                if now >= next_sweep or self._news():
                    self._sweep_tables(now)
                    next_sweep = self._clock.now() + self._sweep_every
            pause = self._look_around()
            self._clock.wait(self._look, pause)
        self._leave()

    def _news(self) -> bool:
        """Asked while a thread has nothing to do; else there is enough, and it can wait."""
        try:
            return bool(self._idle and not self._turns) and self._has_news()
        except Exception:  # the outermost loop: the next sweep looks anyway
            log.exception("the look for news failed")
            return False

    def _sweep_tables(self, now: datetime) -> None:
        """Wake everything that is due. What is being worked on needs no second round."""
        try:
            self._before()
            for work in self._works.values():
                for subject in work.due(now):
                    with self._change:
                        if (work.name, subject) not in self._running:
                            self._add((work.name, subject))
        except Exception:  # the outermost loop: the next sweep looks again
            log.exception("sweep failed")

    def _judge(self, passed: float) -> None:
        """Start threads where all are held up; let one work alone where they are in the way.

        Python runs one thread at a time: more of them help only those that wait for servers.
        """
        spent = time.process_time() - self._spent
        self._spent, self._looked_at = time.process_time(), time.monotonic()
        self._side_by_side = 1 if self._crowding.is_felt(passed) else self._most
        if self._side_by_side > 1:
            self._change.notify(len(self._turns))
        if self._turns and not self._idle and spent < BUSY * passed:
            self._help()

    def _help(self) -> None:
        """As many threads more as there are keys that wait, half as many again at most."""
        room = self._most - len(self._threads)
        for _ in range(min(len(self._turns), room, len(self._threads) // 2 + 1)):
            self._start_thread()

    def _look_around(self) -> float:
        """Add what wanted to be called again by now; help threads that are held up."""
        with self._change:
            now = self._clock.now()
            while self._later and self._later[0][0] <= now:
                at, key = heapq.heappop(self._later)
                if self._later_at.get(key) == at:
                    del self._later_at[key]
                    self._add(key)
            passed = time.monotonic() - self._looked_at
            if passed >= LOOK:
                self._judge(passed)
            if not self._later:
                return LOOK
            return min(LOOK, max(GRAIN, (self._later[0][0] - now).total_seconds()))
