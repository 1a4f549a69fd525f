"""The embedded engine: no wake-up is lost, no key is worked on twice at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

import pytest

from outtray.engine.crowding import Crowding
from outtray.engine.embedded import EmbeddedEngine
from outtray.lib.clock import SYSTEM

DEADLINE = 10.0


class Counting:
    """Work that counts, and can be made to wait or fail."""

    name = "count"

    def __init__(self) -> None:
        self.done: list[str] = []
        self.at_once = 0
        self.most_at_once = 0
        self.rows: list[str] = []
        self.began = threading.Semaphore(0)
        self.ended = threading.Semaphore(0)
        self.gate = threading.Event()
        self.gate.set()
        self.fails = False
        self.again_at: list[datetime] = []

    def due(self, at: datetime) -> Iterable[str]:
        found, self.rows = self.rows, []
        return found

    def do(self, key: str, stop: threading.Event) -> datetime | None:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.began.release()
        self.gate.wait(DEADLINE)
        self.at_once -= 1
        self.done.append(key)
        self.ended.release()
        if self.fails:
            raise RuntimeError("a bug in the work")
        return self.again_at.pop() if self.again_at else None


@pytest.fixture
def work() -> Counting:
    return Counting()


@pytest.fixture
def engine(work: Counting) -> Iterator[EmbeddedEngine]:
    engine = EmbeddedEngine([work], threads=3, clock=SYSTEM)
    engine.start()
    yield engine
    work.gate.set()
    assert engine.stop(DEADLINE)


def test_what_is_woken_is_worked_on(engine: EmbeddedEngine, work: Counting) -> None:
    engine.wake("count", "a")

    assert work.ended.acquire(timeout=DEADLINE)
    assert work.done == ["a"]


def test_the_sweep_finds_what_no_wake_up_announced(engine: EmbeddedEngine, work: Counting) -> None:
    work.rows.append("forgotten")

    assert work.ended.acquire(timeout=DEADLINE)
    assert work.done == ["forgotten"]


def test_a_wake_up_during_the_work_brings_one_more_round(
    engine: EmbeddedEngine, work: Counting
) -> None:
    work.gate.clear()
    engine.wake("count", "a")
    assert work.began.acquire(timeout=DEADLINE)

    engine.wake("count", "a")
    engine.wake("count", "a")
    work.gate.set()

    assert work.ended.acquire(timeout=DEADLINE)
    assert work.ended.acquire(timeout=DEADLINE)
    assert work.most_at_once == 1
    assert work.done == ["a", "a"]


def test_work_that_fails_stops_no_other_work(
    engine: EmbeddedEngine, work: Counting, caplog: pytest.LogCaptureFixture
) -> None:
    work.fails = True

    engine.wake("count", "a")
    engine.wake("count", "b")

    assert work.ended.acquire(timeout=DEADLINE)
    assert work.ended.acquire(timeout=DEADLINE)
    assert sorted(work.done) == ["a", "b"]


def test_work_is_called_again_when_it_asked_to_be(engine: EmbeddedEngine, work: Counting) -> None:
    work.again_at = [SYSTEM.now() + timedelta(milliseconds=50)]

    engine.wake("count", "a")

    assert work.ended.acquire(timeout=DEADLINE)
    assert work.ended.acquire(timeout=DEADLINE)
    assert work.done == ["a", "a"]


def test_silent_servers_in_all_threads_delay_nobody_for_long(
    engine: EmbeddedEngine, work: Counting
) -> None:
    work.gate.clear()
    for key in ("held up 1", "held up 2", "held up 3"):
        engine.wake("count", key)
        assert work.began.acquire(timeout=DEADLINE)

    engine.wake("count", "another")

    assert work.began.acquire(timeout=DEADLINE)
    assert work.most_at_once == 4


def test_a_wake_up_waits_for_the_end_of_its_transaction(work: Counting) -> None:
    committed: list[Callable[[], None]] = []
    engine = EmbeddedEngine([work], threads=1, clock=SYSTEM, after_commit=committed.append)
    engine.start()
    engine.wake("count", "a")
    assert not work.ended.acquire(blocking=False)

    committed.pop()()

    assert work.ended.acquire(timeout=DEADLINE)
    assert engine.stop(DEADLINE)


def test_at_the_end_what_work_has_kept_is_ended(work: Counting) -> None:
    ended: list[str] = []
    engine = EmbeddedEngine([work], threads=1, clock=SYSTEM, at_end=lambda: ended.append("closed"))
    engine.start()

    assert engine.stop(DEADLINE)

    assert ended == ["closed"]


def test_news_of_another_process_bring_the_sweep_forward(work: Counting) -> None:
    news = threading.Event()
    engine = EmbeddedEngine(
        [work], threads=1, clock=SYSTEM, has_news=news.is_set, sweep=timedelta(days=1)
    )
    engine.start()
    engine.add("count", "first")
    assert work.ended.acquire(timeout=DEADLINE)

    work.rows.append("written elsewhere")
    news.set()

    assert work.ended.acquire(timeout=DEADLINE)
    assert work.done[-1] == "written elsewhere"
    assert engine.stop(DEADLINE)


class Told(Crowding):
    """Feels what a test says, and says when it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.felt = True
        self.asked = threading.Semaphore(0)

    def is_felt(self, passed: float) -> bool:
        felt = self.felt
        self.asked.release()
        return felt


def test_a_crowd_goes_one_by_one_until_one_of_it_waits(work: Counting) -> None:
    crowding = Told()
    engine = EmbeddedEngine([work], threads=3, clock=SYSTEM, crowding=crowding)
    engine.start()
    for _ in range(2):
        assert crowding.asked.acquire(timeout=DEADLINE)
    work.gate.clear()
    for key in "abc":
        engine.wake("count", key)
    assert work.began.acquire(timeout=DEADLINE)
    for _ in range(2):
        assert crowding.asked.acquire(timeout=DEADLINE)
    assert work.at_once == 1

    crowding.felt = False

    for _ in range(2):
        assert work.began.acquire(timeout=DEADLINE)
    work.gate.set()
    assert engine.stop(DEADLINE)
    assert sorted(work.done) == ["a", "b", "c"]


def test_a_crowd_loses_no_wake_up(work: Counting) -> None:
    engine = EmbeddedEngine([work], threads=3, clock=SYSTEM, crowding=Told())
    engine.start()

    for number in range(200):
        engine.wake("count", str(number))

    for _ in range(200):
        assert work.ended.acquire(timeout=DEADLINE)
    assert engine.stop(DEADLINE)
    assert len(set(work.done)) == 200
