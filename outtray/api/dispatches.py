"""Send at once what waits for its time."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from outtray.api.access import me
from outtray.api.email_shapes import WholeEmail, found, whole_email
from outtray.lib import clock
from outtray.outbox.schedule import send_now

router = Router(tags=["Emails"])


@router.post("/{uuid:email_id}/dispatch", response=WholeEmail, operation_id="create_dispatch")
def create(request: HttpRequest, email_id: UUID) -> Any:
    """Make a waiting email due now, before all bulk."""
    email = found(request, email_id)
    send_now(email.pk, by=me(request).person, at=clock.now())
    return whole_email(email.pk)
