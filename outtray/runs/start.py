"""Start a run, and take all of it back while that is possible."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import F

from outtray.lib.errors import Refused
from outtray.outbox.cancel import cancel_all
from outtray.outbox.together import alone
from outtray.people.models import Person
from outtray.runs.models import STARTED, RowState, Run, RunState
from outtray.runs.preview import ALREADY_SENT, sending, unusual
from outtray.runs.steer import moved, refused
from outtray.runs.waking import wake_run
from outtray.runs.wishes import RunWishes

UNDO_SECONDS = 10


def start_run(
    run: Run,
    *,
    by: Person,
    at: datetime,
    again: bool | None = None,
    confirmed: int | None = None,
    undo_seconds: int = UNDO_SECONDS,
) -> None:
    """Let the emails be made, a batch at a time, in the background.

    `again` decides once more about documents that were sent before. Raises Refused: not
    "ready", "nothing_to_send", or "unusual_volume" unless `confirmed` is the number of emails.
    """
    wishes = _decided(run, again=again)
    letters = sending(run, again=wishes.again)
    if not letters:
        raise Refused("nothing_to_send", "None of these documents can go out. See what is wrong.")
    why = unusual(run, letters)
    if why and confirmed != letters:
        raise Refused(
            "unusual_volume", f"{why} Confirm that {letters} emails are meant.", letters=letters
        )
    with alone():
        started = moved(
            run,
            (RunState.READY,),
            RunState.RUNNING,
            at=at,
            wishes=wishes.to_json(),
            started_by=by,
            started_at=at,
            undo_until=at + timedelta(seconds=undo_seconds),
            letters=letters,
        )
        if not started:
            raise refused(run, "started")
        if wishes.again:
            _take_repeated(run)
        wake_run(run)


def undo_run(run: Run, *, by: Person | None, at: datetime) -> int:
    """Take all of it back: no email of the run leaves. Answers how many were cancelled.

    Raises Refused("too_late") when the time for it is over.
    """
    fresh = Run.objects.get(pk=run.pk)
    if fresh.undo_until is None or at >= fresh.undo_until:
        raise Refused("too_late", "The time to undo this run is over. It can still be stopped.")
    with alone():
        if not moved(run, STARTED, RunState.UNDONE, at=at, ended_at=at):
            raise refused(run, "undone")
        made = list(run.rows.filter(email__isnull=False).values_list("email_id", flat=True))
        return cancel_all(set(made), by=by, at=at)


def _decided(run: Run, *, again: bool | None) -> RunWishes:
    wishes = RunWishes.from_json(run.wishes)
    return wishes if again is None else replace(wishes, again=again)


def _take_repeated(run: Run) -> None:
    """What was left out only because it was sent before goes now."""
    repeated = run.rows.filter(state=RowState.SKIPPED, code=ALREADY_SENT)
    taken = repeated.update(state=RowState.WAITING, code="", detail="")
    Run.objects.filter(pk=run.pk).update(skipped=F("skipped") - taken)
