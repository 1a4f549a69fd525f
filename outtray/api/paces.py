"""How fast a mailbox sends: its limits, and what its provider allows."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema
from pydantic import Field

from outtray.api.access import me
from outtray.api.mailboxes import visible
from outtray.lib import clock
from outtray.mailboxes.models import Mailbox
from outtray.mailboxes.pace import limits_of
from outtray.mailboxes.save_pace import MOST, PaceDraft, default_pace, save_pace

router = Router(tags=["Mailboxes"])


class LimitsShape(Schema):
    """Four limits; null is none, or none that is known."""

    messages_per_minute: int | None
    messages_per_day: int | None
    recipients_per_day: int | None
    connections: int


class PaceShape(LimitsShape):
    """The limits of a mailbox, and beside them what its provider allows."""

    default: LimitsShape


class PaceWishes(Schema):
    """The limits as they shall be; null takes the provider's."""

    messages_per_minute: int | None = Field(None, ge=1, le=MOST["messages_per_minute"])
    messages_per_day: int | None = Field(None, ge=1, le=MOST["messages_per_day"])
    recipients_per_day: int | None = Field(None, ge=1, le=MOST["recipients_per_day"])
    connections: int | None = Field(None, ge=1, le=MOST["connections"])


@router.get("/{uuid:mailbox_id}/pace", response=PaceShape, operation_id="read_pace")
def show(request: HttpRequest, mailbox_id: UUID) -> Any:
    """Read how fast a mailbox may send."""
    return _shape(get_object_or_404(visible(request), pk=mailbox_id))


@router.put("/{uuid:mailbox_id}/pace", response=PaceShape, operation_id="change_pace")
def change(request: HttpRequest, mailbox_id: UUID, wishes: PaceWishes) -> Any:
    """Set how fast a mailbox may send. It stays validated."""
    mailbox = get_object_or_404(visible(request), pk=mailbox_id)
    draft = PaceDraft(**wishes.model_dump())
    return _shape(save_pace(me(request), mailbox, draft, at=clock.now()))


def _shape(mailbox: Mailbox) -> dict[str, Any]:
    return {**asdict(limits_of(mailbox)), "default": asdict(default_pace(mailbox))}
