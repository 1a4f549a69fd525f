"""What a party has instead of the company's defaults, for one kind of document or for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from outtray.compose.models import PartyDefault
from outtray.compose.rules.set_override import Override, set_override
from outtray.compose.templates.models import Level, Template
from outtray.documents.kinds.registry import KINDS
from outtray.documents.layouts import Layout
from outtray.documents.models import Party
from outtray.documents.party_fields import kinds_for
from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.mailboxes.models import Mailbox
from outtray.people.models import Membership
from outtray.web.answers import complain, tell
from outtray.web.mailboxes import company_emails_of
from outtray.web.party_forms import AddressField
from outtray.web.session import PersonRequest, administrator_required

ALL = "all"


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen in a company, read once for all forms of a page."""

    mailboxes: Sequence[Mailbox]
    templates: Sequence[Template]
    layouts: Sequence[Layout]

    @classmethod
    def of(cls, membership: Membership) -> Choices:
        templates = Template.objects.filter(
            company_id=membership.company_id, level=Level.APPLICATION, archived_at__isnull=True
        )
        return cls(
            list(company_emails_of(membership).order_by("name")),
            list(templates.order_by("name")),
            list(Layout.objects.visible_to(membership).order_by("name")),
        )

    def templates_for(self, kind: str) -> Sequence[Template]:
        """Those for letters with one document of the kind."""
        return [each for each in self.templates if each.purpose == kind]


class OverrideForm(forms.Form):
    """Sender, copy and look of a party's documents."""

    says_optional = False
    send_from = forms.ChoiceField(label="Send From Email", required=False)
    cc_email = AddressField(label="CC Email", required=False)
    template = forms.ChoiceField(label="Email Template", required=False)
    layout = forms.ChoiceField(label="PDF layout", required=False)

    def __init__(
        self,
        given: QueryDict | None = None,
        *,
        kind: str,
        choices: Choices,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(given, prefix=kind or ALL, initial=initial)
        self._offer("send_from", choices.mailboxes)
        self._offer("layout", choices.layouts)
        self._offer("template", choices.templates_for(kind))
        if not kind:
            del self.fields["template"]

    @property
    def wanted(self) -> Override:
        given = self.cleaned_data
        return Override(
            _id(given["send_from"]),
            given["cc_email"],
            _id(given.get("template", "")),
            _id(given["layout"]),
        )

    def _offer(self, name: str, rows: Sequence[Mailbox | Template | Layout]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "As usual"), *((str(each.pk), str(each)) for each in rows)]


@dataclass(frozen=True, slots=True)
class OverrideRow:
    """A kind, or all of them, with what is settled in words, and the form to change it."""

    key: str
    label: str
    settled: list[str]
    form: OverrideForm


def override_rows(membership: Membership, party: Party) -> list[OverrideRow]:
    """One for all kinds, then one for each that such a party gets."""
    choices = Choices.of(membership)
    known = {
        each.kind: each
        for each in PartyDefault.objects.filter(party=party).select_related(
            "send_from", "template", "layout"
        )
    }
    return [
        OverrideRow(
            kind or ALL,
            KINDS[kind].plural("en") if kind else "All documents",
            _settled(known.get(kind)),
            OverrideForm(kind=kind, choices=choices, initial=_initial(known.get(kind))),
        )
        for kind in ("", *kinds_for(party.role))
    ]


@require_POST
@administrator_required
def create(request: PersonRequest, party_id: UUID) -> HttpResponse:
    """Settle one of them."""
    party = get_object_or_404(Party.objects.visible_to(request.membership), pk=party_id)
    key = request.POST.get("kind", ALL)
    kind = "" if key == ALL else key
    form = OverrideForm(request.POST, kind=kind, choices=Choices.of(request.membership))
    try:
        set_override(request.membership, party, kind, _wanted(form), at=clock.now())
    except Refused as refused:
        complain(request, refused)
    else:
        tell(request, f"The rules of {party.name} are saved.")
    return redirect("party", party.pk)


def _wanted(form: OverrideForm) -> Override:
    if form.is_valid():
        return form.wanted
    name, errors = next(iter(form.errors.items()))
    raise Refused("bad_override", f"{form.fields[name].label}: {errors[0]}", field=name)


def _settled(override: PartyDefault | None) -> list[str]:
    if override is None:
        return []
    words = (
        override.send_from and f"from {override.send_from.address}",
        override.cc_email and f"copy to {override.cc_email}",
        override.template and f"template {override.template.name}",
        override.layout and f"layout {override.layout.name}",
    )
    return [each for each in words if each]


def _initial(override: PartyDefault | None) -> dict[str, str]:
    if override is None:
        return {}
    return {
        "send_from": str(override.send_from_id or ""),
        "cc_email": override.cc_email,
        "template": str(override.template_id or ""),
        "layout": str(override.layout_id or ""),
    }


def _id(chosen: str) -> UUID | None:
    return UUID(chosen) if chosen else None
