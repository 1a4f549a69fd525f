"""Look through the documents of a run: to whom, from where, and what speaks against it.

1. Batch by batch, each row finds its recipients and sender, or why it cannot go. 2. When all
are known, those of a party for the same recipients are put together, where that is wished.
3. A few letters are made to see what they weigh. Then the run is ready. A process that dies
leaves rows that are still new, and the next one goes on with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F

from outtray.compose.message import build
from outtray.lib.errors import Refused
from outtray.mail.message_id import new_message_id
from outtray.outbox.planning import MOST_TOGETHER, LetterPlan, Planner
from outtray.outbox.relevance import refusal_of
from outtray.outbox.sent_before import sent_already, sent_before
from outtray.outbox.together import alone
from outtray.runs.batches import batches
from outtray.runs.models import RowState, Run, RunRow, RunState
from outtray.runs.planner import planner_of, with_documents
from outtray.runs.steer import moved
from outtray.runs.table import Change, change_rows
from outtray.runs.wishes import RunWishes

AT_ONCE = 250
SAMPLES = 3


def examine(run: Run, *, at: datetime) -> bool:
    """Look through the next documents of a run. False when there is nothing left to look at."""
    if run.state != RunState.PREVIEWING:
        return False
    seen = list(with_documents(run.rows.filter(state=RowState.NEW))[:AT_ONCE])
    if not seen:
        _finish(run, at=at)
        return False
    found = _looked_at(run, seen)
    with alone():
        written = change_rows(found, before=RowState.NEW)
        Run.objects.filter(pk=run.pk).update(examined=F("examined") + written)
    return True


@dataclass(frozen=True, slots=True)
class _Found:
    """A row and the plan of its document, or why there is none."""

    row: RunRow
    plan: LetterPlan | None
    problem: Refused | None


def _looked_at(run: Run, seen: Sequence[RunRow]) -> list[Change]:
    try:
        planner = planner_of(run)
    except Refused as refused:
        return [_skipped(row, None, refused) for row in seen]
    found = [_found(row, planner) for row in seen]
    plans = [each.plan for each in found if each.plan]
    before = dict(zip(map(_key, plans), sent_before(plans), strict=True))
    changes = []
    for each in found:
        if each.plan is None or each.problem:
            assert each.problem, "what cannot go says why"
            changes.append(_skipped(each.row, each.plan, each.problem))
        elif earlier := before[_key(each.plan)]:
            changes.append(_skipped(each.row, each.plan, sent_already(each.plan, earlier)))
        else:
            changes.append(_change(each.row, each.plan, RowState.WAITING))
    return changes


def _key(plan: LetterPlan) -> UUID:
    return plan.documents[0].pk


def _found(row: RunRow, planner: Planner) -> _Found:
    try:
        plan = planner.plan(row.document)
    except Refused as problem:
        return _Found(row, None, refusal_of(row.document) or problem)
    return _Found(row, plan, refusal_of(row.document))


def _skipped(row: RunRow, plan: LetterPlan | None, why: Refused) -> Change:
    return _change(row, plan, RowState.SKIPPED, code=why.code, detail=why.detail[:500])


def _change(
    row: RunRow, plan: LetterPlan | None, state: RowState, *, code: str = "", detail: str = ""
) -> Change:
    return Change(
        row.pk,
        {
            "state": state,
            "code": code,
            "detail": detail,
            "recipients": _told(plan) if plan else [],
            "mailbox_id": plan.mailbox.pk if plan else None,
            "layout": plan.layout.layout_id if plan else None,
        },
    )


def _told(plan: LetterPlan) -> list[dict[str, str]]:
    return [
        {
            "kind": each.kind,
            "address": str(each.address.address),
            "name": each.address.name,
            "reason": each.reason,
        }
        for each in plan.recipients
    ]


def _finish(run: Run, *, at: datetime) -> None:
    """All documents are known: put together what goes together, and weigh some letters."""
    bundled = _bundled(run) if RunWishes.from_json(run.wishes).combine else []
    weight = _weight(run)
    with alone():
        for part in batches(bundled, 1000):
            change_rows(part)
        skipped = run.rows.filter(state=RowState.SKIPPED).count()
        moved(
            run,
            (RunState.PREVIEWING,),
            RunState.READY,
            at=at,
            skipped=skipped,
            examined=F("documents"),
            letter_bytes=weight,
        )


def _bundled(run: Run) -> list[Change]:
    """Rows of plans that go with each other get the first one's number.

    What was sent before is put together too: a person may wish it to go again.
    """
    rows = run.rows.exclude(mailbox=None).order_by("position").select_related("document")
    changes: list[Change] = []
    heads: dict[tuple[object, ...], tuple[int, int]] = {}
    for row in rows.defer("document__data").iterator(chunk_size=2000):
        key = (*_goes_with(row), row.code)
        head, size = heads.get(key, (row.position, 0))
        if size == MOST_TOGETHER:
            head, size = row.position, 0
        heads[key] = (head, size + 1)
        if row.bundle != head:
            changes.append(Change(row.pk, {"bundle": head}))
    return changes


def _goes_with(row: RunRow) -> tuple[object, ...]:
    """As `LetterPlan.goes_with`, of what the row keeps of its plan."""
    document = row.document
    recipients = tuple((each["kind"], each["address"]) for each in row.recipients)
    return (
        *(document.party_id, document.kind, document.language),
        *(row.mailbox_id, row.layout, recipients),
    )


def _weight(run: Run) -> int:
    """What an email of this run weighs, on the average of a few; 0 where none can be made."""
    rows = run.rows.filter(state=RowState.WAITING)
    first, last = rows.order_by("position").first(), rows.order_by("-position").first()
    if first is None or last is None:
        return 0
    middle = rows.filter(position__gte=(first.position + last.position) // 2).first() or first
    sizes = [
        _size(run, row) for row in {first.pk: first, middle.pk: middle, last.pk: last}.values()
    ]
    known = [size for size in sizes if size]
    return sum(known) // len(known) if known else 0


def _size(run: Run, row: RunRow) -> int:
    from outtray.runs.preview import sample_letter

    try:
        letter = sample_letter(run, row.position)
        message_id = new_message_id(letter.sender.address.domain)
        return len(build(letter, message_id=message_id, date=run.created_at).content)
    except Refused:
        return 0
