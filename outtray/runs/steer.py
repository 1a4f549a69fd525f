"""Pause, resume and stop a run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from outtray.lib.errors import Refused
from outtray.outbox.together import alone
from outtray.runs.models import STARTED, Deed, Run, RunState
from outtray.runs.waking import wake_run


def pause_run(run: Run, *, at: datetime) -> None:
    """Make no more emails, and put on hold those of the run that have not left yet.

    The emails follow in the background. Raises Refused if the run was not started, or is over.
    """
    before = (RunState.RUNNING, RunState.DONE)
    _steer(run, before, RunState.PAUSED, "paused", Deed.HOLD, at=at)


def resume_run(run: Run, *, at: datetime) -> None:
    """Go on with a paused run, and release what the pause put on hold."""
    _steer(run, (RunState.PAUSED,), RunState.RUNNING, "resumed", Deed.RELEASE, at=at)


def stop_run(run: Run, *, at: datetime, cancels: bool = False) -> None:
    """Make no more emails, for good. With `cancels` those that have not left are cancelled too,
    otherwise they go out; what a pause put on hold is released.
    """
    deed = Deed.CANCEL if cancels else Deed.NONE
    fresh = Run.objects.get(pk=run.pk)
    if not cancels and (fresh.state == RunState.PAUSED or fresh.deed):
        deed = Deed.RELEASE
    _steer(run, STARTED, RunState.STOPPED, "stopped", deed, at=at, ended_at=at)


def discard_run(run: Run) -> None:
    """Forget a run that was never started. Raises Refused if it was."""
    unstarted = (RunState.PREVIEWING, RunState.READY)
    with alone():
        gone = Run.objects.filter(pk=run.pk, state__in=unstarted, started_at__isnull=True)
        if not gone.delete()[0]:
            raise refused(run, "discarded")


def moved(
    run: Run, before: Sequence[RunState], after: RunState, *, at: datetime, **changes: object
) -> bool:
    """The one statement that changes a run's state. False if it does not stand there."""
    standing = Run.objects.filter(pk=run.pk, state__in=before)
    if not standing.update(state=after, state_since=at, **changes):
        return False
    run.refresh_from_db()
    return True


def refused(run: Run, wish: str) -> Refused:
    """What to say if a run does not stand where a wish wants it."""
    state = RunState(Run.objects.values_list("state", flat=True).get(pk=run.pk))
    return Refused(
        "wrong_run_state",
        f"This run cannot be {wish}: it is {state.label.lower()}.",
        state=state.value,
    )


def _steer(
    run: Run,
    before: Sequence[RunState],
    after: RunState,
    wish: str,
    deed: Deed,
    *,
    at: datetime,
    **changes: object,
) -> None:
    with alone():
        if not moved(run, before, after, at=at, deed=deed, deed_after=0, **changes):
            raise refused(run, wish)
        wake_run(run)
