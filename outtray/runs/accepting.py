"""Turn the waiting rows of a run into emails, a batch at a time.

1. Claim rows, whole bundles. 2. Look up again who gets them from whom, and whether they are
still of use. 3. Have the letters made. 4. In one transaction: see that the run still runs
and the rows are still ours, look whether somebody else sent them, accept, and note it in the rows.
So a process that dies anywhere leaves rows that wait, or rows that have their email.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from itertools import groupby

from django.conf import settings
from django.db.models import F

from outtray.lib.clock import Clock
from outtray.lib.errors import Refused
from outtray.outbox.accept import Prepared, Terms, accept_each
from outtray.outbox.planning import LetterPlan, Planner
from outtray.outbox.relevance import refusal_of
from outtray.outbox.sent_before import lock, sent_already, sent_before
from outtray.outbox.states import Lane, Reason
from outtray.outbox.together import alone
from outtray.runs.models import RowState, Run, RunRow, RunState
from outtray.runs.planner import planner_of
from outtray.runs.pressing import Making, Presses, presses_for
from outtray.runs.steer import moved
from outtray.runs.table import Change, Hold, change_rows, claim_rows, free_rows, let_go, still_mine
from outtray.runs.wishes import RunWishes

log = logging.getLogger("outtray.runs")


class Step(IntEnum):
    """The numbered steps of a batch; a process may die at each of them and nothing is lost."""

    CLAIMED = 1
    MADE = 2
    WRITTEN = 3
    ACCEPTED = 4


Watch = Callable[[Step], None]


def unwatched(step: Step) -> None:
    """Nobody watches the steps."""


FRESH = timedelta(seconds=2)  # so old the company's rules may be that a letter is made by


@dataclass(frozen=True, slots=True)
class Batch:
    """Claimed rows: those whose letters are being made, and those that cannot go."""

    hold: Hold
    bundles: Sequence[Bundle]
    faults: Sequence[Change]
    making: Making


@dataclass(frozen=True, slots=True)
class Bundle:
    """Rows that become one email."""

    rows: Sequence[RunRow]
    plan: LetterPlan

    @property
    def key(self) -> str:
        """What makes sure that the first row of it becomes an email once."""
        return f"run:{self.rows[0].run_id}:{self.rows[0].position}"


def accept_run(
    run: Run, *, clock: Clock, stop: threading.Event, watch: Watch = unwatched
) -> datetime | None:
    """Make emails until all rows are done, or the run no longer runs, or `stop` is set.

    Answers when to come again, where another process still has some of the rows.
    """
    if not settings.IS_CLUSTER:
        free_rows(run)  # nobody else works on SQLite: whoever claimed them is dead
    with presses_for(run.waiting) as presses:
        in_hand: deque[Batch] = deque()
        planners = Planners(run)
        try:
            while not stop.is_set() and _fill(run, in_hand, presses, planners, clock):
                watch(Step.CLAIMED)
                _finish(run, in_hand[0], clock, watch)
                in_hand.popleft()
                watch(Step.ACCEPTED)
        finally:
            for batch in in_hand:
                let_go(batch.hold)
    return None if stop.is_set() else _close(run, at=clock.now())


class Planners:
    """The company's rules, read anew every other second: a run of hours follows a change."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._known: tuple[datetime, Planner] | None = None

    def at(self, now: datetime) -> Planner:
        """Raises Refused as `planner_of` does."""
        if self._known is None or now - self._known[0] > FRESH:
            self._known = now, planner_of(self._run)
        return self._known[1]


def _fill(
    run: Run, in_hand: deque[Batch], presses: Presses, planners: Planners, clock: Clock
) -> bool:
    """Keep all presses busy while one batch is accepted. False if there is nothing to do."""
    while len(in_hand) <= presses.count:
        hold = claim_rows(run, presses.batch, at=clock.now())
        if not hold.rows:
            break
        in_hand.append(_begun(hold, presses, planners, clock))
    return bool(in_hand)


def _begun(hold: Hold, presses: Presses, planners: Planners, clock: Clock) -> Batch:
    try:
        planner = planners.at(clock.now())
    except Refused as refused:
        return Batch(hold, [], [_failed(row, refused) for row in hold.rows], Making.of([]))
    bundles: list[Bundle] = []
    faults: list[Change] = []
    for _, rows in groupby(hold.rows, key=lambda row: row.bundle):
        planned = list(_planned(list(rows), planner))
        faults += [each for each in planned if isinstance(each, Change)]
        bundles += _bundles([each for each in planned if isinstance(each, Bundle)], planner)
    making = presses.make([each.plan for each in bundles], at=clock.now())
    return Batch(hold, bundles, faults, making)


def _planned(rows: Sequence[RunRow], planner: Planner) -> Iterator[Bundle | Change]:
    """Each document by itself, as it is now."""
    for row in rows:
        problem = refusal_of(row.document)
        if problem:
            yield _change(row, RowState.SKIPPED, problem)
            continue
        try:
            yield Bundle([row], planner.plan(row.document))
        except Refused as refused:
            yield _failed(row, refused)


