"""Writes of several threads in one transaction, where the database has one writer at a time.

SQLite lets a second writer sleep and try again, and syncs the disk for each transaction. So
the threads of this process queue up here instead: whoever comes first also writes what the
others brought meanwhile, and one sync serves all. Nobody returns before his own is on disk.
Processes that write beside one another, such as a command beside the server, take turns by
the kernel's lock on a file. PostgreSQL does the same by itself.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Generic, TypeVar

from django.conf import settings
from django.db import OperationalError, connections, transaction

T = TypeVar("T")

LOCK_FILE = "writing.lock"

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
            with _one_process():
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
    with _writer, _one_process(), transaction.atomic():
        yield


@contextmanager
def _one_process() -> Iterator[None]:
    """Be the process that writes."""
    handle = _line_of_processes(settings.DATA)
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(handle, fcntl.LOCK_UN)


@cache
def _line_of_processes(folder: Path) -> int:
    """The file that they wait at, open for as long as this process lives."""
    try:
        return os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as problem:
        raise OperationalError(f"{LOCK_FILE}: {problem.strerror}") from problem


def _is_shared() -> bool:
    connection = connections["default"]
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
