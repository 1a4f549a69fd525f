"""Try those documents of a run again that could not go."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from outtray.lib.errors import Refused
from outtray.outbox.together import alone
from outtray.runs.models import RowState, Run, RunState
from outtray.runs.steer import moved, refused
from outtray.runs.waking import wake_run


def retry_rows(run: Run, *, at: datetime) -> int:
    """Let what was not possible wait again, after somebody has put right why; say how many.

    Raises Refused where all was possible, or the run is not over.
    """
    with alone():
        failed = run.rows.filter(state=RowState.FAILED)
        count = failed.update(state=RowState.WAITING, code="", detail="")
        if not count:
            raise Refused("nothing_to_send", "No document of this run failed.")
        # A row by itself: its bundle may have gone without it.
        run.rows.filter(state=RowState.WAITING).update(bundle=F("position"))
        changes = {"failed": F("failed") - count, "ended_at": None}
        if not moved(run, (RunState.DONE,), RunState.RUNNING, at=at, **changes):
            raise refused(run, "tried again")
        wake_run(run)
    return count
