"""Try again what was refused for good."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from outtray.api.access import me
from outtray.api.email_shapes import WholeEmail, found, whole_email
from outtray.lib import clock
from outtray.outbox.requeue import requeue

router = Router(tags=["Emails"])


@router.post("/{uuid:email_id}/retry", response=WholeEmail, operation_id="create_retry")
def create(request: HttpRequest, email_id: UUID) -> Any:
    """Put a failed email back: the same message, to those who were refused."""
    email = found(request, email_id)
    requeue(email.pk, by=me(request).person, at=clock.now())
    return whole_email(email.pk)
