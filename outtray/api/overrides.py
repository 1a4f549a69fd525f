"""What a party has instead of the company's defaults."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from outtray.api.access import me
from outtray.api.parties import found
from outtray.api.values import Text
from outtray.compose.models import PartyDefault
from outtray.compose.rules.set_override import Override, set_override
from outtray.documents.models import Party
from outtray.lib import clock

router = Router(tags=["Parties"])
ALL = "all"  # in an address, instead of a kind


class OverrideIn(Schema):
    """What goes before the defaults; what is empty does not."""

    send_from: UUID | None = None
    cc_email: Text = ""
    template: UUID | None = None
    layout: UUID | None = None


class OverrideShape(OverrideIn):
    """What a party has of its own for a kind of document, or for `all` of them."""

    kind: str


class Overrides(Schema):
    """All that a party has of its own."""

    items: list[OverrideShape]


@router.get("/{uuid:party_id}/overrides", response=Overrides, operation_id="list_party_overrides")
def index(request: HttpRequest, party_id: UUID) -> Any:
    """List what a party has instead of the company's defaults."""
    return _shapes(found(request, party_id))


@router.put(
    "/{uuid:party_id}/overrides/{str:kind}",
    response=Overrides,
    operation_id="put_party_override",
)
def update(request: HttpRequest, party_id: UUID, kind: str, wanted: OverrideIn) -> Any:
    """Set it for a kind, or for `all` of them; an empty one takes it back.

    For administrators. A template is for one kind.
    """
    party = found(request, party_id)
    override = Override(wanted.send_from, wanted.cc_email, wanted.template, wanted.layout)
    set_override(me(request), party, "" if kind == ALL else kind, override, at=clock.now())
    return _shapes(party)


def _shapes(party: Party) -> dict[str, Any]:
    overrides = PartyDefault.objects.filter(party=party).order_by("kind")
    return {
        "items": [
            {
                "kind": each.kind or ALL,
                "send_from": each.send_from_id,
                "cc_email": each.cc_email,
                "template": each.template_id,
                "layout": each.layout_id,
            }
            for each in overrides
        ]
    }
