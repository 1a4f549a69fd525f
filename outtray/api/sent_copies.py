"""Whether a copy of what is sent is put into a mailbox's Sent folder."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from outtray.api.access import me
from outtray.api.mailboxes import visible
from outtray.lib import clock
from outtray.mailboxes.copies import keeps_copy, save_keeping
from outtray.mailboxes.models import Mailbox

router = Router(tags=["Mailboxes"])


class SentCopiesShape(Schema):
    """`keep` is what was decided, null where it is left to what is known of the server;
    `are_kept` is what follows. Without an IMAP server none are kept."""

    keep: bool | None
    are_kept: bool


class SentCopiesWish(Schema):
    """What shall be: always, never, or null for what is known of the server."""

    keep: bool | None = None


@router.get(
    "/{uuid:mailbox_id}/sent-copies", response=SentCopiesShape, operation_id="read_sent_copies"
)
def show(request: HttpRequest, mailbox_id: UUID) -> Any:
    """Read whether copies of what is sent are put into the Sent folder."""
    return _shape(get_object_or_404(visible(request), pk=mailbox_id))


@router.put(
    "/{uuid:mailbox_id}/sent-copies", response=SentCopiesShape, operation_id="change_sent_copies"
)
def change(request: HttpRequest, mailbox_id: UUID, wish: SentCopiesWish) -> Any:
    """Decide it. The mailbox stays validated."""
    mailbox = get_object_or_404(visible(request), pk=mailbox_id)
    return _shape(save_keeping(me(request), mailbox, keep=wish.keep, at=clock.now()))


def _shape(mailbox: Mailbox) -> dict[str, Any]:
    return {"keep": mailbox.keep_sent_copy, "are_kept": keeps_copy(mailbox)}
