"""Writes that share a transaction: one sync for all, and no one suffers for another."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
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


def test_another_process_that_writes_is_waited_for(clock: TurnedClock) -> None:
    with _writing_beside() as other, ThreadPoolExecutor(1) as pool:
        future = pool.submit(_write_and_leave, company(clock, "a"))
        looked = threading.Event()
        while not _is_waited_for():
            assert not future.done(), "it wrote although another process did"
            looked.wait(0.005)
        other.communicate("end\n")

        assert future.result() == "a"


def _is_waited_for() -> bool:
    """The kernel marks with an arrow who waits for a lock."""
    inode = (settings.DATA / module.LOCK_FILE).stat().st_ino
    waiting = (line.split() for line in Path("/proc/locks").read_text().splitlines())
    return any("->" in words and words[-3].endswith(f":{inode}") for words in waiting)


def _write_and_leave(write: Callable[[], str]) -> str:
    try:
        return together(write)
    finally:
        connections.close_all()


@contextmanager
def _writing_beside() -> Iterator[subprocess.Popen[str]]:
    """A process that has its turn until it is told to end."""
    holds = [
        "import fcntl, sys",
        "file = open(sys.argv[1], 'a')",
        "fcntl.flock(file, fcntl.LOCK_EX)",
        "print('mine', flush=True)",
        "sys.stdin.readline()",
    ]
    with subprocess.Popen(
        [sys.executable, "-c", "\n".join(holds), settings.DATA / module.LOCK_FILE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "mine\n"
        yield process
