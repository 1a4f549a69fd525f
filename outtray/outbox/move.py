"""The one statement that changes an email's state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from datetime import datetime
from uuid import UUID

from django.db import connections, transaction

from outtray.outbox import rows
from outtray.outbox.events import Code
from outtray.outbox.models import Email, Event
from outtray.outbox.states import ARROWS, ENDS, Arrow, Reason, State
from outtray.people.models import Person

UNCLAIMED: Mapping[str, object] = {"claim_token": None, "claimed_by": "", "claim_until": None}


def move(
    email_id: UUID,
    arrow: Arrow,
    code: Code,
    *,
    at: datetime,
    by: Person | None = None,
    claim: UUID | None = None,
    detail: Mapping[str, object] | None = None,
    **fields: object,
) -> bool:
    """Follow one arrow and write its Event, in one transaction.

    False if the email no longer stands where the arrow begins, or if `claim` is given and
    is no longer the email's: then nothing has changed.
    """
    assert arrow in ARROWS, f"no such arrow: {arrow}"
    before, after = arrow
    changes: dict[str, object] = {"state": after, "state_since": at, "settled_at": None}
    if before == State.SENDING:
        changes.update(UNCLAIMED)
    if after in ENDS:
        changes.update(settled_at=at, reason=Reason.NONE, reason_detail="")
    changes.update(fields)
    # Mostly part of a larger transaction, which another one within it would only make slower.
    with nullcontext() if connections["default"].in_atomic_block else transaction.atomic():
        standing: dict[str, object] = {"id": email_id, "state": before}
        if claim is not None:
            standing["claim_token"] = claim
        if not rows.update(Email, changes, standing):
            return False
        record(email_id, code, at=at, by=by, detail=detail)
    return True


def move_all(
    email_ids: Iterable[UUID],
    arrow: Arrow,
    code: Code,
    *,
    at: datetime,
    by: Person | None = None,
    detail: Mapping[str, object] | None = None,
    **fields: object,
) -> list[UUID]:
    """Take along one arrow those of these emails that stand where it begins, each with its Event.

    Answers which they were. Call it in a transaction, with a few hundred at a time.
    """
    assert arrow in ARROWS, f"no such arrow: {arrow}"
    before, after = arrow
    standing = Email.objects.select_for_update().filter(pk__in=list(email_ids), state=before)
    found = list(standing.order_by("pk").values_list("pk", flat=True))
    if not found:
        return []
    changes: dict[str, object] = {"state": after, "state_since": at, "settled_at": None}
    if after in ENDS:
        changes.update(settled_at=at, reason=Reason.NONE, reason_detail="")
    rows.update_all(Email, {**changes, **fields}, found)
    event = {"code": code, "at": at, "by_id": by.pk if by else None, "detail": dict(detail or {})}
    rows.insert(Event, *({"email_id": pk, **event} for pk in found))
    return found


def record(
    email_id: UUID,
    code: Code,
    *,
    at: datetime,
    by: Person | None = None,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Write one line of an email's history."""
    event = {
        "email_id": email_id,
        "code": code,
        "at": at,
        "by_id": by.pk if by else None,
        "detail": dict(detail or {}),
    }
    rows.insert(Event, event)
