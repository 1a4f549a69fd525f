"""A long list in parts that one statement can take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def batches(whole: Sequence[T], most: int) -> Iterator[Sequence[T]]:
    """The same in the same order, so many at a time."""
    for start in range(0, len(whole), most):
        yield whole[start : start + most]
