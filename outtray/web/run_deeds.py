"""What a person does with a run: start it, undo, pause, go on, stop, or forget it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.runs.models import Run
from outtray.runs.retry import retry_rows
from outtray.runs.start import start_run, undo_run
from outtray.runs.steer import discard_run, pause_run, resume_run, stop_run
from outtray.web.answers import complain, tell
from outtray.web.deeds import emails
from outtray.web.runs import run_of
from outtray.web.session import PersonRequest, person_required


@require_POST
@person_required
def start(request: PersonRequest, run_id: UUID) -> HttpResponse:
    """Where so many emails are unusual, the number that was agreed to must come along."""
    agreed = request.POST.get("confirmed", "")

    def begin(run: Run) -> None:
        start_run(
            run,
            by=request.membership.person,
            at=clock.now(),
            again="again" in request.POST,
            confirmed=int(agreed) if agreed.isdecimal() and len(agreed) < 8 else None,
        )

    return _do(request, run_id, begin)


@require_POST
@person_required
def undo(request: PersonRequest, run_id: UUID) -> HttpResponse:
    def take_back(run: Run) -> None:
        count = undo_run(run, by=request.membership.person, at=clock.now())
        tell(request, f"The run was taken back. {emails(count)} will not leave.")

    return _do(request, run_id, take_back)


@require_POST
@person_required
def pause(request: PersonRequest, run_id: UUID) -> HttpResponse:
    return _do(request, run_id, lambda run: pause_run(run, at=clock.now()))


@require_POST
@person_required
def resume(request: PersonRequest, run_id: UUID) -> HttpResponse:
    return _do(request, run_id, lambda run: resume_run(run, at=clock.now()))


@require_POST
@person_required
def stop(request: PersonRequest, run_id: UUID) -> HttpResponse:
    """For good; with `cancel` what has not left yet is cancelled, too."""
    cancels = "cancel" in request.POST
    return _do(request, run_id, lambda run: stop_run(run, at=clock.now(), cancels=cancels))


@require_POST
@person_required
def retry(request: PersonRequest, run_id: UUID) -> HttpResponse:
    """Those that were not possible, after somebody has put right why."""
    return _do(request, run_id, lambda run: retry_rows(run, at=clock.now()))


@require_POST
@person_required
def discard(request: PersonRequest, run_id: UUID) -> HttpResponse:
    """A run that was never started leaves nothing behind."""
    try:
        discard_run(run_of(request, run_id))
    except Refused as refusal:
        complain(request, refusal)
        return redirect("run", run_id)
    tell(request, "The run was discarded. Nothing was sent.")
    return redirect("runs")


def _do(request: PersonRequest, run_id: UUID, deed: Callable[[Run], object]) -> HttpResponse:
    try:
        deed(run_of(request, run_id))
    except Refused as refusal:
        complain(request, refusal)
    return redirect("run", run_id)
