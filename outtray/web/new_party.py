"""A new customer or vendor, entered by hand: all that its page can change, at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from outtray.documents.make_party import make_party
from outtray.documents.models import Party, PartyRole
from outtray.documents.party_fields import kinds_for
from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.web.answers import tell
from outtray.web.party_forms import ContactsForm, DetailsForm, NoticesForm, NumberForm, SlotsForm
from outtray.web.session import PersonRequest, person_required

_OTHER = {PartyRole.CUSTOMER: PartyRole.VENDOR, PartyRole.VENDOR: PartyRole.CUSTOMER}

Forms = Mapping[str, Any]


@require_http_methods(["GET", "POST"])
@person_required
def create(request: PersonRequest) -> HttpResponse:
    """The page of a new party, which leads to the page of the party that it made."""
    given = request.POST if request.method == "POST" else None
    role = _role(given if given is not None else request.GET)
    forms = _forms(role, given)
    if given is not None and (party := _made(request, role, forms)):
        tell(request, f"{party.name} is there. Its next document goes to these addresses.")
        return redirect("party", party.pk)
    shown = {"role": role.value, "other": _OTHER[role].value, "forms": forms}
    status = 200 if given is None else 422
    return render(request, "outtray/parties/new.html", shown, status=status)


def _role(given: QueryDict) -> PartyRole:
    wanted = given.get("role", "")
    return PartyRole(wanted) if wanted in PartyRole.values else PartyRole.CUSTOMER


def _forms(role: PartyRole, given: QueryDict | None) -> Forms:
    return {
        "number": NumberForm(given),
        "details": DetailsForm(given),
        "slots": SlotsForm(given),
        "contacts": ContactsForm(given, Party()),
        "notices": NoticesForm(given, role=role, initial=dict.fromkeys(kinds_for(role), True)),
    }


def _made(request: PersonRequest, role: PartyRole, forms: Forms) -> Party | None:
    """The party; None where something is wrong, which is said at its field."""
    right = [form.is_valid() for form in forms.values()]  # each says what is wrong with it
    if not all(right):
        return None
    fields = {name: value for form in forms.values() for name, value in form.changes.items()}
    membership = request.membership
    try:
        return make_party(
            membership.company, {"role": role, **fields}, by=membership.person, at=clock.now()
        )
    except Refused as refused:
        _attach(forms, refused)
        return None


def _attach(forms: Forms, refused: Refused) -> None:
    """Put a refusal at the field that it concerns, or above all of them."""
    field = refused.field.replace(".", "-")
    of_field = next((form for form in forms.values() if field in form.fields), None)
    if of_field:
        of_field.add_error(field, refused.detail)
    else:
        forms["number"].add_error(None, refused.detail)
