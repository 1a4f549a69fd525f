"""How a mailbox sends: its health, its pace and what of it is used, what waits, its history."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.mailboxes.copies import save_keeping
from outtray.mailboxes.models import Mailbox, Whose
from outtray.mailboxes.pace import limits_of
from outtray.mailboxes.quota import quota_now
from outtray.mailboxes.resume_now import can_resume, resume_now
from outtray.mailboxes.save_pace import save_pace
from outtray.outbox.models import Email
from outtray.outbox.states import State
from outtray.people.models import Membership
from outtray.web.answers import attach, complain, tell
from outtray.web.copies_form import CopiesForm, are_kept
from outtray.web.delivery_hold import hold_of
from outtray.web.mailbox_history import history_of
from outtray.web.mailbox_quota import gauges_of
from outtray.web.pace_form import PaceForm
from outtray.web.pauses import MOST_COUNTED, pause_of, setup_of
from outtray.web.queue_rows import digest, rows_of
from outtray.web.session import PersonRequest, person_required

_WAITING_SHOWN = 5


@require_GET
@person_required
def show(request: PersonRequest, mailbox_id: UUID) -> HttpResponse:
    mailbox = _found(request, mailbox_id)
    return _page(request, mailbox, PaceForm.of(mailbox))


@require_GET
@person_required
def status(request: PersonRequest, mailbox_id: UUID) -> HttpResponse:
    """The parts of the page that change while it sends; 204 if nothing has."""
    shown = _shown(request, _found(request, mailbox_id))
    if shown["seen"] == request.GET.get("seen"):
        return HttpResponse(status=204)
    return render(request, "outtray/sending/status.html", shown)


@require_POST
@person_required
def set_pace(request: PersonRequest, mailbox_id: UUID) -> HttpResponse:
    mailbox = _found(request, mailbox_id)
    form = PaceForm(request.POST, mailbox=mailbox)
    if form.is_valid():
        try:
            save_pace(request.membership, mailbox, form.draft(), at=clock.now())
        except Refused as refused:
            attach(form, refused)
        else:
            tell(request, f"The pace of {mailbox.address} is saved.")
            return redirect("mailbox", mailbox.pk)
    return _page(request, mailbox, form)


@require_POST
@person_required
def set_copies(request: PersonRequest, mailbox_id: UUID) -> HttpResponse:
    mailbox = _found(request, mailbox_id)
    form = CopiesForm(request.POST)
    if form.is_valid():
        try:
            save_keeping(request.membership, mailbox, keep=form.decision, at=clock.now())
        except Refused as refused:
            complain(request, refused)
        else:
            tell(request, f"The copies of {mailbox.address} are decided.")
    return redirect("mailbox", mailbox.pk)


@require_POST
@person_required
def resume(request: PersonRequest, mailbox_id: UUID) -> HttpResponse:
    mailbox = _found(request, mailbox_id)
    try:
        resume_now(request.membership, mailbox, at=clock.now())
    except Refused as refused:
        complain(request, refused)
    else:
        tell(request, f"{mailbox.address} is tried again now.")
    return redirect("mailbox", mailbox.pk)


def _found(request: PersonRequest, mailbox_id: UUID) -> Mailbox:
    visible = Mailbox.objects.visible_to(request.membership).select_related("owner", "quota")
    return get_object_or_404(visible, pk=mailbox_id)


def _page(request: PersonRequest, mailbox: Mailbox, form: PaceForm) -> HttpResponse:
    is_company = mailbox.whose == Whose.COMPANY
    setup = setup_of(request.membership, mailbox)
    request.place = reverse("company_emails") if is_company else setup
    copies = {"copies_form": CopiesForm.of(mailbox), "copies_are_kept": are_kept(mailbox)}
    page = {"form": form, "is_company": is_company, **copies, **_shown(request, mailbox)}
    return render(request, "outtray/sending/mailbox.html", page)


def _shown(request: PersonRequest, mailbox: Mailbox) -> dict[str, object]:
    at, membership = clock.now(), request.membership
    history = history_of(mailbox, before=request.GET.get("before", ""))
    quota = quota_now(mailbox, at=at)
    queued = _queued(membership, mailbox)
    waiting = queued[: MOST_COUNTED + 1].count()
    next_ones = list(queued.order_by("-lane", "due_at", "id")[:_WAITING_SHOWN])
    rows = rows_of(next_ones, is_held=hold_of(request) is not None, at=at)
    return {
        "mailbox": mailbox,
        "limits": limits_of(mailbox),
        "pause": pause_of(mailbox),
        "can_resume": can_resume(mailbox),
        "setup": setup_of(membership, mailbox),
        "quota": quota,
        "gauges": gauges_of(quota),
        "waiting": f"{MOST_COUNTED:,}+" if waiting > MOST_COUNTED else f"{waiting:,}",
        "rows": rows,
        "history": history,
        "seen": digest(
            rows, mailbox.health, mailbox.paused_until, waiting, quota, history.lines[:1]
        ),
    }


def _queued(membership: Membership, mailbox: Mailbox) -> QuerySet[Email]:
    mine = Email.objects.visible_to(membership).filter(mailbox=mailbox, state=State.QUEUED)
    return mine.select_related("mailbox__quota")
