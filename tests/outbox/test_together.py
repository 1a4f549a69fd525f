"""Writes that share a transaction: one sync for all, and no one suffers for another."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, connections
from django.db.backends.signals import connection_created

from outtray.outbox import together as module
from outtray.outbox.together import Unwritten, together
from outtray.people.models import Company
from tests.conftest import TurnedClock

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "sqlite", reason="PostgreSQL shares its syncs by itself"
    ),
]


def company(clock: TurnedClock, name: str) -> Callable[[], str]:
    def write() -> str:
        Company.objects.create(name=name, created_at=clock.now())
        return name

    return write


class Writers:
    """Counts the connections that were opened: of those who wrote, since each thread has one."""

    def __init__(self) -> None:
        self.count = 0

    def __enter__(self) -> None:
        connection_created.connect(self._count)

    def __exit__(self, *_: object) -> None:
        connection_created.disconnect(self._count)

    def _count(self, **_: object) -> None:
        self.count += 1


def all_at_once(writes: list[Callable[[], str]]) -> list[Future[str]]:
    """Have them all wait for the one who writes, and then let go."""

    def run(write: Callable[[], str]) -> str:
        try:
            return together(write)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(writes)) as pool:
        with module._writer:
            futures = [pool.submit(run, write) for write in writes]
            arrived = threading.Event()
            while len(module._waiting) < len(writes):
                arrived.wait(0.005)
        return futures


def test_what_waits_together_is_written_together(clock: TurnedClock) -> None:
    writers = Writers()

    with writers:
        futures = all_at_once([company(clock, name) for name in "abcd"])

    assert sorted(future.result() for future in futures) == ["a", "b", "c", "d"]
    assert Company.objects.filter(name__in="abcd").count() == 4
    assert writers.count == 1


def test_a_write_that_no_longer_fits_stops_no_other(clock: TurnedClock) -> None:
    def lost() -> str:
        raise Unwritten("taken over")

    fine, unfit, also_fine = all_at_once([company(clock, "a"), lost, company(clock, "b")])

    assert {fine.result(), also_fine.result()} == {"a", "b"}
    with pytest.raises(Unwritten):
        unfit.result()


def test_a_write_that_fails_is_undone_and_the_others_are_written(clock: TurnedClock) -> None:
    def half_way() -> str:
        Company.objects.create(name="half", created_at=clock.now())
        raise IntegrityError("the other half")

    fine, broken, also_fine = all_at_once([company(clock, "a"), half_way, company(clock, "b")])

    assert {fine.result(), also_fine.result()} == {"a", "b"}
    with pytest.raises(IntegrityError):
        broken.result()
    assert sorted(Company.objects.values_list("name", flat=True)) == ["a", "b"]
