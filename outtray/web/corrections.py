"""Send an email to a corrected address: the same letter once more, as a new email."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from outtray.documents.correct_address import places_of
from outtray.documents.models import Party
from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.outbox.correct import OVER, party_of, send_corrected
from outtray.outbox.models import Email, Recipient
from outtray.outbox.states import RecipientState
from outtray.web.answers import attach, complain, tell
from outtray.web.sending import UNDO_SECONDS
from outtray.web.session import PersonRequest, person_required


@dataclass(frozen=True, slots=True)
class Row:
    """A recipient with the field for the corrected address, and where the old one stands."""

    recipient: Recipient
    field: forms.BoundField
    places: list[str]


class CorrectionForm(forms.Form):
    """For each recipient a corrected address; an empty one leaves him out."""

    says_optional = False

    save = forms.BooleanField(required=False)
    again = forms.BooleanField(label="Send again", required=False)

    def ask(self, recipients: list[Recipient]) -> None:
        """A field for each of these."""
        for each in recipients:
            self.fields[f"recipient-{each.pk}"] = forms.CharField(
                label=f"Instead of {each.address}",
                required=False,
                max_length=254,
                widget=forms.EmailInput(attrs={"autocomplete": "off"}),
            )

    def corrections(self, recipients: list[Recipient]) -> dict[str, str]:
        """What was entered, by the address that it replaces."""
        given = {each.address: self.cleaned_data[f"recipient-{each.pk}"] for each in recipients}
        return {wrong: right.strip() for wrong, right in given.items() if right.strip()}


@require_http_methods(["GET", "POST"])
@person_required
def create(request: PersonRequest, email_id: UUID) -> HttpResponse:
    visible = Email.objects.visible_to(request.membership).select_related("mailbox")
    email = get_object_or_404(visible, pk=email_id)
    if email.state not in OVER:
        complain(request, Refused("still_under_way", "This email has not come to an end yet."))
        return redirect("email", email.pk)
    recipients = sorted(
        email.recipients.all(), key=lambda each: each.state == RecipientState.ACCEPTED
    )
    form = CorrectionForm(request.POST or None, initial={"save": True})
    form.ask(recipients)
    if not form.is_valid():
        return _page(request, email, recipients, form)
    try:
        new = send_corrected(
            email.pk,
            form.corrections(recipients),
            by=request.membership.person,
            at=clock.now(),
            save=form.cleaned_data["save"],
            again=form.cleaned_data["again"],
            undo_seconds=UNDO_SECONDS,
        )
    except Refused as refusal:
        attach(form, refusal)
        return _page(request, email, recipients, form, asks_again=refusal.code == "already_sent")
    tell(request, f"It goes to {new.to_summary} as a new email. This is it.")
    return redirect("email", new.pk)


def _page(
    request: PersonRequest,
    email: Email,
    recipients: list[Recipient],
    form: CorrectionForm,
    *,
    asks_again: bool = False,
) -> HttpResponse:
    party = party_of(email)
    rows = [_row(form, each, party) for each in recipients]
    shown = {
        "email": email,
        "form": form,
        "rows": rows,
        "party": party if any(row.places for row in rows) else None,
        "asks_again": asks_again or form["again"].value(),
    }
    status = 422 if form.errors else 200
    return render(request, "outtray/queue/correction.html", shown, status=status)


def _row(form: CorrectionForm, recipient: Recipient, party: Party | None) -> Row:
    places = places_of(party, recipient.address) if party else []
    return Row(recipient, form[f"recipient-{recipient.pk}"], places)
