"""What the page of one run shows: how far it is, what it would do, what became of each row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from outtray.lib import clock
from outtray.outbox.states import State
from outtray.runs.models import STARTED, Run, RunState
from outtray.runs.result import outcomes
from outtray.web.identifiers import stamp
from outtray.web.pauses import stops_in_queue
from outtray.web.pills import Pill, Tone
from outtray.web.run_preview import before_start
from outtray.web.run_rows import row_list
from outtray.web.session import PersonRequest

PILLS: Mapping[str, Pill] = {
    RunState.PREVIEWING: Pill(Tone.BLUE, "Looking through"),
    RunState.READY: Pill(Tone.AMBER, "Waits for you"),
    RunState.RUNNING: Pill(Tone.BLUE, "Making emails"),
    RunState.PAUSED: Pill(Tone.AMBER, "Paused"),
    RunState.STOPPED: Pill(Tone.GREY, "Stopped"),
    RunState.UNDONE: Pill(Tone.GREY, "Taken back"),
    RunState.DONE: Pill(Tone.GREEN, "Done"),
}
_SENDING = Pill(Tone.BLUE, "Sending")
_UNDER_WAY = frozenset({State.QUEUED, State.SENDING})
_FOLLOWED = frozenset({RunState.PREVIEWING, RunState.RUNNING, RunState.PAUSED, RunState.DONE})
# Less tells nothing about the speed.
_ENOUGH = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the documents are done. `left` is the time that the others take, if known."""

    done: int
    total: int
    left: timedelta | None = None

    @property
    def is_under_way(self) -> bool:
        return self.done < self.total


def progress_of(run: Run, *, at: datetime) -> Progress:
    """Of looking through before a run is started, of making emails afterwards."""
    if run.started_at is None:
        return _progress(run.examined, run.documents, run.created_at, run, at=at)
    done, total = run.accepted + run.failed, run.documents - run.skipped
    return _progress(done, total, run.started_at, run, at=at)


def run_page(request: PersonRequest, run: Run) -> dict[str, object]:
    """All of it, with a digest of what is shown."""
    at = clock.now()
    by_state = outcomes(run) if run.started_at else {}
    progress = progress_of(run, at=at)
    is_ready = run.state == RunState.READY
    shown = {
        "run": run,
        "pill": _pill(run, by_state),
        "progress": progress,
        "outcomes": by_state,
        "figures": _figures(run, by_state),
        "unsent": sum(by_state.get(each, 0) for each in (State.QUEUED, State.HELD)),
        "undo_until": _undo_until(run, at=at),
        "stops": stops_in_queue(request.membership) if by_state.get(State.QUEUED) else (),
        "is_live": run.state in _FOLLOWED,
        "live_query": _query(request),
        **(before_start(request, run, at=at) if is_ready else {}),
        **(row_list(request, run, by_state) if run.state != RunState.PREVIEWING else {}),
    }
    rows, stops = shown.get("rows", ()), shown["stops"]
    told = (run.state, run.deed, progress.done, by_state, shown["undo_until"] is None)
    return {**shown, "seen": stamp(*told, rows, stops)}


def _progress(done: int, total: int, since: datetime, run: Run, *, at: datetime) -> Progress:
    is_moving = run.state in (RunState.PREVIEWING, RunState.RUNNING)
    if not is_moving or not done or at - since < _ENOUGH:
        return Progress(done, total)
    return Progress(done, total, (at - since) * (total - done) / done)


def _pill(run: Run, by_state: Mapping[str, int]) -> Pill:
    """A run whose emails are made is not done before they have left."""
    if run.state == RunState.DONE and _UNDER_WAY & by_state.keys():
        return _SENDING
    return PILLS[run.state]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the run, and the rows that it counts."""

    word: str
    value: int
    rows: str


def _figures(run: Run, by_state: Mapping[str, int]) -> list[Figure]:
    if run.started_at is None:
        return []
    wanted = (State.SENT, State.QUEUED, State.SENDING, State.HELD, State.FAILED, State.UNKNOWN)
    always = (State.SENT, State.QUEUED, State.FAILED)
    emails = [
        Figure(state.label, by_state.get(state, 0), f"email-{state.value}")
        for state in wanted
        if state in always or by_state.get(state)
    ]
    more = [Figure("Left out", run.skipped, "skipped")]
    if run.failed:
        more.append(Figure("Not possible", run.failed, "failed"))
    return [*emails, *more]


def _undo_until(run: Run, *, at: datetime) -> datetime | None:
    can_undo = run.state in STARTED and run.undo_until is not None and run.undo_until > at
    return run.undo_until if can_undo else None


def _query(request: PersonRequest) -> str:
    parameters = request.GET.copy()
    parameters.pop("seen", None)
    return f"?{parameters.urlencode()}"


def place_of(run: Run) -> str:
    """The address of its page."""
    return reverse("run", args=[run.pk])
