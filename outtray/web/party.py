"""A party's page: all that is known of it, where its mail goes, and what became of both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.forms import model_to_dict
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from outtray.compose.rules.company_rules import Rules
from outtray.compose.rules.expected import expected_for
from outtray.documents.models import Document, Party
from outtray.documents.save_party import save_party
from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.outbox.models import Email
from outtray.web.answers import tell
from outtray.web.delivery_hold import hold_of
from outtray.web.document_list import document_rows
from outtray.web.party_forms import (
    ContactsForm,
    DetailsForm,
    NoticesForm,
    SlotsForm,
    initial_details,
)
from outtray.web.party_history import history_of
from outtray.web.party_overrides import override_rows
from outtray.web.queue_rows import rows_of
from outtray.web.session import PersonRequest, person_required

_SAID = {
    "slots": "The addresses of {} are saved.",
    "details": "{} is saved.",
    "notices": "The notifications of {} are saved.",
    "contacts": "The contacts of {} are saved.",
}

Forms = Mapping[str, Any]


@require_http_methods(["GET", "POST"])
@person_required
def show(request: PersonRequest, party_id: UUID) -> HttpResponse:
    """A party's page; each of its parts is a form of its own."""
    party = get_object_or_404(Party.objects.visible_to(request.membership), pk=party_id)
    part = request.POST.get("part", "slots") if request.method == "POST" else ""
    forms = _forms(party, part if part in _SAID else "", request.POST)
    if part in _SAID and _is_saved(request, party, forms[part]):
        tell(request, _SAID[part].format(party.name))
        return redirect(f"{request.path}#{part}")
    status = 422 if request.method == "POST" else 200
    return render(
        request, "outtray/parties/party.html", _shown(request, party, forms), status=status
    )


def _forms(party: Party, part: str, given: QueryDict) -> Forms:
    """All forms, of which only the one that was sent holds what was typed."""
    typed = {name: given if name == part else None for name in _SAID}
    wanted = {kind: kind not in party.excluded for kind in _kinds(party)}
    return {
        "slots": SlotsForm(typed["slots"], initial=model_to_dict(party)),
        "details": DetailsForm(typed["details"], initial=initial_details(party)),
        "notices": NoticesForm(typed["notices"], role=party.role, initial=wanted),
        "contacts": ContactsForm(typed["contacts"], party),
    }


def _kinds(party: Party) -> list[str]:
    return NoticesForm(role=party.role).kinds


def _is_saved(request: PersonRequest, party: Party, form: Any) -> bool:
    """Save what is right; what is wrong is said at its field."""
    if not form.is_valid():
        return False
    try:
        save_party(party, form.changes, by=request.membership.person, at=clock.now())
    except Refused as refused:
        field = refused.field.replace(".", "-")
        form.add_error(field if field in form.fields else None, refused.detail)
        return False
    return True


def _shown(request: PersonRequest, party: Party, forms: Forms) -> dict[str, object]:
    documents = Document.objects.filter(party=party).select_related("party")
    emails = Email.objects.visible_to(request.membership).filter(enclosures__document__party=party)
    newest = emails.distinct().select_related("mailbox").order_by("-pk")[:10]
    stored = Party.objects.get(pk=party.pk)
    return {
        "party": stored,
        "forms": forms,
        "expected": expected_for(stored, Rules.of(request.membership.company)),
        "overrides": override_rows(request.membership, stored),
        "documents": document_rows(list(documents.order_by("-date", "-pk")[:5])),
        "rows": rows_of(list(newest), is_held=hold_of(request) is not None, at=clock.now()),
        "history": history_of(stored, before=request.GET.get("before", "")),
    }
