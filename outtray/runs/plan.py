"""Plan a run: freeze which documents it is about, and have them looked through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from outtray.documents.models import Document
from outtray.lib.errors import Refused
from outtray.outbox import rows
from outtray.outbox.document_filter import DocumentFilter
from outtray.outbox.together import alone
from outtray.people.models import Membership
from outtray.runs.batches import batches
from outtray.runs.models import RowState, Run, RunRow
from outtray.runs.waking import wake_run
from outtray.runs.wishes import RunWishes

MOST_DOCUMENTS = 100_000
_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Selection:
    """Which documents: those with these ids in their order, or all that a filter finds."""

    ids: Sequence[UUID] = ()
    filter: DocumentFilter | None = None


def plan_run(
    membership: Membership,
    selection: Selection,
    wishes: RunWishes,
    *,
    at: datetime,
    name: str = "",
) -> Run:
    """Keep what was chosen, as it is now, and have it looked through in the background.

    Nothing is sent before the run is started. Raises Refused where there is no document, or
    more than a run can take.
    """
    chosen = _chosen(membership, selection)
    run = Run(
        company_id=membership.company_id,
        made_by=membership.person,
        name=name[:200],
        selection=_told(selection),
        wishes=wishes.to_json(),
        created_at=at,
        state_since=at,
        documents=len(chosen),
    )
    with alone():
        run.save(force_insert=True)
        for part in batches(list(enumerate(chosen, 1)), _AT_ONCE):
            rows.insert(RunRow, *(_row(run.pk, position, each) for position, each in part))
        wake_run(run)
    return run


def _chosen(membership: Membership, selection: Selection) -> list[UUID]:
    """The ids that this person may see, each once. Raises Refused."""
    if selection.filter is not None:
        found = selection.filter.found(membership).order_by("date", "number", "pk")
        chosen = list(found.values_list("pk", flat=True)[: MOST_DOCUMENTS + 1])
    else:
        if len(selection.ids) > MOST_DOCUMENTS:
            raise _too_many()
        wanted = list(dict.fromkeys(selection.ids))
        known = _visible(membership, wanted)
        chosen = [each for each in wanted if each in known]
    if not chosen:
        raise Refused("no_documents", "No document was chosen.")
    if len(chosen) > MOST_DOCUMENTS:
        raise _too_many()
    return chosen


def _visible(membership: Membership, wanted: Sequence[UUID]) -> set[UUID]:
    mine = Document.objects.visible_to(membership)
    return {
        pk
        for part in batches(wanted, 500)
        for pk in mine.filter(pk__in=part).values_list("pk", flat=True)
    }


def _too_many() -> Refused:
    return Refused(
        "too_many_documents",
        f"A run takes {MOST_DOCUMENTS:,} documents at most. Narrow the filter.",
    )


def _told(selection: Selection) -> dict[str, object]:
    if selection.filter is not None:
        return {"filter": selection.filter.words()}
    return {"ids": len(selection.ids)}


def _row(run_id: UUID, position: int, document_id: UUID) -> rows.Values:
    return {
        "run_id": run_id,
        "position": position,
        "bundle": position,
        "document_id": document_id,
        "state": RowState.NEW,
        "code": "",
        "detail": "",
        "recipients": [],
        "mailbox_id": None,
        "layout": None,
        "email_id": None,
        "claim_token": None,
        "lease_until": None,
    }
