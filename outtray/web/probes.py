"""Validate: start a probe of what is typed, and show its stages as they come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from outtray.diagnosis.models import Probe
from outtray.diagnosis.probes import start_probe
from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.mailboxes.models import Mailbox, Whose
from outtray.mailboxes.rights import require_change
from outtray.transports.base import Stage
from outtray.transports.registry import TRANSPORTS
from outtray.web.answers import attach, complain
from outtray.web.mailbox_form import MailboxForm
from outtray.web.mailboxes import edit_page, user_email_of
from outtray.web.session import PersonRequest, administrator_required, person_required

STAGE_NAMES = {
    Stage.SETTINGS: "Check the settings",
    Stage.ADDRESS: "Check the address",
    Stage.DNS: "Find the server",
    Stage.CONNECT: "Connect",
    Stage.GREETING: "Hear its greeting",
    Stage.EHLO: "Learn what it can do",
    Stage.TLS: "Encrypt the connection",
    Stage.LOGIN: "Sign in",
    Stage.SIZE: "Compare sizes",
    Stage.SENDER: "Send as this address",
    Stage.RECIPIENT: "Send to yourself",
    Stage.CONTENT: "Hand over a test mail",
    Stage.ANSWER: "Hear that it is accepted",
    Stage.ARRIVAL: "See it arrive",
    Stage.TOKEN: "Get a key for the sign-in",
    Stage.SCOPES: "Check what was allowed",
    Stage.IDENTITY: "Check who signed in",
    Stage.MAILBOX: "Open the mailbox",
    Stage.SEND: "Send a test mail",
}


@dataclass(frozen=True, slots=True)
class StageRow:
    """One line of Validate. State: passed, failed, running or waiting."""

    name: str
    state: str
    detail: str = ""
    milliseconds: int = 0


@require_POST
@person_required
def create_for_user_email(request: PersonRequest) -> HttpResponse:
    return _start(request, Whose.USER, user_email_of(request.membership))


@require_POST
@administrator_required
def create_for_company_email(request: PersonRequest) -> HttpResponse:
    return _start(request, Whose.COMPANY, None)


@require_POST
@person_required
def create(request: PersonRequest, mailbox_id: UUID) -> HttpResponse:
    visible = Mailbox.objects.visible_to(request.membership)
    mailbox = get_object_or_404(visible, pk=mailbox_id)
    if "address" not in request.POST:
        return _start_saved(request, mailbox)
    return _start(request, Whose(mailbox.whose), mailbox)


@require_GET
@person_required
def show(request: PersonRequest, probe_id: UUID) -> HttpResponse:
    """The probe as a page; for the page that polls, its part, or nothing if nothing is new."""
    probe = get_object_or_404(Probe.objects.visible_to(request.membership), pk=probe_id)
    if not request.headers.get("HX-Request"):
        return render(request, "outtray/probe.html", _context(probe))
    if request.GET.get("seen") == _seen(probe):
        return HttpResponse(status=204)
    return render(request, "outtray/parts/probe.html", _context(probe))


def _start(request: PersonRequest, whose: Whose, mailbox: Mailbox | None) -> HttpResponse:
    form = MailboxForm(request.POST, whose=whose, mailbox=mailbox)
    if whose == Whose.COMPANY:
        form.fields["name"].required = False
    try:
        probe = _probe(request, form, mailbox)
    except Refused as refused:
        attach(form, refused)
        return edit_page(request, form)
    if probe is None:
        return edit_page(request, form)
    if request.headers.get("HX-Request"):
        return render(request, "outtray/parts/probe_started.html", _context(probe) | {"form": form})
    return redirect("probe", probe.pk)


def _start_saved(request: PersonRequest, mailbox: Mailbox) -> HttpResponse:
    """Check a mailbox with its settings as they are saved."""
    try:
        require_change(request.membership, mailbox)
        probe = start_probe(request.membership, mailbox, at=clock.now())
    except Refused as refused:
        complain(request, refused)
        return redirect("mailbox", mailbox.pk)
    return redirect("probe", probe.pk)


def _probe(request: PersonRequest, form: MailboxForm, mailbox: Mailbox | None) -> Probe | None:
    if not form.is_valid():
        return None
    return start_probe(request.membership, form.draft(), mailbox=mailbox, at=clock.now())


def _context(probe: Probe) -> dict[str, object]:
    return {
        "probe": probe,
        "stages": list(_stages(probe)),
        "seen": _seen(probe),
        "is_running": probe.ended_at is None,
        "is_saved": _is_saved(probe),
        "advice": probe.domain_advice,
    }


def _is_saved(probe: Probe) -> bool:
    """Whether the mailbox was saved with just the settings that have passed."""
    mailbox = probe.mailbox
    return mailbox is not None and mailbox.validated_settings == probe.settings_fingerprint


def _seen(probe: Probe) -> str:
    return f"{probe.state}-{len(probe.findings)}"


def _stages(probe: Probe) -> Iterator[StageRow]:
    """Those found, in the order in which they were taken; then, while it runs, those to come."""
    for finding in probe.findings:
        state = "passed" if finding["ok"] else "failed"
        name = STAGE_NAMES[finding["stage"]]
        yield StageRow(name, state, finding["detail"], finding["milliseconds"])
    if probe.ended_at is not None:
        return
    found = {finding["stage"] for finding in probe.findings}
    left = [stage for stage in TRANSPORTS[probe.transport].stages if stage not in found]
    for position, stage in enumerate(left):
        yield StageRow(STAGE_NAMES[stage], "waiting" if position else "running")
