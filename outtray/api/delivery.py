"""Whether delivery as a whole is on hold, and its end."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from outtray.api.access import me
from outtray.lib import clock
from outtray.outbox.models import Email
from outtray.outbox.queries import backlog
from outtray.outbox.standstill import confirm, held, may_confirm, moved
from outtray.people.models import Membership

router = Router(tags=["Delivery"])


class PlaceShape(Schema):
    """A computer and the data folder on it."""

    host: str
    folder: str


class DeliveryShape(Schema):
    """Whether anything can leave, and what waits of the emails that this key's person sees.

    Where the database was `before`, and where it is `now`, is told to who may end a hold.
    """

    held_since: datetime | None
    held_why: str | None
    may_release: bool
    before: PlaceShape | None
    now: PlaceShape | None
    queued: int
    due: int
    oldest_due: datetime | None


@router.get("", response=DeliveryShape, operation_id="read_delivery")
def show(request: HttpRequest) -> Any:
    """Say whether delivery is on hold, since when, and what waits."""
    return _shape(me(request))


@router.delete("/hold", response=DeliveryShape, operation_id="delete_delivery_hold")
def delete(request: HttpRequest) -> Any:
    """Let delivery go on. If the original of a copied database still runs, both will send."""
    confirm(me(request), at=clock.now())
    return _shape(me(request))


def _shape(membership: Membership) -> dict[str, Any]:
    hold, may_release = held(), may_confirm(membership)
    before, now = moved() if hold and may_release else (None, None)
    waiting = backlog(Email.objects.visible_to(membership), at=clock.now())
    return {
        "held_since": hold.held_since if hold else None,
        "held_why": hold.held_why if hold else None,
        "may_release": may_release,
        "before": before and asdict(before),
        "now": now and asdict(now),
        "queued": waiting.queued,
        "due": waiting.due,
        "oldest_due": waiting.oldest_due,
    }