def _bundles(single: Sequence[Bundle], planner: Planner) -> list[Bundle]:
    """Put together again, unless what they had in common has changed since the preview."""
    found: dict[tuple[object, ...], list[Bundle]] = {}
    for each in single:
        found.setdefault(each.plan.goes_with, []).append(each)
    return [
        Bundle(
            [row for each in same for row in each.rows],
            planner.together([each.plan for each in same]),
        )
        for same in found.values()
    ]


def _finish(run: Run, batch: Batch, clock: Clock, watch: Watch) -> None:
    """Accept what was made; note for every row of the batch what became of it."""
    made = batch.making.results()
    watch(Step.MADE)
    with alone():
        standing = Run.objects.select_for_update().filter(pk=run.pk, state=RunState.RUNNING)
        fresh = standing.first()
        if fresh is None:
            let_go(batch.hold)
            return
        mine = still_mine(batch.hold, [row.pk for row in batch.hold.rows])
        changes = [each for each in batch.faults if each.row_id in mine]
        changes += _accepted(fresh, batch, made, mine, at=clock.now())
        change_rows(changes)
        _count(fresh, changes)
        watch(Step.WRITTEN)


def _accepted(
    run: Run,
    batch: Batch,
    made: Sequence[Prepared | Refused],
    mine: set[int],
    *,
    at: datetime,
) -> list[Change]:
    """The letters become emails; what somebody else has sent meanwhile does not."""
    wishes = RunWishes.from_json(run.wishes)
    pairs = [
        (bundle, each)
        for bundle, each in zip(batch.bundles, made, strict=True)
        if all(row.pk in mine for row in bundle.rows)
    ]
    lock(document for bundle, _ in pairs for document in bundle.plan.documents)
    befores = sent_before([bundle.plan for bundle, _ in pairs])
    changes: list[Change] = []
    ready: list[tuple[Bundle, Prepared]] = []
    for (bundle, each), before in zip(pairs, befores, strict=True):
        if isinstance(each, Refused):
            changes += [_failed(row, each) for row in bundle.rows]
        elif before and not wishes.again:
            sent = sent_already(bundle.plan, before)
            changes += [_change(row, RowState.SKIPPED, sent) for row in bundle.rows]
        else:
            ready.append((bundle, each))
    if ready:
        emails = accept_each(
            [each for _, each in ready],
            _terms(run, wishes, at=at),
            [bundle.key for bundle, _ in ready],
        )
        for (bundle, _), email in zip(ready, emails, strict=True):
            changes += [_taken(row, bundle, email.pk) for row in bundle.rows]
    return changes


def _terms(run: Run, wishes: RunWishes, *, at: datetime) -> Terms:
    """Not before the time to undo is over, nor before the time that was asked for."""
    due_at, reason = at, Reason.NONE
    if run.undo_until and run.undo_until > at:
        due_at, reason = run.undo_until, Reason.UNDO
    if wishes.due_at and wishes.due_at > due_at:
        due_at, reason = wishes.due_at, Reason.SCHEDULED
    return Terms(
        at=at,
        by=run.started_by,
        due_at=due_at,
        reason=reason,
        lane=Lane.BULK,
        not_after=wishes.not_after,
    )


def _count(run: Run, changes: Sequence[Change]) -> None:
    states = [each.values["state"] for each in changes]
    Run.objects.filter(pk=run.pk).update(
        accepted=F("accepted") + states.count(RowState.ACCEPTED),
        failed=F("failed") + states.count(RowState.FAILED),
        skipped=F("skipped") + states.count(RowState.SKIPPED),
    )


def _close(run: Run, *, at: datetime) -> datetime | None:
    """Say that all emails are made, or when the rows that a dead process had are free again."""
    waiting = run.rows.filter(state=RowState.WAITING).order_by("lease_until")
    first = waiting.values_list("lease_until", flat=True).first()
    if waiting.exists():
        return first
    if moved(run, (RunState.RUNNING,), RunState.DONE, at=at, ended_at=at):
        counts = {"run": str(run.pk), "accepted": run.accepted, "failed": run.failed}
        log.info("run is done", extra=counts)
    return None


def _taken(row: RunRow, bundle: Bundle, email_id: object) -> Change:
    return Change(
        row.pk,
        {
            **_settled(RowState.ACCEPTED),
            "email_id": email_id,
            "mailbox_id": bundle.plan.mailbox.pk,
        },
    )


def _failed(row: RunRow, refused: Refused) -> Change:
    return _change(row, RowState.FAILED, refused)


def _change(row: RunRow, state: RowState, refused: Refused) -> Change:
    return Change(row.pk, _settled(state, refused.code, refused.detail))


def _settled(state: RowState, code: str = "", detail: str = "") -> dict[str, object]:
    return {
        "state": state,
        "code": code,
        "detail": detail[:500],
        "claim_token": None,
        "lease_until": None,
    }
