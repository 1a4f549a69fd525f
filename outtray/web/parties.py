"""Parties: customers and vendors, found by name, number or address."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from outtray.documents.models import Document, Party, PartyQuerySet, PartyRole
from outtray.web.paging import headings, order_of, page_after
from outtray.web.party_forms import LANGUAGE_CHOICES
from outtray.web.session import PersonRequest, person_required

_SORTS = {"name": "name", "number": "number"}
_COLUMNS = (
    ("Name", "name", ""),
    ("Number", "number", ""),
    ("Main Email", "", ""),
    ("Language", "", ""),
    ("Documents", "", "num"),
)
_ROLES = (("", "All"), ("customer", "Customers"), ("vendor", "Vendors"))
WITHOUT_ADDRESS = "none"


@require_GET
@person_required
def index(request: PersonRequest) -> HttpResponse:
    parameters = request.GET
    order = order_of(parameters.get("sort", ""), _SORTS, default="name")
    page = page_after(_chosen(request), order, parameters.get("after", ""))
    counts = _counts(page.rows)
    shown = {
        "rows": [
            (party, counts.get(party.pk, 0), LANGUAGE_CHOICES.get(party.language))
            for party in page.rows
        ],
        "headings": headings(order, _COLUMNS),
        "roles": _ROLES,
        "role": parameters.get("role", ""),
        "without_address": parameters.get("address") == WITHOUT_ADDRESS,
        "search": parameters.get("q", "").strip(),
        "following": page.following,
        "after": parameters.get("after", ""),
    }
    return render(request, "outtray/parties/index.html", shown)


def _chosen(request: PersonRequest) -> PartyQuerySet:
    """Those that the page's filters leave."""
    parameters = request.GET
    role, search = parameters.get("role", ""), parameters.get("q", "").strip()
    parties = Party.objects.visible_to(request.membership)
    if role in PartyRole.values:
        parties = parties.filter(role=role)
    if parameters.get("address") == WITHOUT_ADDRESS:
        parties = parties.filter(main_email="", billing_email="", bill_to_email="")
    if search:
        parties = parties.filter(
            Q(name__icontains=search)
            | Q(number__icontains=search)
            | Q(main_email__icontains=search)
            | Q(billing_email__icontains=search)
        )
    return parties


def _counts(parties: list[Party]) -> dict[UUID, int]:
    counted = Document.objects.filter(party__in=[party.pk for party in parties])
    return dict(counted.values_list("party_id").annotate(Count("pk")).order_by())
