"""What a person says of an email whose outcome is unknown."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status

from outtray.api.access import me
from outtray.api.email_shapes import WholeEmail, found, whole_email
from outtray.lib import clock
from outtray.outbox.resolve import arrived, send_again

router = Router(tags=["Emails"])


@router.post("/{uuid:email_id}/arrival", response=WholeEmail, operation_id="create_arrival")
def confirm(request: HttpRequest, email_id: UUID) -> Any:
    """It arrived: count an email of unknown outcome as sent."""
    email = found(request, email_id)
    arrived(email.pk, by=me(request).person, at=clock.now())
    return whole_email(email.pk)


@router.post("/{uuid:email_id}/resend", response={201: WholeEmail}, operation_id="create_resend")
def resend(request: HttpRequest, email_id: UUID) -> Any:
    """It did not arrive: send the same letter once more. Answers the new email."""
    email = found(request, email_id)
    again = send_again(email.pk, by=me(request).person, at=clock.now())
    return Status(201, whole_email(again.pk))
