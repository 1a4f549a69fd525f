"""What happened to something: its events in words, newest first, in pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet

_PAGE = 10
Event = TypeVar("Event", bound=Model)
Line = TypeVar("Line")


@dataclass(frozen=True, slots=True)
class HistoryPage(Generic[Line]):
    """Some lines, and where the older ones begin."""

    lines: list[Line]
    older: str
    is_first: bool


def history_page(
    events: QuerySet[Event], told: Callable[[Event], Line], *, before: str
) -> HistoryPage[Line]:
    """One page of lines older than that one; the newest without it."""
    newest = events.order_by("-pk")
    if before.isdecimal() and len(before) < 19:
        newest = newest.filter(pk__lt=int(before))
    found = list(newest[: _PAGE + 1])
    shown = found[:_PAGE]
    older = str(shown[-1].pk) if len(found) > _PAGE else ""
    return HistoryPage([told(event) for event in shown], older, is_first=not before)
