"""Runs: many documents at once, from the first look at them to what became of each."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.runs.models import Run, RunState
from outtray.runs.preview import sample_letter
from outtray.runs.result import result_csv
from outtray.web.files import enclosed
from outtray.web.frames import framed, letter_html
from outtray.web.paging import Order, page_after
from outtray.web.run_page import PILLS, progress_of, run_page
from outtray.web.session import PersonRequest, person_required

_NEWEST_FIRST = Order("newest", "id", is_descending=True)
TABS = {
    "": ("All", tuple(RunState)),
    "open": (
        "Open",
        (RunState.PREVIEWING, RunState.READY, RunState.RUNNING, RunState.PAUSED),
    ),
    "ended": ("Ended", (RunState.DONE, RunState.STOPPED, RunState.UNDONE)),
}


@require_GET
@person_required
def index(request: PersonRequest) -> HttpResponse:
    tab = request.GET.get("state", "")
    tab = tab if tab in TABS else ""
    runs = Run.objects.visible_to(request.membership).filter(state__in=TABS[tab][1])
    after = request.GET.get("after", "")
    page = page_after(runs.select_related("made_by"), _NEWEST_FIRST, after)
    at = clock.now()
    shown = {
        "tab": tab,
        "tabs": [(name, word) for name, (word, _) in TABS.items()],
        "rows": [_listed(run, at=at) for run in page.rows],
        "newer": f"?state={tab}" if after else "",
        "older": f"?state={tab}&after={page.following}" if page.following else "",
    }
    return render(request, "outtray/runs/index.html", shown)


@require_GET
@person_required
def show(request: PersonRequest, run_id: UUID) -> HttpResponse:
    return render(request, "outtray/runs/run.html", run_page(request, run_of(request, run_id)))


@require_GET
@person_required
def changes(request: PersonRequest, run_id: UUID) -> HttpResponse:
    """The same page for what has changed to be taken from it; 204 if nothing has."""
    run = run_of(request, run_id)
    shown = run_page(request, run)
    if shown["seen"] == request.GET.get("seen"):
        return HttpResponse(status=204)
    return render(request, "outtray/runs/changes.html", shown)


@require_GET
@person_required
def letter(request: PersonRequest, run_id: UUID, position: int) -> HttpResponse:
    """The letter in which that document goes, as it would go out now."""
    try:
        return framed(letter_html(sample_letter(run_of(request, run_id), position)))
    except Refused:
        return framed("")


@require_GET
@person_required
def file(request: PersonRequest, run_id: UUID, position: int, number: int) -> HttpResponse:
    """A file as it would go out with that letter."""
    try:
        enclosures = sample_letter(run_of(request, run_id), position).enclosures
    except Refused as refusal:
        raise Http404 from refusal
    if not 0 < number <= len(enclosures):
        raise Http404
    return enclosed(enclosures[number - 1])


@require_GET
@person_required
def result(request: PersonRequest, run_id: UUID) -> StreamingHttpResponse:
    """What became of each document, for a spreadsheet."""
    run = run_of(request, run_id)
    disposition = {
        "Content-Disposition": f'attachment; filename="run-{run.created_at:%Y-%m-%d}.csv"'
    }
    return StreamingHttpResponse(
        result_csv(run), content_type="text/csv; charset=utf-8", headers=disposition
    )


def _listed(run: Run, *, at: datetime) -> dict[str, object]:
    return {
        "run": run,
        "pill": PILLS[run.state],
        "progress": progress_of(run, at=at),
        "is_moving": run.state in (RunState.PREVIEWING, RunState.RUNNING),
    }


def run_of(request: PersonRequest, run_id: UUID) -> Run:
    """A run that this person may see; others do not exist for him."""
    runs = Run.objects.visible_to(request.membership).select_related("made_by", "started_by")
    return get_object_or_404(runs, pk=run_id)
