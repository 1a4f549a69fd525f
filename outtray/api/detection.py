"""Detection: where the mailbox of an address is, found within two seconds."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from outtray.api.access import me
from outtray.lib import clock
from outtray.mailboxes.detection.detect import detect_for

router = Router(tags=["Mailboxes"])


class ProposalShape(Schema):
    """One way to set the mailbox up. `source` says where it is from, `because` in a sentence.

    `confidence` is sure, likely or guess. With `must_confirm` a person should see that the
    server is the right one before he types a password.
    """

    service_type: str
    transport: str
    sign_in: str
    provider: str
    settings: dict[str, str | int]
    source: str
    because: str
    confidence: str
    must_confirm: bool


class SourceShape(Schema):
    """What one source said: found, nothing, trouble, or skipped because it was not back in time."""

    source: str
    state: str
    told: str
    milliseconds: int


class DetectionShape(Schema):
    """What was found. `gateway` filters the domain's mail and hides whose mailboxes they are."""

    address: str
    domain: str
    gateway: str
    best: ProposalShape | None
    alternatives: list[ProposalShape]
    sources: list[SourceShape]


class Asked(Schema):
    """Whose mailbox to find."""

    address: str = Field(max_length=320)


@router.get("", response=DetectionShape, operation_id="detect")
def show(request: HttpRequest, asked: Query[Asked]) -> Any:
    """Find the settings of a mailbox from its address. No password is asked for, or sent."""
    return detect_for(me(request), asked.address, at=clock.now()).to_json()
