"""User Email Setup and Company Email Setup."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from outtray.diagnosis.probes import ready_if_probed
from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.mailboxes.models import Health, Mailbox, MailboxQuerySet, Whose
from outtray.mailboxes.rights import may_change
from outtray.mailboxes.save import (
    delete_company_email,
    make_default,
    save_company_email,
    save_user_email,
)
from outtray.people.models import Membership
from outtray.web.answers import attach, complain, tell
from outtray.web.detected import filled_before
from outtray.web.mailbox_form import MailboxForm
from outtray.web.pauses import pause_of, setup_of
from outtray.web.returned import taken_up
from outtray.web.session import PersonRequest, administrator_required, person_required

SAVED = {
    Health.READY: "{} is saved and ready to send.",
    Health.UNVALIDATED: "{} is saved. It sends nothing until Validate has passed.",
    Health.PAUSED: "{} is saved. It is still paused.",
}


@require_http_methods(["GET", "POST"])
@person_required
def user_email(request: PersonRequest) -> HttpResponse:
    mailbox = user_email_of(request.membership)
    initial = {"address": request.membership.person.email, **_display_name(request.membership)}
    form = _form(request, Whose.USER, mailbox, {} if mailbox else initial)
    if form.is_valid():
        try:
            saved = save_user_email(request.membership, form.draft(), at=clock.now())
        except Refused as refused:
            attach(form, refused)
        else:
            return _saved(request, saved, reverse("user_email"))
    return edit_page(request, form)


@require_GET
@administrator_required
def company_emails(request: PersonRequest) -> HttpResponse:
    mailboxes = company_emails_of(request.membership).order_by("-is_default", "name")
    return render(request, "outtray/company_emails.html", {"mailboxes": mailboxes})


@require_http_methods(["GET", "POST"])
@administrator_required
def new_company_email(request: PersonRequest) -> HttpResponse:
    initial = {"display_name": request.membership.company.name}
    form = _form(request, Whose.COMPANY, None, initial)
    return _company_email_page(request, form)


@require_http_methods(["GET", "POST"])
@administrator_required
def company_email(request: PersonRequest, mailbox_id: UUID) -> HttpResponse:
    mailbox = get_object_or_404(company_emails_of(request.membership), pk=mailbox_id)
    form = _form(request, Whose.COMPANY, mailbox, {})
    return _company_email_page(request, form)


@require_POST
@administrator_required
def set_default(request: PersonRequest, mailbox_id: UUID) -> HttpResponse:
    mailbox = get_object_or_404(company_emails_of(request.membership), pk=mailbox_id)
    make_default(request.membership, mailbox, at=clock.now())
    tell(request, f"{mailbox.name} is the default Company Email now.")
    return redirect("company_emails")


@require_POST
@administrator_required
def delete(request: PersonRequest, mailbox_id: UUID) -> HttpResponse:
    mailbox = get_object_or_404(company_emails_of(request.membership), pk=mailbox_id)
    try:
        delete_company_email(request.membership, mailbox, at=clock.now())
    except Refused as refused:
        complain(request, refused)
    else:
        tell(request, f"{mailbox.name} is deleted.")
    return redirect("company_emails")


@require_GET
@person_required
def service(request: PersonRequest) -> HttpResponse:
    """The fields of the Email Service Type that was chosen, for the address that was typed."""
    form = form_being_typed(request, {**filled_before(request), **request.GET.dict()})
    return render(request, "outtray/parts/mailbox_fields.html", {"form": form})


@require_GET
@person_required
def better_way(request: PersonRequest) -> HttpResponse:
    """Whether the server that was typed is one of a service that ends, and what to do then."""
    form = form_being_typed(request, request.GET.dict())
    return render(request, "outtray/parts/mailbox_better_way.html", {"form": form})


def form_being_typed(request: PersonRequest, initial: dict[str, Any]) -> MailboxForm:
    """The form for a part of the page: of the mailbox that the page shows, if it is saved."""
    shown = _shown_mailbox(request)
    whose = Whose.COMPANY if request.GET.get("whose") == Whose.COMPANY else Whose.USER
    return MailboxForm(whose=Whose(shown.whose) if shown else whose, mailbox=shown, initial=initial)


def _shown_mailbox(request: PersonRequest) -> Mailbox | None:
    try:
        asked = UUID(request.GET.get("mailbox_id", ""))
    except ValueError:
        return None
    found = Mailbox.objects.visible_to(request.membership).filter(pk=asked).first()
    return found if found and may_change(request.membership, found) else None


def user_email_of(membership: Membership) -> Mailbox | None:
    """The person's own User Email."""
    mine = Mailbox.objects.filter(company_id=membership.company_id, whose=Whose.USER)
    return mine.filter(owner_id=membership.person_id).first()


def company_emails_of(membership: Membership) -> MailboxQuerySet:
    """The Company Emails that an administrator sets up."""
    return Mailbox.objects.visible_to(membership).filter(whose=Whose.COMPANY)


def _form(
    request: PersonRequest, whose: Whose, mailbox: Mailbox | None, initial: dict[str, str]
) -> MailboxForm:
    """The form as it is posted; or to begin with, of the service that the address asks for."""
    asked = {name: request.GET[name] for name in ("service_type", "sign_in") if name in request.GET}
    typed, trouble = taken_up(request) if request.method == "GET" else ({}, None)
    form = MailboxForm(
        request.POST or None, whose=whose, mailbox=mailbox, initial={**initial, **asked, **typed}
    )
    form.trouble = trouble
    return form


def _display_name(membership: Membership) -> dict[str, str]:
    return {"display_name": f"{membership.person.name}, {membership.company.name}"}


def _company_email_page(request: PersonRequest, form: MailboxForm) -> HttpResponse:
    if form.is_valid():
        try:
            saved = save_company_email(
                request.membership, form.draft(), mailbox=form.mailbox, at=clock.now()
            )
        except Refused as refused:
            attach(form, refused)
        else:
            return _saved(request, saved, reverse("company_email", args=[saved.pk]))
    return edit_page(request, form)


def edit_page(request: PersonRequest, form: MailboxForm) -> HttpResponse:
    """The set-up page with what was typed. Where scripts ask, only its errors go to their
    fields, while everything typed stays as it is, the password too."""
    if request.headers.get("HX-Request"):
        return render(request, "outtray/parts/mailbox_errors.html", {"form": form})
    mailbox = form.mailbox
    page = {
        "form": form,
        "mailbox": mailbox,
        "probes": _probes_of(form),
        "setup": setup_of(request.membership, mailbox) if mailbox else "",
        "pause": pause_of(mailbox) if mailbox else None,
        "is_company": form.whose == Whose.COMPANY,
    }
    return render(request, "outtray/mailbox.html", page)


def _probes_of(form: MailboxForm) -> str:
    """Where this form is posted to be validated."""
    if form.whose == Whose.USER:
        return reverse("user_email_probes")
    if form.mailbox is None:
        return reverse("company_email_probes")
    return reverse("mailbox_probes", args=[form.mailbox.pk])


def _saved(request: PersonRequest, mailbox: Mailbox, address: str) -> HttpResponse:
    ready_if_probed(mailbox, at=clock.now())
    mailbox.refresh_from_db()
    tell(request, SAVED[Health(mailbox.health)].format(mailbox.address))
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)
