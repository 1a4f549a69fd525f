"""Settings, Sign-in providers: what was registered at Google and Microsoft, entered once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.lib.sealing import Secret
from outtray.mailboxes.models import Grant, OAuthApp, SignIn
from outtray.mailboxes.oauth_apps import (
    AppDraft,
    apps_of,
    delete_app,
    redirect_uri,
    save_app,
    scopes_to_copy,
)
from outtray.transports.oauth.providers import CLOUDS
from outtray.web.answers import attach, complain, tell
from outtray.web.provider_steps import STEPS, Steps
from outtray.web.session import PersonRequest, administrator_required

_MOST_BYTES = 100_000  # of a certificate or a key file


def _line(label: str, **more: Any) -> forms.CharField:
    plain = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
    widget = forms.TextInput(attrs=plain)
    return forms.CharField(label=label, max_length=200, required=False, widget=widget, **more)


def _file(label: str, kinds: str, help_text: str) -> forms.FileField:
    widget = forms.FileInput(attrs={"accept": kinds})
    return forms.FileField(label=label, required=False, widget=widget, help_text=help_text)


class AppForm(forms.Form):
    """What both providers hand out. An empty secret keeps the one that is stored."""

    says_optional = False
    provider: SignIn
    client_id = _line("Client id")
    secret = forms.CharField(
        label="Client secret",
        required=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, data: Any = None, files: Any = None, *, app: OAuthApp | None) -> None:
        super().__init__(data, files, prefix=self.provider.value, initial=_initial(app))
        if app and app.has_secret:
            self.fields["secret"].widget.attrs["placeholder"] = "••••••••••••"
            self.fields["secret"].help_text = "A secret is stored. Leave this empty to keep it."

    def draft(self) -> AppDraft:
        """What was typed, for a verb to check."""
        typed = self.cleaned_data
        ends_on = typed.get("secret_expires_on")
        return AppDraft(
            provider=self.provider,
            client_id=typed["client_id"],
            secret=_secret(typed["secret"]),
            certificate=_text(typed.get("certificate")),
            private_key=_secret(_text(typed.get("private_key"))),
            service_account=_secret(_text(typed.get("service_account"))),
            tenant=typed.get("tenant", ""),
            cloud=typed.get("cloud", ""),
            secret_expires_at=datetime.combine(ends_on, time(), tzinfo=UTC) if ends_on else None,
        )


class GoogleForm(AppForm):
    """At Google: a client, and for access without a person a service account."""

    provider = SignIn.GOOGLE
    service_account = _file(
        "Key of a service account",
        ".json,application/json",
        "Only for Company Emails of your Google Workspace that no person signs in for: the JSON "
        "file of its key.",
    )


class MicrosoftForm(AppForm):
    """At Microsoft: an application with a secret or a certificate, in a tenant and a cloud."""

    provider = SignIn.MICROSOFT
    tenant = _line(
        "Tenant",
        help_text="The Directory (tenant) ID. Empty for accounts of any organisation and personal "
        "ones.",
    )
    secret_expires_on = forms.DateField(
        label="Secret expires on",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="As Entra shows it. You are told 30, 7 and 1 days before.",
    )
    certificate = _file(
        "Certificate",
        ".pem,.crt,.cer",
        "Instead of a secret: a PEM file. Its end is read from it.",
    )
    private_key = _file("Private key of the certificate", ".pem,.key", "A PEM file, RSA.")
    cloud = forms.ChoiceField(
        label="Cloud",
        choices=[(name, cloud.label) for name, cloud in CLOUDS.items()],
        required=False,
    )


FORMS: Mapping[str, type[AppForm]] = {form.provider: form for form in (GoogleForm, MicrosoftForm)}


@dataclass(frozen=True, slots=True)
class Panel:
    """One provider on the page: its form, what is stored, and what to do there."""

    provider: SignIn
    form: AppForm
    app: OAuthApp | None
    steps: Steps
    redirect_uri: str
    scopes: str
    mailboxes: int
    ends_soon: bool


@require_GET
@administrator_required
def index(request: PersonRequest) -> HttpResponse:
    return _page(request)


@never_cache
@require_POST
@administrator_required
def save(request: PersonRequest, provider: str) -> HttpResponse:
    if provider not in FORMS:
        raise Http404
    app = apps_of(request.membership).get(provider)
    form = FORMS[provider](request.POST, request.FILES, app=app)
    if form.is_valid():
        try:
            save_app(request.membership, form.draft(), at=clock.now())
        except Refused as refused:
            attach(form, refused)
        else:
            tell(request, f"{SignIn(provider).label} is saved. Mailboxes can be connected now.")
            return redirect(f"{reverse('sign_in_providers')}#{provider}")
    return _page(request, form)


@require_POST
@administrator_required
def remove(request: PersonRequest, provider: str) -> HttpResponse:
    try:
        delete_app(request.membership, provider)
    except Refused as refused:
        complain(request, refused)
    else:
        tell(request, "What was entered is forgotten.")
    return redirect("sign_in_providers")


def _page(request: PersonRequest, typed: AppForm | None = None) -> HttpResponse:
    apps = apps_of(request.membership)
    panels = [
        _panel(
            typed if typed and typed.provider == provider else form(app=apps.get(provider)),
            apps.get(provider),
        )
        for provider, form in FORMS.items()
    ]
    return render(request, "outtray/settings/sign_in_providers.html", {"panels": panels})


def _panel(form: AppForm, app: OAuthApp | None) -> Panel:
    ends_at = app.secret_expires_at if app else None
    return Panel(
        provider=form.provider,
        form=form,
        app=app,
        steps=STEPS[form.provider],
        redirect_uri=redirect_uri(form.provider),
        scopes="\n".join(scopes_to_copy(form.provider, cloud=app.cloud if app else "")),
        mailboxes=Grant.objects.filter(app=app).count() if app else 0,
        ends_soon=ends_at is not None and (ends_at - clock.now()).days < 30,
    )


def _initial(app: OAuthApp | None) -> dict[str, Any]:
    if app is None:
        return {}
    return {
        "client_id": app.client_id,
        "tenant": "" if app.tenant == "common" else app.tenant,
        "cloud": app.cloud,
        "secret_expires_on": app.secret_expires_at.date() if app.secret_expires_at else None,
    }


def _secret(text: str) -> Secret | None:
    return Secret(text) if text.strip() else None


def _text(upload: UploadedFile[bytes] | None) -> str:
    """The text of a file; what is no text, or far too long, is no certificate and no key."""
    return upload.read(_MOST_BYTES).decode(errors="replace") if upload else ""
