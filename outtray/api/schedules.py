"""When a waiting email is due."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from outtray.api.access import me
from outtray.api.email_shapes import WholeEmail, found, whole_email
from outtray.api.values import Moment
from outtray.lib import clock
from outtray.outbox.schedule import reschedule

router = Router(tags=["Emails"])


class Schedule(Schema):
    """The time before which an email is not sent."""

    due_at: Moment


@router.put("/{uuid:email_id}/schedule", response=WholeEmail, operation_id="change_schedule")
def change(request: HttpRequest, email_id: UUID, wish: Schedule) -> Any:
    """Give a queued email another time."""
    email = found(request, email_id)
    reschedule(email.pk, due_at=wish.due_at, by=me(request).person, at=clock.now())
    return whole_email(email.pk)
