"""Cancel an email, which is also how sending is undone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from outtray.api.access import me
from outtray.api.email_shapes import WholeEmail, found, whole_email
from outtray.lib import clock
from outtray.outbox.cancel import cancel

router = Router(tags=["Emails"])


@router.post(
    "/{uuid:email_id}/cancellation", response=WholeEmail, operation_id="create_cancellation"
)
def create(request: HttpRequest, email_id: UUID) -> Any:
    """See to it that the email is never sent. Too late (409) once it may have been."""
    email = found(request, email_id)
    cancel(email.pk, by=me(request).person, at=clock.now())
    return whole_email(email.pk)
