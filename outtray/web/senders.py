"""Send From Email and CC Email of each kind of document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from outtray.compose.models import DocumentDefault
from outtray.compose.set_sender import set_sender
from outtray.documents.kinds.registry import KINDS
from outtray.mail.address import Address, AddressError
from outtray.mailboxes.models import Mailbox
from outtray.people.models import Company, Membership
from outtray.web.answers import tell
from outtray.web.mailboxes import company_emails_of
from outtray.web.session import PersonRequest, administrator_required


@dataclass(frozen=True, slots=True)
class SenderRow:
    """A kind of document with its two fields."""

    label: str
    send_from: forms.BoundField
    cc_email: forms.BoundField


class SendersForm(forms.Form):
    """A sender and a copy for every kind."""

    def __init__(self, *args: Any, mailboxes: list[Mailbox], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "User Email of whoever sends"), *((str(m.pk), str(m)) for m in mailboxes)]
        for kind in KINDS.values():
            label = kind.label("en")
            self.fields[f"{kind.name}-from"] = forms.ChoiceField(
                label=f"Send From Email of {label}", choices=choices, required=False
            )
            self.fields[f"{kind.name}-cc"] = _CopyField(
                label=f"CC Email of {label}", max_length=254, required=False
            )

    @property
    def rows(self) -> list[SenderRow]:
        return [
            SenderRow(kind.label("en"), self[f"{kind.name}-from"], self[f"{kind.name}-cc"])
            for kind in KINDS.values()
        ]


class _CopyField(forms.CharField):
    widget = forms.EmailInput(attrs={"placeholder": "No copy"})

    def clean(self, value: str) -> str:
        typed = str(super().clean(value))
        try:
            return str(Address.parse(typed)) if typed else ""
        except AddressError as wrong:
            raise forms.ValidationError(f"{wrong}.".capitalize()) from wrong


@require_http_methods(["GET", "POST"])
@administrator_required
def show(request: PersonRequest) -> HttpResponse:
    company = request.membership.company
    mailboxes = list(company_emails_of(request.membership).order_by("name"))
    form = SendersForm(request.POST or None, mailboxes=mailboxes, initial=_stored(company))
    if form.is_valid():
        _save(request.membership, form.cleaned_data)
        tell(request, "The senders are saved.")
        return redirect("senders")
    return render(request, "outtray/settings/senders.html", {"form": form, "mailboxes": mailboxes})


def _stored(company: Company) -> dict[str, str]:
    stored: dict[str, str] = {}
    for default in DocumentDefault.objects.filter(company=company):
        stored[f"{default.kind}-from"] = str(default.send_from_id or "")
        stored[f"{default.kind}-cc"] = default.cc_email
    return stored


@transaction.atomic
def _save(membership: Membership, typed: dict[str, str]) -> None:
    for kind in KINDS:
        chosen = typed[f"{kind}-from"]
        set_sender(
            membership,
            kind,
            send_from=UUID(chosen) if chosen else None,
            cc_email=typed[f"{kind}-cc"],
        )
