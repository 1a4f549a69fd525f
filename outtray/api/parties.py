"""Parties: customers and vendors, and where their mail goes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import Field

from outtray.api.access import me
from outtray.api.problems import problem
from outtray.api.values import Page, PageQuery, Text, page
from outtray.documents.models import Party
from outtray.documents.parties_import import PartyImport, import_parties
from outtray.documents.party_columns import columns_from_text
from outtray.documents.save_party import save_party
from outtray.lib import clock

router = Router(tags=["Parties"])

_FILE = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"type": ["object", "array"]}},
            "text/csv": {"schema": {"type": "string"}},
        },
    }
}


class ContactShape(Schema):
    """A person at a party."""

    name: Text
    email: Text
    role: Text = ""


class PostalShape(Schema):
    """Where post goes. `country` is an ISO 3166 code like DE."""

    street: Text = ""
    extra: Text = ""
    postcode: Text = ""
    city: Text = ""
    region: Text = ""
    country: Text = ""


class PartyShape(Schema):
    """A customer or vendor with its address slots.

    `bill_to_address` and `ship_to_address` are empty where both are `address`; `excluded`
    names the kinds of document that it does not want by email.
    """

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
    bill_to_address: dict[str, Any]
    ship_to_address: dict[str, Any]
    excluded: list[str]
    vat_id: str
    contacts: list[ContactShape]
    created_at: datetime
    changed_at: datetime


class PartyChange(Schema):
    """What is to be changed of a party. A field that is left out stays as it is."""

    name: Text = ""
    language: Text = ""
    main_email: Text = ""
    cc_email: Text = ""
    billing_email: Text = ""
    shipment_email: Text = ""
    bill_to_email: Text = ""
    ship_to_email: Text = ""
    address: PostalShape = PostalShape()
    bill_to_address: PostalShape = PostalShape()
    ship_to_address: PostalShape = PostalShape()
    excluded: list[Text] = []
    vat_id: Text = ""
    contacts: list[ContactShape] = []


class PartyQuery(PageQuery):
    """Which parties: on a side, with a text in their number or name."""

    role: Literal["", "customer", "vendor"] = ""
    search: Text = Field("", max_length=200)


class PartyImportQuery(Schema):
    """How a file is taken: `role` is that of parties that name none.

    `mapping` says what the columns of a table mean, as JSON: `{"columns": {heading: column}}`.
    Without it holds what was settled on the import page, else the names of the columns.
    """

    role: Literal["customer", "vendor"] = "customer"
    keep_going: bool = False
    preview: bool = False
    mapping: Text = Field("", max_length=20_000)


class PartyProblem(Schema):
    """One thing that is wrong with a party."""

    path: str
    code: str
    message: str


class ImportedParty(Schema):
    """What became of one party: created, updated, unchanged, refused or skipped."""

    index: int
    line: int
    role: str
    number: str
    name: str
    status: str
    id: UUID | None
    changed: list[str]
    problems: list[PartyProblem]


class ImportedParties(Schema):
    """What became of each party, in the order of the request."""

    items: list[ImportedParty]


@router.post("", response=ImportedParties, operation_id="import_parties", openapi_extra=_FILE)
def create(request: HttpRequest, query: Query[PartyImportQuery]) -> Any:
    """Import parties from JSON or CSV: all of them, or with one wrong among them none.

    A party is known by its role and number. What is known of it and not in the request
    stays. With `preview` nothing is kept, and the answer says what would be.
    """
    membership = me(request)
    result = import_parties(
        membership.company,
        request.body,
        by=membership.person,
        at=clock.now(),
        role=query.role,
        keep_going=query.keep_going,
        preview=query.preview,
        columns=columns_from_text(query.mapping) if query.mapping else None,
    )
    items = [item.to_json() for item in result.items]
    return {"items": items} if result.kept or query.preview else _none_imported(result, items)


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
    return _shapes([found(request, party_id)])[0]


@router.patch("/{uuid:party_id}", response=PartyShape, operation_id="change_party")
def update(request: HttpRequest, party_id: UUID, change: PartyChange) -> Any:
    """Change what the request names. `contacts` are all that there are then."""
    membership = me(request)
    given = change.model_dump(exclude_unset=True)
    party = save_party(found(request, party_id), given, by=membership.person, at=clock.now())
    return _shapes([party])[0]


def found(request: HttpRequest, party_id: UUID) -> Party:
    """The party, if it is there for this key."""
    return get_object_or_404(Party.objects.visible_to(me(request)), pk=party_id)


def _none_imported(result: PartyImport, items: list[dict[str, Any]]) -> HttpResponse:
    first = result.refused[0]
    where = f"Line {first.line}" if first.line else f"Party {first.index + 1}"
    detail = (
        f"{len(result.refused)} of {len(items)} parties are wrong, so none was imported. "
        f"{where}: {first.problems[0].message}"
    )
    return problem(422, "parties_refused", detail, members={"items": items})


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
