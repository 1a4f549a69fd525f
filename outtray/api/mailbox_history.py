"""What happened to a mailbox."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router

from outtray.api.history import HistoryQuery, HistoryShape, history
from outtray.api.mailboxes import visible
from outtray.mailboxes.history import SENTENCES
from outtray.mailboxes.models import MailboxEvent

router = Router(tags=["Mailboxes"])


@router.get(
    "/{uuid:mailbox_id}/history", response=HistoryShape, operation_id="list_mailbox_history"
)
def index(request: HttpRequest, mailbox_id: UUID, query: Query[HistoryQuery]) -> Any:
    """List what happened to a mailbox, newest first."""
    mailbox = get_object_or_404(visible(request), pk=mailbox_id)
    return history(MailboxEvent.objects.filter(mailbox=mailbox), query, SENTENCES)
