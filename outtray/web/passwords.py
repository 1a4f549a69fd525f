"""Choosing a password by a one-time link."""

from __future__ import annotations

from django import forms
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from outtray.lib.errors import Refused
from outtray.people.password_links import choose_password, person_of_link
from outtray.web.answers import attach


class PasswordForm(forms.Form):
    """A new password, typed once and shown on demand."""

    password = forms.CharField(
        label="Password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "autofocus": True}),
    )


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest, token: str) -> HttpResponse:
    person = person_of_link(token)
    if person is None:
        return render(request, "outtray/password_link_spent.html", status=404)
    form = PasswordForm(request.POST or None)
    if form.is_valid():
        try:
            login(request, choose_password(token, form.cleaned_data["password"]))
        except Refused as refused:
            attach(form, refused)
        else:
            return redirect("home")
    return render(request, "outtray/password_link.html", {"form": form, "person": person})
