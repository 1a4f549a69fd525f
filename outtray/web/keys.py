"""API keys: made here, shown once, revoked here."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.lib.sealing import Secret
from outtray.people.keys import create_key, revoke_key
from outtray.people.models import ApiKey
from outtray.web.answers import attach, tell
from outtray.web.session import PersonRequest, person_required


class KeyForm(forms.Form):
    """What will use the key."""

    name = forms.CharField(label="Name", max_length=100)


@never_cache
@require_http_methods(["GET", "POST"])
@person_required
def index(request: PersonRequest) -> HttpResponse:
    form = KeyForm(request.POST or None)
    secret = _created(request, form) if form.is_valid() else None
    keys = ApiKey.objects.visible_to(request.membership).filter(revoked_at__isnull=True)
    page = {
        "form": KeyForm() if secret else form,
        "secret": secret.value if secret else "",
        "keys": keys.select_related("membership__person").order_by("-created_at"),
    }
    return render(request, "outtray/settings/keys.html", page)


@require_POST
@person_required
def revoke(request: PersonRequest, key_id: UUID) -> HttpResponse:
    key = get_object_or_404(ApiKey.objects.visible_to(request.membership), pk=key_id)
    revoke_key(request.membership, key, at=clock.now())
    tell(request, f"The key “{key.name}” is revoked.")
    return redirect("keys")


def _created(request: PersonRequest, form: KeyForm) -> Secret | None:
    try:
        return create_key(request.membership, form.cleaned_data["name"], at=clock.now())[1]
    except Refused as refused:
        attach(form, refused)
        return None
