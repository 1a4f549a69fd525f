"""What happened to a mailbox."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import Field

from outtray.api.mailboxes import visible
from outtray.mailboxes.history import SENTENCES, Code
from outtray.mailboxes.models import MailboxEvent

router = Router(tags=["Mailboxes"])


class HistoryQuery(Schema):
    """Which part: `after` is the `next` of the page before."""

    after: int | None = Field(None, ge=1, lt=2**63)
    limit: int = Field(50, ge=1, le=200)


class MailboxEventShape(Schema):
    """One line of a mailbox's history."""

    at: datetime
    code: str
    sentence: str
    by: str | None
    detail: dict[str, Any]


class HistoryShape(Schema):
    """A part of the history, newest first. `next` is null on the last page."""

    items: list[MailboxEventShape]
    next: int | None


@router.get(
    "/{uuid:mailbox_id}/history", response=HistoryShape, operation_id="list_mailbox_history"
)
def index(request: HttpRequest, mailbox_id: UUID, query: Query[HistoryQuery]) -> Any:
    """List what happened to a mailbox, newest first."""
    mailbox = get_object_or_404(visible(request), pk=mailbox_id)
    events = MailboxEvent.objects.filter(mailbox=mailbox).select_related("by").order_by("-id")
    if query.after:
        events = events.filter(pk__lt=query.after)
    found = list(events[: query.limit + 1])
    shown = found[: query.limit]
    following = shown[-1].pk if len(found) > query.limit else None
    return {"items": [_shape(event) for event in shown], "next": following}


def _shape(event: MailboxEvent) -> dict[str, Any]:
    return {
        "at": event.at,
        "code": event.code,
        "sentence": SENTENCES.get(Code(event.code), event.code),
        "by": event.by.name if event.by else None,
        "detail": event.detail,
    }
