"""Default Document Templates: sender, copy, template and layout of each kind of document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from outtray.compose.models import DocumentDefault
from outtray.compose.rules.company_rules import Rules
from outtray.compose.rules.set_look import set_look
from outtray.compose.rules.set_sender import allow_company_email, set_sender
from outtray.documents.kinds.registry import KINDS
from outtray.people.models import Membership
from outtray.web.answers import tell
from outtray.web.party_forms import AddressField
from outtray.web.party_overrides import Choices
from outtray.web.session import PersonRequest, administrator_required


@dataclass(frozen=True, slots=True)
class SenderRow:
    """A kind of document with its fields."""

    label: str
    fields: Sequence[tuple[str, forms.BoundField]]


class SendersForm(forms.Form):
    """Sender, copy, template and layout for every kind, and what holds where none is set."""

    may_use_company_email = forms.BooleanField(
        label="Let the default Company Email send for persons who have no User Email",
        required=False,
        help_text="Otherwise what they send is refused, and says what to set up.",
    )

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in KINDS.values():
            label = kind.label("en")
            self._offer(kind.name, "from", f"Send From Email of {label}", choices.mailboxes)
            self.fields[f"{kind.name}-cc"] = AddressField(
                label=f"CC Email of {label}",
                required=False,
                widget=forms.EmailInput(attrs={"placeholder": "No copy"}),
            )
            fitting = choices.templates_for(kind.name)
            self._offer(kind.name, "template", f"Email Template of {label}", fitting)
            self._offer(kind.name, "layout", f"PDF layout of {label}", choices.layouts)

    def _offer(self, kind: str, name: str, label: str, rows: Sequence[Any]) -> None:
        self.fields[f"{kind}-{name}"] = forms.ChoiceField(
            label=label,
            choices=[("", _USUAL[name]), *((str(each.pk), str(each)) for each in rows)],
            required=False,
        )

    @property
    def rows(self) -> list[SenderRow]:
        return [
            SenderRow(
                kind.label("en"),
                [(title, self[f"{kind.name}-{name}"]) for name, title in _TITLES.items()],
            )
            for kind in KINDS.values()
        ]


_TITLES = {
    "from": "Send From Email",
    "cc": "CC Email",
    "template": "Email Template",
    "layout": "PDF layout",
}
_USUAL = {
    "from": "User Email",
    "template": "From the templates",
    "layout": "The usual one",
}


@require_http_methods(["GET", "POST"])
@administrator_required
def show(request: PersonRequest) -> HttpResponse:
    membership = request.membership
    choices, rules = Choices.of(membership), Rules.of(membership.company)
    form = SendersForm(request.POST or None, choices=choices, initial=_stored(rules))
    if form.is_valid():
        _save(membership, form.cleaned_data)
        tell(request, "The defaults of documents are saved.")
        return redirect("senders")
    shown = {
        "form": form,
        "titles": _TITLES.values(),
        "mailboxes": choices.mailboxes,
        "default_company_email": rules.default_company_email,
    }
    return render(request, "outtray/settings/senders.html", shown)


def _stored(rules: Rules) -> dict[str, object]:
    stored: dict[str, object] = {"may_use_company_email": rules.may_use_company_email}
    for kind in KINDS:
        default = rules.default_of(kind) or DocumentDefault()
        stored |= {
            f"{kind}-from": str(default.send_from_id or ""),
            f"{kind}-cc": default.cc_email,
            f"{kind}-template": str(default.template_id or ""),
            f"{kind}-layout": str(default.layout_id or ""),
        }
    return stored


@transaction.atomic
def _save(membership: Membership, typed: dict[str, Any]) -> None:
    allow_company_email(membership, allowed=typed["may_use_company_email"])
    for kind in KINDS:
        set_sender(
            membership,
            kind,
            send_from=_id(typed[f"{kind}-from"]),
            cc_email=typed[f"{kind}-cc"],
        )
        set_look(
            membership,
            kind,
            template=_id(typed[f"{kind}-template"]),
            layout=_id(typed[f"{kind}-layout"]),
        )


def _id(chosen: str) -> UUID | None:
    return UUID(chosen) if chosen else None
