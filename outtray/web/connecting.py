"""Connect: send somebody to his provider's pages, and take him up when he is back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from outtray.diagnosis.explain import explain
from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.mailboxes.connect import begin, connect_app, finish
from outtray.mailboxes.disconnect import disconnect
from outtray.mailboxes.models import Mailbox, SignIn, Whose
from outtray.mailboxes.oauth_apps import redirect_uri
from outtray.transports.base import Failure
from outtray.web.answers import attach, complain, tell
from outtray.web.mailbox_form import MailboxForm
from outtray.web.mailboxes import company_emails_of, edit_page, user_email_of
from outtray.web.returned import forget_typed, keep_trouble, keep_typed
from outtray.web.session import PersonRequest, administrator_required, person_required


@require_POST
@person_required
def create_for_user_email(request: PersonRequest) -> HttpResponse:
    return _connect(request, Whose.USER, user_email_of(request.membership))


@require_POST
@administrator_required
def create_for_company_email(request: PersonRequest) -> HttpResponse:
    return _connect(request, Whose.COMPANY, None)


@require_POST
@administrator_required
def create(request: PersonRequest, mailbox_id: UUID) -> HttpResponse:
    return _connect(request, Whose.COMPANY, _company_email(request, mailbox_id))


@require_POST
@administrator_required
def create_alone_for_company_email(request: PersonRequest) -> HttpResponse:
    return _connect_alone(request, None)


@require_POST
@administrator_required
def create_alone(request: PersonRequest, mailbox_id: UUID) -> HttpResponse:
    return _connect_alone(request, _company_email(request, mailbox_id))


@never_cache
@require_GET
@person_required
def finished(request: PersonRequest, provider: str) -> HttpResponse:
    """He is back: with a code, or with the reason why there is none."""
    asked = {name: request.GET.get(name, "") for name in _CAME_WITH}
    try:
        mailbox = finish(request.membership, provider=provider, at=clock.now(), **asked)
    except Refused as refused:
        return redirect(keep_trouble(request, **_told(refused, provider)))
    forget_typed(request)
    account = mailbox.grant.account or mailbox.address
    tell(request, f"Connected as {account}. Press Validate, and the mailbox is ready.")
    return redirect(_page_of(mailbox))


@require_POST
@person_required
def delete(request: PersonRequest, mailbox_id: UUID) -> HttpResponse:
    visible = Mailbox.objects.visible_to(request.membership)
    mailbox = get_object_or_404(visible, pk=mailbox_id)
    provider = SignIn(mailbox.sign_in).label if mailbox.sign_in else "the provider"
    try:
        is_revoked = disconnect(request.membership, mailbox, at=clock.now())
    except Refused as refused:
        complain(request, refused)
        return redirect("home")
    tell(request, f"{mailbox.address} is disconnected. {_REVOKED[is_revoked].format(provider)}")
    return redirect(_page_of(mailbox))


_CAME_WITH = ("state", "code", "error", "error_description")
_REVOKED = {
    True: "{} has taken the consent back.",
    False: "To take the consent back as well, remove Outtray from the apps of the account at {}.",
}


def _connect(request: PersonRequest, whose: Whose, mailbox: Mailbox | None) -> HttpResponse:
    form = MailboxForm(request.POST, whose=whose, mailbox=mailbox)
    if not form.is_valid():
        return edit_page(request, form)
    draft = form.draft()
    try:
        address = begin(
            request.membership,
            draft,
            provider=draft.sign_in,
            redirect_uri=redirect_uri(draft.sign_in),
            at=clock.now(),
            mailbox=mailbox,
        )
    except Refused as refused:
        attach(form, refused)
        return edit_page(request, form)
    keep_typed(request, _page_to_come_back(whose, mailbox), form)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    provider = SignIn(draft.sign_in).label
    return render(request, "outtray/connect.html", {"address": address, "provider": provider})


def _connect_alone(request: PersonRequest, mailbox: Mailbox | None) -> HttpResponse:
    form = MailboxForm(request.POST, whose=Whose.COMPANY, mailbox=mailbox)
    if not form.is_valid():
        return edit_page(request, form)
    draft = form.draft()
    try:
        saved = connect_app(
            request.membership, draft, provider=draft.sign_in, at=clock.now(), mailbox=mailbox
        )
    except Refused as refused:
        attach(form, refused)
        return edit_page(request, form)
    tell(request, f"{saved.address} is connected. Press Validate, and the mailbox is ready.")
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": _page_of(saved)})
    return redirect(_page_of(saved))


def _company_email(request: PersonRequest, mailbox_id: UUID) -> Mailbox:
    return get_object_or_404(company_emails_of(request.membership), pk=mailbox_id)


def _page_of(mailbox: Mailbox) -> str:
    return _page_to_come_back(Whose(mailbox.whose), mailbox)


def _page_to_come_back(whose: Whose, mailbox: Mailbox | None) -> str:
    if whose == Whose.USER:
        return reverse("user_email")
    return reverse("company_email", args=[mailbox.pk]) if mailbox else reverse("new_company_email")


def _told(refused: Refused, provider: str) -> dict[str, Any]:
    """Why nothing was connected: explained, where the provider said it."""
    failure = refused.facts.get("failure")
    if not isinstance(failure, Failure) or refused.code != "sign_in_failed":
        return {"sentence": refused.detail}
    transport = "graph" if provider == SignIn.MICROSOFT else "gmail"
    told = explain(failure, transport=transport, settings={}, address="")
    return {"sentence": refused.detail, "explanation": told.to_json()}
