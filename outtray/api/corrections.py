"""Send an email to corrected addresses: the same letter once more, as a new email."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field

from outtray.api.access import me
from outtray.api.email_shapes import WholeEmail, found, whole_email
from outtray.api.values import Text
from outtray.lib import clock
from outtray.outbox.correct import send_corrected

router = Router(tags=["Emails"])


class Correction(Schema):
    """The address that an email went to, and the one that it should have gone to."""

    address: Text = Field(max_length=254)
    corrected: Text = Field(max_length=254)


class NewCorrection(Schema):
    """Who gets the letter once more. `save` writes the addresses to the party as well, `again`
    allows one that has got this email."""

    recipients: list[Correction] = Field(min_length=1, max_length=100)
    save: bool = False
    again: bool = False


@router.post(
    "/{uuid:email_id}/correction", response={201: WholeEmail}, operation_id="create_correction"
)
def create(request: HttpRequest, email_id: UUID, wanted: NewCorrection) -> Any:
    """Send the same letter to corrected addresses. Answers the new email."""
    new = send_corrected(
        found(request, email_id).pk,
        {each.address: each.corrected for each in wanted.recipients},
        by=me(request).person,
        at=clock.now(),
        save=wanted.save,
        again=wanted.again,
    )
    return Status(201, whole_email(new.pk))
