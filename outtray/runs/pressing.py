"""Where the letters of a run are made: in this process, or in others beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from outtray.lib.errors import Refused
from outtray.outbox.accept import Prepared
from outtray.outbox.drafting import Draft
from outtray.runs.making import make_all

Result = Prepared | Refused


@dataclass(frozen=True, slots=True)
class Making:
    """Letters that are being made."""

    future: Future[list[Result]]

    @classmethod
    def of(cls, made: list[Result]) -> Making:
        done: Future[list[Result]] = Future()
        done.set_result(made)
        return cls(done)

    def results(self) -> list[Result]:
        """What became of each, as soon as all are done. Raises Refused where there is no room."""
        return self.future.result()


class Presses(Protocol):
    """What makes letters out of drafts."""

    count: int

    def make(self, drafts: Sequence[Draft], *, at: datetime) -> Making:
        """Begin to make these; not all need to be possible."""


class Here:
    """In this thread, at once."""

    count = 0

    def make(self, drafts: Sequence[Draft], *, at: datetime) -> Making:
        return Making.of(make_all(drafts, at=at))


@contextmanager
def presses_for(documents: int) -> Iterator[Presses]:  # noqa: ARG001
    """Few documents are made here; for many it is worth to start processes."""
    yield Here()
