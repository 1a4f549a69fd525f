"""Many rows of a run changed by few statements, and claims on those that are to be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db.models import Q

from outtray.outbox import rows
from outtray.outbox.together import alone
from outtray.runs.models import RowState, Run, RunRow, RunState
from outtray.runs.planner import with_documents

# Longer than a batch takes to render; after it another process may do the same rows.
LEASE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Change:
    """What is to stand in one row."""

    row_id: int
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Hold:
    """Rows that this process may do until their lease ends, whole bundles, and its token."""

    token: UUID
    rows: Sequence[RunRow]


def change_rows(changes: Sequence[Change], *, before: RowState | None = None) -> int:
    """Write all of these, if the row stands in that state. Answers how many did.

    Call it in a transaction.
    """
    standing = {} if before is None else {"state": before}
    return sum(
        rows.update(RunRow, each.values, {"id": each.row_id, **standing}) for each in changes
    )


def claim_rows(run: Run, most: int, *, at: datetime) -> Hold:
    """Take the next waiting rows for this process, no bundle in parts, about `most` of them."""
    token = uuid4()
    with alone():
        running = Run.objects.select_for_update().filter(pk=run.pk, state=RunState.RUNNING)
        if not running.exists():
            return Hold(token, [])
        free = Q(lease_until__isnull=True) | Q(lease_until__lte=at)
        waiting = RunRow.objects.filter(run=run, state=RowState.WAITING)
        next_rows = waiting.filter(free).order_by("bundle").values_list("bundle", flat=True)
        bundles = sorted(set(next_rows[:most]))
        if not bundles:
            return Hold(token, [])
        mine = waiting.filter(free, bundle__in=bundles)
        mine.update(claim_token=token, lease_until=at + LEASE)
        claimed = waiting.filter(claim_token=token).order_by("bundle", "position")
        return Hold(token, list(with_documents(claimed)))


def still_mine(hold: Hold, row_ids: Sequence[int]) -> set[int]:
    """Which of these nobody else has done or taken over. Locks them; call it in a transaction."""
    mine = RunRow.objects.select_for_update().filter(
        pk__in=row_ids, state=RowState.WAITING, claim_token=hold.token
    )
    return set(mine.values_list("pk", flat=True))


def let_go(hold: Hold) -> None:
    """Rows that were not done may be taken at once by whoever comes."""
    mine = RunRow.objects.filter(claim_token=hold.token, state=RowState.WAITING)
    mine.update(claim_token=None, lease_until=None)


def free_rows(run: Run) -> None:
    """Whoever claimed rows of this run no longer lives."""
    claimed = RunRow.objects.filter(run=run, state=RowState.WAITING, lease_until__isnull=False)
    claimed.update(claim_token=None, lease_until=None)
