"""What happened to something: its events, newest first, in pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import QuerySet
from ninja import Schema
from pydantic import Field

from outtray.documents.models import PartyEvent
from outtray.mailboxes.models import MailboxEvent

Event = TypeVar("Event", MailboxEvent, PartyEvent)


class HistoryQuery(Schema):
    """Which part: `after` is the `next` of the page before."""

    after: int | None = Field(None, ge=1, lt=2**63)
    limit: int = Field(50, ge=1, le=200)


class HistoryLineShape(Schema):
    """One line of a history. `detail` depends on the code."""

    at: datetime
    code: str
    sentence: str
    by: str | None
    detail: dict[str, Any]


class HistoryShape(Schema):
    """A part of a history, newest first. `next` is null on the last page."""

    items: list[HistoryLineShape]
    next: int | None


def history(
    events: QuerySet[Event], query: HistoryQuery, sentences: Mapping[Any, str]
) -> dict[str, Any]:
    """One page of these events, each with its sentence."""
    if query.after:
        events = events.filter(pk__lt=query.after)
    found = list(events.select_related("by").order_by("-pk")[: query.limit + 1])
    shown = found[: query.limit]
    following = shown[-1].pk if len(found) > query.limit else None
    return {"items": [_line(event, sentences) for event in shown], "next": following}


def _line(event: Event, sentences: Mapping[Any, str]) -> dict[str, Any]:
    return {
        "at": event.at,
        "code": event.code,
        "sentence": sentences.get(event.code, event.code),
        "by": event.by.name if event.by else None,
        "detail": event.detail,
    }
