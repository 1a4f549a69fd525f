"""Runs: many documents at once, planned, looked at, started, and what became of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import Field

from outtray.api.access import me
from outtray.api.run_shapes import (
    NewRun,
    PreviewShape,
    RowPage,
    RunShape,
    Start,
    Stop,
    WholeRun,
    preview_shape,
    row_shape,
    run_shapes,
)
from outtray.api.values import Page, PageQuery, page
from outtray.lib import clock
from outtray.outbox.document_filter import DocumentFilter
from outtray.runs.models import Run
from outtray.runs.plan import Selection, plan_run
from outtray.runs.preview import preview
from outtray.runs.result import outcomes, result_csv
from outtray.runs.retry import retry_rows
from outtray.runs.start import start_run, undo_run
from outtray.runs.steer import discard_run, pause_run, resume_run, stop_run

router = Router(tags=["Runs"])

_CSV = {
    "responses": {
        200: {"description": "The file", "content": {"text/csv": {"schema": {"type": "string"}}}}
    }
}


class RowQuery(Schema):
    """Which part of the rows: `after` is the `next` of the page before."""

    after: int = Field(0, ge=0, le=10**9)
    limit: int = Field(100, ge=1, le=1000)


@router.post("", response={201: WholeRun}, operation_id="create_run")
def create(request: HttpRequest, wanted: NewRun) -> Any:
    """Plan a run: the documents are frozen now, looked through in the background, and nothing is
    sent before the run is started."""
    chosen = Selection(wanted.documents)
    if wanted.filter is not None:
        chosen = Selection(filter=DocumentFilter.read(wanted.filter))
    run = plan_run(me(request), chosen, wanted.wishes(), at=clock.now(), name=wanted.name)
    return Status(201, _whole(run))


@router.get("", response=Page[RunShape], operation_id="list_runs")
def index(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """List runs, newest first."""
    return page(Run.objects.visible_to(me(request)), query, run_shapes)


@router.get("/{uuid:run_id}", response=WholeRun, operation_id="read_run")
def show(request: HttpRequest, run_id: UUID) -> Any:
    """Read one run, with how far it is."""
    return _whole(_found(request, run_id))


@router.delete("/{uuid:run_id}", response={204: None}, operation_id="delete_run")
def discard(request: HttpRequest, run_id: UUID) -> Any:
    """Forget a run that was never started."""
    discard_run(_found(request, run_id))
    return Status(204, None)


@router.get("/{uuid:run_id}/preview", response=PreviewShape, operation_id="read_run_preview")
def look(request: HttpRequest, run_id: UUID) -> Any:
    """Say what the run would do: counts, samples, what is left out and why, size and time."""
    return preview_shape(preview(_found(request, run_id), at=clock.now()))


@router.post("/{uuid:run_id}/start", response=WholeRun, operation_id="create_run_start")
def start(request: HttpRequest, run_id: UUID, wanted: Start) -> Any:
    """Start a run that is ready. An unusual number of emails wants to be confirmed."""
    run = _found(request, run_id)
    start_run(
        run,
        by=me(request).person,
        at=clock.now(),
        again=wanted.again,
        confirmed=wanted.confirm,
        undo_seconds=wanted.undo_seconds,
    )
    return _whole(run)


@router.delete("/{uuid:run_id}/start", response=WholeRun, operation_id="delete_run_start")
def undo(request: HttpRequest, run_id: UUID) -> Any:
    """Undo a run within its undo seconds: none of its emails leaves."""
    run = _found(request, run_id)
    undo_run(run, by=me(request).person, at=clock.now())
    return _whole(run)


@router.post("/{uuid:run_id}/pause", response=WholeRun, operation_id="create_run_pause")
def pause(request: HttpRequest, run_id: UUID) -> Any:
    """Make no more emails, and hold those of the run that have not left."""
    run = _found(request, run_id)
    pause_run(run, at=clock.now())
    return _whole(run)


@router.delete("/{uuid:run_id}/pause", response=WholeRun, operation_id="delete_run_pause")
def resume(request: HttpRequest, run_id: UUID) -> Any:
    """Go on with a paused run, and release what its pause held."""
    run = _found(request, run_id)
    resume_run(run, at=clock.now())
    return _whole(run)


@router.post("/{uuid:run_id}/stop", response=WholeRun, operation_id="create_run_stop")
def stop(request: HttpRequest, run_id: UUID, wanted: Stop) -> Any:
    """Make no more emails, for good; with `cancel` those that have not left never do."""
    run = _found(request, run_id)
    stop_run(run, at=clock.now(), cancels=wanted.cancel)
    return _whole(run)


@router.post("/{uuid:run_id}/retry", response=WholeRun, operation_id="create_run_retry")
def retry(request: HttpRequest, run_id: UUID) -> Any:
    """Try those documents again that were not possible."""
    run = _found(request, run_id)
    retry_rows(run, at=clock.now())
    return _whole(run)


@router.get("/{uuid:run_id}/rows", response=RowPage, operation_id="list_run_rows")
def rows(request: HttpRequest, run_id: UUID, query: Query[RowQuery]) -> Any:
    """List the documents of a run in their order, with what became of each."""
    found = _found(request, run_id).rows.filter(position__gt=query.after).order_by("position")
    with_numbers = found.select_related("document").defer("document__data")
    shown = list(with_numbers[: query.limit + 1])
    more = len(shown) > query.limit
    shown = shown[: query.limit]
    return {
        "items": [row_shape(row) for row in shown],
        "next": shown[-1].position if more else None,
    }


@router.get("/{uuid:run_id}/result", openapi_extra=_CSV, operation_id="read_run_result")
def result(request: HttpRequest, run_id: UUID) -> HttpResponse | StreamingHttpResponse:
    """What became of each document, as CSV."""
    run = _found(request, run_id)
    disposition = {"Content-Disposition": f'attachment; filename="run-{run.pk}.csv"'}
    return StreamingHttpResponse(
        result_csv(run), content_type="text/csv; charset=utf-8", headers=disposition
    )


def _found(request: HttpRequest, run_id: UUID) -> Run:
    return get_object_or_404(Run.objects.visible_to(me(request)), pk=run_id)


def _whole(run: Run) -> dict[str, Any]:
    run.refresh_from_db()
    told = {name: getattr(run, name) for name in ("selection", "wishes")}
    return {**run_shapes([run])[0], **told, "emails": dict(outcomes(run))}
