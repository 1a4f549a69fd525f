"""End the rest of a paused mailbox before its time."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router

from outtray.api.access import me
from outtray.api.mailboxes import MailboxShape, mailbox_shapes, visible
from outtray.lib import clock
from outtray.mailboxes.resume_now import resume_now

router = Router(tags=["Mailboxes"])


@router.delete("/{uuid:mailbox_id}/pause", response=MailboxShape, operation_id="delete_pause")
def delete(request: HttpRequest, mailbox_id: UUID) -> Any:
    """Try a paused mailbox again now. One whose password was refused must pass a probe instead."""
    resume_now(me(request), get_object_or_404(visible(request), pk=mailbox_id), at=clock.now())
    return mailbox_shapes([visible(request).get(pk=mailbox_id)])[0]
