"""Parties: customers and vendors, as the documents brought them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import Field

from outtray.api.access import me
from outtray.api.values import Page, PageQuery, Text, page
from outtray.documents.models import Party

router = Router(tags=["Parties"])


class ContactShape(Schema):
    """A person at a party."""

    name: str
    email: str
    role: str


class PartyShape(Schema):
    """A customer or vendor with its address slots."""

    id: UUID
    role: str
    number: str
    name: str
    language: str
    main_email: str
    cc_email: str
    billing_email: str
    shipment_email: str
    bill_to_email: str
    ship_to_email: str
    address: dict[str, Any]
    vat_id: str
    contacts: list[ContactShape]
    created_at: datetime
    changed_at: datetime


class PartyQuery(PageQuery):
    """Which parties: on a side, with a text in their number or name."""

    role: Literal["", "customer", "vendor"] = ""
    search: Text = Field("", max_length=200)


@router.get("", response=Page[PartyShape], operation_id="list_parties")
def index(request: HttpRequest, query: Query[PartyQuery]) -> Any:
    """List parties, newest first."""
    parties = Party.objects.visible_to(me(request)).prefetch_related("contacts")
    if query.role:
        parties = parties.filter(role=query.role)
    if query.search:
        parties = parties.filter(
            Q(number__icontains=query.search) | Q(name__icontains=query.search)
        )
    return page(parties, query, _shapes)


@router.get("/{uuid:party_id}", response=PartyShape, operation_id="read_party")
def show(request: HttpRequest, party_id: UUID) -> Any:
    """Read one party."""
    return _shapes([get_object_or_404(Party.objects.visible_to(me(request)), pk=party_id)])[0]


def _shapes(parties: Sequence[Party]) -> list[Any]:
    return [
        {
            **{
                name: getattr(party, name) for name in PartyShape.model_fields if name != "contacts"
            },
            "contacts": [
                {"name": contact.name, "email": contact.email, "role": contact.role}
                for contact in party.contacts.all()
            ],
        }
        for party in parties
    ]
