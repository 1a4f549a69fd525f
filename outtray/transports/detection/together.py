"""Many short questions at once, and no waiting beyond a common deadline."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Generic, TypeVar

from outtray.transports.detection.deadline import Deadline

T = TypeVar("T")

# Enough for three detections at once. Whoever comes while all are busy waits within his own
# deadline; a thread is held by a stranger's slow server hardly longer than by its question.
THREADS = 32
_POOL = ThreadPoolExecutor(THREADS, thread_name_prefix="outtray-detection")


@dataclass(frozen=True, slots=True)
class Back(Generic[T]):
    """One answer, None where it was not back in time, and how long that took."""

    name: str
    answer: T | None
    milliseconds: int


def together(questions: Mapping[str, Callable[[], T]], deadline: Deadline) -> Iterator[Back[T]]:
    """Ask at once; answers as they come, and at the deadline all that are missing, as None.

    Who stops reading asks no more: what has not begun is taken back. What a question raises
    passes through, for it is a bug.
    """
    waiting: dict[Future[T], str] = {
        _POOL.submit(question): name for name, question in questions.items()
    }
    return _answers(waiting, deadline, time.monotonic())


def _answers(
    waiting: dict[Future[T], str], deadline: Deadline, begun_at: float
) -> Iterator[Back[T]]:
    try:
        while waiting:
            done, _ = wait(waiting, timeout=deadline.left, return_when=FIRST_COMPLETED)
            if not done:
                break
            for future in done:
                yield Back(waiting.pop(future), future.result(), _since(begun_at))
        for name in waiting.values():
            yield Back(name, None, _since(begun_at))
    finally:
        for future in waiting:
            future.cancel()


def _since(moment: float) -> int:
    return round((time.monotonic() - moment) * 1000)
