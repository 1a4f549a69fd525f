"""First start: company, you, password, in one page; then straight to User Email Setup."""

from __future__ import annotations

from zoneinfo import available_timezones

from django import forms
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.people import first_start
from outtray.people.models import Company, Membership
from outtray.people.setup_link import is_setup_token
from outtray.web.answers import attach


class StartForm(forms.Form):
    """All that is needed to begin."""

    company_name = forms.CharField(
        label="Company",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization", "autofocus": True}),
    )
    name = forms.CharField(
        label="Your name",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.CharField(
        label="Your email address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    timezone = forms.CharField(
        required=False, widget=forms.HiddenInput(attrs={"data-timezone": ""})
    )


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, token: str) -> HttpResponse:
    if not is_setup_token(token):
        return render(request, "outtray/start_closed.html", status=404)
    form = StartForm(request.POST or None)
    membership = _started(form, token) if form.is_valid() else None
    if membership is None:
        return render(request, "outtray/start.html", {"form": form})
    login(request, membership.person)
    return redirect("user_email")


def _started(form: StartForm, token: str) -> Membership | None:
    typed = form.cleaned_data
    try:
        membership = first_start.start(
            typed["company_name"],
            typed["name"],
            typed["email"],
            typed["password"],
            token=token,
            at=clock.now(),
        )
    except Refused as refused:
        attach(form, refused)
        return None
    if typed["timezone"] in available_timezones():
        Company.objects.filter(pk=membership.company_id).update(timezone=typed["timezone"])
    return membership
