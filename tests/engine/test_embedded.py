"""The embedded engine: no wake-up is lost, no key is worked on twice at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from datetime import datetime

import pytest

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

    def due(self, at: datetime) -> Iterable[str]:
        found, self.rows = self.rows, []
        return found

    def next_due(self, at: datetime) -> datetime | None:
        return None

    def do(self, key: str, stop: threading.Event) -> None:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.began.release()
        self.gate.wait(DEADLINE)
        self.at_once -= 1
        self.done.append(key)
        self.ended.release()
        if self.fails:
            raise RuntimeError("a bug in the work")


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
