"""Put an email on hold, and release it again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from outtray.api.access import me
from outtray.api.email_shapes import WholeEmail, found, whole_email
from outtray.api.values import Text
from outtray.lib import clock
from outtray.outbox.hold import hold, release

router = Router(tags=["Emails"])


class NewHold(Schema):
    """Why it is kept back, for whoever looks at it."""

    reason: Text = Field("", max_length=500)


@router.post("/{uuid:email_id}/hold", response=WholeEmail, operation_id="create_hold")
def create(request: HttpRequest, email_id: UUID, wish: NewHold | None = None) -> Any:
    """Keep a queued email back until somebody releases it."""
    email = found(request, email_id)
    reason = wish.reason if wish else ""
    hold(email.pk, by=me(request).person, at=clock.now(), reason=reason)
    return whole_email(email.pk)


@router.delete("/{uuid:email_id}/hold", response=WholeEmail, operation_id="delete_hold")
def delete(request: HttpRequest, email_id: UUID) -> Any:
    """Release a held email: it goes at its due time."""
    email = found(request, email_id)
    release(email.pk, by=me(request).person, at=clock.now())
    return whole_email(email.pk)
