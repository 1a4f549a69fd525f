"""The person's own profile and signature, and the company he acts for."""

from __future__ import annotations

import secrets
from zoneinfo import available_timezones

from django import forms
from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from outtray.compose.filling.editing import sanitised
from outtray.people.models import Membership, Person
from outtray.web.answers import tell
from outtray.web.security import policy_with_style
from outtray.web.session import PersonRequest, person_required

ZONES = sorted(zone for zone in available_timezones() if "/" in zone and zone[:3] != "Etc")


class ProfileForm(forms.Form):
    """What a person says of himself; the signature is of this company."""

    name = forms.CharField(label="Name", max_length=200)
    timezone = forms.ChoiceField(
        label="Time zone",
        required=False,
        choices=[("", "As the company"), *((zone, zone.replace("_", " ")) for zone in ZONES)],
    )
    signature = forms.CharField(
        label="Signature", required=False, max_length=20_000, widget=forms.HiddenInput
    )


@require_http_methods(["GET", "POST"])
@person_required
def show(request: PersonRequest) -> HttpResponse:
    membership = request.membership
    initial = {
        **model_to_dict(membership.person),
        "signature": sanitised(membership.signature_html),
    }
    form = ProfileForm(request.POST or None, initial=initial)
    if form.is_valid():
        given = form.cleaned_data
        signature = sanitised(given.pop("signature"))
        Person.objects.filter(pk=membership.person_id).update(**given)
        Membership.objects.filter(pk=membership.pk).update(signature_html=signature)
        tell(request, "Your profile is saved.")
        return redirect("profile")
    nonce = secrets.token_urlsafe(16)
    shown = {"form": form, "nonce": nonce}
    response = render(request, "outtray/profile.html", shown)
    response.headers["Content-Security-Policy"] = policy_with_style(nonce)
    return response


@require_POST
@person_required
def switch_company(request: PersonRequest) -> HttpResponse:
    """Act for another of one's companies from now on."""
    mine = Membership.objects.of(request.membership.person)
    chosen = get_object_or_404(mine, pk=request.POST.get("membership"))
    request.session["membership"] = str(chosen.pk)
    return redirect("home")
