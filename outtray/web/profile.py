"""The person's own profile, and the company he acts for."""

from __future__ import annotations

from zoneinfo import available_timezones

from django import forms
from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from outtray.people.models import Membership, Person
from outtray.web.answers import tell
from outtray.web.session import PersonRequest, person_required

ZONES = sorted(zone for zone in available_timezones() if "/" in zone and zone[:3] != "Etc")


class ProfileForm(forms.Form):
    """What a person says of himself."""

    name = forms.CharField(label="Name", max_length=200)
    timezone = forms.ChoiceField(
        label="Time zone",
        required=False,
        choices=[("", "As the company"), *((zone, zone.replace("_", " ")) for zone in ZONES)],
    )


@require_http_methods(["GET", "POST"])
@person_required
def show(request: PersonRequest) -> HttpResponse:
    person = request.membership.person
    form = ProfileForm(request.POST or None, initial=model_to_dict(person))
    if form.is_valid():
        Person.objects.filter(pk=person.pk).update(**form.cleaned_data)
        tell(request, "Your profile is saved.")
        return redirect("profile")
    return render(request, "outtray/profile.html", {"form": form})


@require_POST
@person_required
def switch_company(request: PersonRequest) -> HttpResponse:
    """Act for another of one's companies from now on."""
    mine = Membership.objects.of(request.membership.person)
    chosen = get_object_or_404(mine, pk=request.POST.get("membership"))
    request.session["membership"] = str(chosen.pk)
    return redirect("home")
