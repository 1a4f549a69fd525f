"""Parties: customers and vendors, where their mail goes, and what they were sent."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from outtray.documents.models import Document, Party, PartyRole
from outtray.lib import clock
from outtray.mail.address import Address, AddressError
from outtray.outbox.models import Email
from outtray.web.answers import tell
from outtray.web.delivery_hold import hold_of
from outtray.web.document_list import document_rows
from outtray.web.documents import LANGUAGES
from outtray.web.paging import headings, order_of, page_after
from outtray.web.queue_rows import rows_of
from outtray.web.session import PersonRequest, person_required

_SORTS = {"name": "name", "number": "number"}
_COLUMNS = (
    ("Name", "name", ""),
    ("Number", "number", ""),
    ("Main Email", "", ""),
    ("Language", "", ""),
    ("Documents", "", "num"),
)
CHOICES = {"": "As the document", **LANGUAGES}
SLOTS = {
    "main_email": "Main Email",
    "cc_email": "CC Email",
    "billing_email": "Billing Email",
    "shipment_email": "Shipment Update Email",
    "bill_to_email": "Bill To Address Email",
    "ship_to_email": "Ship To Address Email",
}


class AddressField(forms.CharField):
    """One email address, or none. Says at the field what is wrong with it."""

    def clean(self, value: object) -> str:
        text: str = super().clean(value)
        if not text:
            return ""
        try:
            return str(Address.parse(text))
        except AddressError as wrong:
            sentence = str(wrong)
            raise ValidationError(f"{sentence[0].upper()}{sentence[1:]}.") from wrong


class SlotsForm(forms.Form):
    """Where a party's mail goes, and in which language."""

    main_email = AddressField(label=SLOTS["main_email"], required=False)
    cc_email = AddressField(label=SLOTS["cc_email"], required=False)
    billing_email = AddressField(label=SLOTS["billing_email"], required=False)
    shipment_email = AddressField(label=SLOTS["shipment_email"], required=False)
    bill_to_email = AddressField(label=SLOTS["bill_to_email"], required=False)
    ship_to_email = AddressField(label=SLOTS["ship_to_email"], required=False)
    language = forms.ChoiceField(label="Language", required=False, choices=list(CHOICES.items()))


@require_GET
@person_required
def index(request: PersonRequest) -> HttpResponse:
    parameters = request.GET
    role, search = parameters.get("role", ""), parameters.get("q", "").strip()
    parties = Party.objects.visible_to(request.membership)
    if role in PartyRole.values:
        parties = parties.filter(role=role)
    if search:
        parties = parties.filter(
            Q(name__icontains=search)
            | Q(number__icontains=search)
            | Q(main_email__icontains=search)
        )
    order = order_of(parameters.get("sort", ""), _SORTS, default="name")
    page = page_after(parties, order, parameters.get("after", ""))
    counts = _counts(page.rows)
    shown = {
        "rows": [
            (party, counts.get(party.pk, 0), CHOICES.get(party.language)) for party in page.rows
        ],
        "headings": headings(order, _COLUMNS),
        "roles": [("", "All"), ("customer", "Customers"), ("vendor", "Vendors")],
        "role": role,
        "search": search,
        "following": page.following,
        "after": parameters.get("after", ""),
    }
    return render(request, "outtray/parties/index.html", shown)


@require_http_methods(["GET", "POST"])
@person_required
def show(request: PersonRequest, party_id: UUID) -> HttpResponse:
    """A party's page; its address slots can be changed there."""
    party = get_object_or_404(Party.objects.visible_to(request.membership), pk=party_id)
    form = SlotsForm(request.POST or None, initial=model_to_dict(party))
    if form.is_valid():
        changed = Party.objects.filter(pk=party.pk)
        changed.update(**form.cleaned_data, changed_at=clock.now())
        tell(request, f"The addresses of {party.name} are saved.")
        return redirect("party", party.pk)
    documents = (
        Document.objects.filter(party=party).select_related("party").order_by("-date", "-pk")
    )
    emails = Email.objects.visible_to(request.membership).filter(enclosures__document__party=party)
    newest = emails.distinct().select_related("mailbox").order_by("-pk")[:10]
    shown = {
        "party": party,
        "form": form,
        "slots": [form[name] for name in SLOTS],
        "contacts": party.contacts.order_by("name"),
        "documents": document_rows(list(documents[:10])),
        "rows": rows_of(list(newest), is_held=hold_of(request) is not None, at=clock.now()),
    }
    return render(request, "outtray/parties/party.html", shown, status=422 if form.errors else 200)


def _counts(parties: list[Party]) -> dict[UUID, int]:
    counted = Document.objects.filter(party__in=[party.pk for party in parties])
    return dict(counted.values_list("party_id").annotate(Count("pk")).order_by())
