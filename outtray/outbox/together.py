"""Writes of several threads in one transaction, where the database has one writer at a time.

SQLite lets a second writer sleep and try again, and syncs the disk for each transaction. So
the threads of this process queue up here instead: whoever comes first also writes what the
others brought meanwhile, and one sync serves all. Nobody returns before his own is on disk.
PostgreSQL does the same by itself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Generic, TypeVar

from django.db import connection, transaction

T = TypeVar("T")

_writer = threading.Lock()
_waiting: list[_Write[object]] = []


class Unwritten(Exception):  # noqa: N818 - often a normal answer
    """What was to be written no longer fits the rows. Raise it before anything is changed."""


class _Write(Generic[T]):
    """One thread's write, and what came of it."""

    def __init__(self, write: Callable[[], T]) -> None:
        self._write = write
        self._value: list[T] = []
        self.problem: BaseException | None = None
        self.is_done = False

    def do(self) -> None:
        self.problem, self._value = None, []
        try:
            self._value = [self._write()]
        except Unwritten as problem:
            self.problem = problem

    def answer(self) -> T:
        if self.problem:
            raise self.problem
        return self._value[0]


def together(write: Callable[[], T]) -> T:
    """Run a write in a transaction that it may share. On return it is on disk.

    What it raises is raised here. It may be run again where another's write failed.
    """
    if not _is_shared():
        with transaction.atomic():
            return write()
    mine = _Write(write)
    _waiting.append(mine)  # type: ignore[arg-type] # its value is for this thread alone
    with _writer:
        if not mine.is_done:
            batch = _waiting[:]
            del _waiting[: len(batch)]
            _commit(batch)
    return mine.answer()


@contextmanager
def alone() -> Iterator[None]:
    """A transaction of one's own, after those who came before."""
    if not _is_shared():
        with transaction.atomic():
            yield
        return
    with _writer, transaction.atomic():
        yield


def _is_shared() -> bool:
    return connection.vendor == "sqlite" and not connection.in_atomic_block


def _commit(batch: Sequence[_Write[object]]) -> None:
    """All of them, or, if one fails, each by itself."""
    try:
        with transaction.atomic():
            for each in batch:
                each.do()
    except BaseException as problem:  # noqa: BLE001 - handed to the thread whose write it was
        if len(batch) == 1:
            batch[0].problem = problem
        else:
            for each in batch:
                _commit([each])
    for each in batch:
        each.is_done = True
