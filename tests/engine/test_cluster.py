"""The cluster engine: wake-ups travel with their rows, to whichever process works."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection, connections, transaction

from outtray.lib.clock import SYSTEM

if not settings.IS_CLUSTER:
    pytest.skip("needs a PostgreSQL: make test DATABASE=postgresql", allow_module_level=True)

from outtray.engine.announcer import Announcer
from outtray.engine.cluster import ClusterEngine

pytestmark = pytest.mark.django_db(transaction=True)

DEADLINE = 20.0
NEVER = timedelta(hours=1)  # a sweep that comes too late to help

Start = Callable[["Noting"], ClusterEngine]


class Noting:
    """Work that notes its keys, and waits where it is told to."""

    name = "note"

    def __init__(self) -> None:
        self.done: list[str] = []
        self.rows: list[str] = []
        self.began = threading.Semaphore(0)
        self.ended = threading.Semaphore(0)
        self.gate = threading.Event()
        self.gate.set()

    def due(self, at: datetime) -> Iterable[str]:
        found, self.rows = self.rows, []
        return found

    def do(self, key: str, stop: threading.Event) -> datetime | None:
        self.began.release()
        self.gate.wait(DEADLINE)
        self.done.append(key)
        self.ended.release()
        return None


@pytest.fixture(autouse=True)
def no_wake_ups_before() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts engines that hear of work by announcements alone."""
    with ExitStack() as started:

        def start(work: Noting) -> ClusterEngine:
            engine = ClusterEngine(
                [work], threads=2, clock=SYSTEM, leave=connections.close_all, sweep=NEVER
            )
            engine.start()
            started.callback(engine.stop, DEADLINE)
            _wait_until(_somebody_listens)
            return engine

        yield start


def test_a_wake_up_reaches_a_worker_by_its_announcement(start: Start) -> None:
    work = Noting()
    start(work)

    Announcer().wake("note", "a")

    assert work.ended.acquire(timeout=DEADLINE)
    assert work.done == ["a"]


def test_a_wake_up_is_deferred_with_its_rows(start: Start) -> None:
    work = Noting()
    start(work)

    with transaction.atomic():
        Announcer().wake("note", "a")
        waited_before_the_commit = not work.began.acquire(timeout=0.2)

    assert waited_before_the_commit
    assert work.ended.acquire(timeout=DEADLINE)


def test_a_wake_up_that_is_rolled_back_never_was() -> None:
    with transaction.atomic():
        Announcer().wake("note", "a")
        transaction.set_rollback(True)
    with transaction.atomic():
        Announcer().wake("note", "b")

    assert _waiting() == ["note b"]


def test_many_wake_ups_of_one_transaction_cost_one_row() -> None:
    with transaction.atomic():
        for _ in range(50):
            Announcer().wake("note", "a")
        Announcer().wake("note", "b")

    assert _waiting() == ["note a", "note b"]


def test_one_wake_up_of_a_key_waits_and_an_urgent_one_moves_it_up() -> None:
    Announcer().wake("note", "a")
    with transaction.atomic():
        Announcer().wake("note", "a", urgent=True)
        connection.cursor().execute("SELECT 1")

    assert _waiting() == ["note a"]
    assert _column("priority") == [10]


def test_transactions_that_wake_the_same_keys_do_not_wait_for_each_other() -> None:
    committed = threading.Semaphore(0)

    def write(first: str, second: str, both: threading.Barrier) -> None:
        with transaction.atomic():
            Announcer().wake("note", first)
            both.wait(DEADLINE)
            Announcer().wake("note", second)
        committed.release()
        connections.close_all()

    both = threading.Barrier(2)
    threads = [
        threading.Thread(target=write, args=(first, second, both))
        for first, second in (("a", "b"), ("b", "a"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE)

    assert committed.acquire(timeout=DEADLINE)
    assert committed.acquire(timeout=DEADLINE)
    assert _waiting() == ["note a", "note b"]


def test_a_key_is_worked_on_by_one_process_at_a_time(start: Start) -> None:
    first, second = Noting(), Noting()
    first.gate.clear()
    engine = start(first)
    engine._local.add("note", "a")
    assert first.began.acquire(timeout=DEADLINE)

    other = start(second)
    other._local.add("note", "a")
    kept_away = not second.began.acquire(timeout=0.3)
    first.gate.set()

    assert kept_away
    assert second.ended.acquire(timeout=DEADLINE)


def test_wake_ups_leave_no_rows_behind(start: Start) -> None:
    work = Noting()
    start(work)

    for number in range(30):
        Announcer().wake("note", str(number))
    for _ in range(30):
        assert work.ended.acquire(timeout=DEADLINE)

    _wait_until(lambda: _count("procrastinate_jobs") == 0)
    assert _count("procrastinate_events") == 0


def _waiting() -> list[object]:
    return _column("queueing_lock")


def _column(name: str) -> list[object]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name} FROM procrastinate_jobs ORDER BY queueing_lock")
        return [value for (value,) in cursor.fetchall()]


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        (count,) = cursor.fetchone()
    return int(count)


def _somebody_listens() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
        (count,) = cursor.fetchone()
    return bool(count)


def _wait_until(fact: Callable[[], bool]) -> None:
    never = threading.Event()
    for _ in range(int(DEADLINE / 0.05)):
        if fact():
            return
        never.wait(0.05)
    raise AssertionError("it did not come true in time")
