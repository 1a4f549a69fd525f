"""Whether a document still matters: before it becomes an email, and when the email's turn comes.

An email that waits, for its time or its mailbox's pace, may be overtaken: its invoice is paid,
its document is cancelled, or a newer version of it was imported. Then it is held with the
reason, and a person decides: released, it goes as it is; nobody else holds it for that again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, QuerySet

from outtray.documents.kinds.registry import KINDS
from outtray.documents.models import Document, DocumentStatus
from outtray.lib.errors import Refused
from outtray.outbox.events import Code
from outtray.outbox.models import Email, Enclosure, Event
from outtray.outbox.move import move_all
from outtray.outbox.states import Reason, State

SENTENCES: Mapping[str, str] = {
    DocumentStatus.PAID: "{number} has been paid since",
    DocumentStatus.CANCELLED: "{number} has been cancelled since",
    "changed": "{number} has changed since",
}


def refusal_of(document: Document) -> Refused | None:
    """Why a document is of no use any more, whoever would get it."""
    if document.status == DocumentStatus.CANCELLED:
        return Refused("document_cancelled", f"{document.number} is cancelled.")
    if document.status == DocumentStatus.PAID and KINDS[document.kind].void_once_paid:
        return Refused("document_paid", f"{document.number} is paid.")
    return None


def still_relevant(emails: Sequence[Email], *, at: datetime) -> list[Email]:
    """Those of these queued emails that may go; the others are held with their reason.

    One query where all may go. Call it in the transaction that claims them.
    """
    changed = _changed(emails)
    if changed:
        _forgive(changed)
    for email_id, why in changed.items():
        hold_changed(email_id, why, at=at)
    return [email for email in emails if email.pk not in changed]


def hold_changed(email_id: UUID, why: str, *, at: datetime) -> None:
    """Keep it back until a person releases it."""
    move_all(
        [email_id],
        (State.QUEUED, State.HELD),
        Code.HELD,
        at=at,
        detail={"why": why, "reason": Reason.CHANGED.value},
        reason=Reason.CHANGED,
        reason_detail=why,
    )


def _changed(emails: Sequence[Email]) -> dict[UUID, str]:
    """What has overtaken which emails; mostly nothing has."""
    if not emails:
        return {}
    ids = [email.pk for email in emails]
    if not _is_overtaken(ids):
        return {}
    changed: dict[UUID, str] = {}
    for enclosure in _overtaken(ids):
        email, document = enclosure.email, enclosure.document
        assert document, "only documents are overtaken"
        if document.status != DocumentStatus.OPEN and document.changed_at > email.accepted_at:
            changed[email.pk] = SENTENCES[document.status].format(number=document.number)
        elif document.revision > enclosure.revision:
            changed.setdefault(email.pk, SENTENCES["changed"].format(number=document.number))
    return changed


def _forgive(changed: dict[UUID, str]) -> None:
    """Leave out those that were held for the same before: a person has released them."""
    held = Event.objects.filter(email_id__in=list(changed), code=Code.HELD)
    for email_id, detail in held.values_list("email_id", "detail"):
        if changed.get(email_id) == detail.get("why"):
            del changed[email_id]


def _overtaken(email_ids: Sequence[UUID]) -> QuerySet[Enclosure]:
    newer = Q(document__revision__gt=F("revision"))
    settled = Q(document__isnull=False) & ~Q(document__status=DocumentStatus.OPEN)
    carried = Enclosure.objects.filter(newer | settled, email_id__in=list(email_ids))
    return carried.select_related("email", "document").defer("document__data")


def _is_overtaken(email_ids: Sequence[UUID]) -> bool:
    """Whether a document of these emails is no longer open, or no longer as it is sent.

    Asked at every claim, so the statement is written once.
    """
    key = Email._meta.pk
    parameters = [key.get_db_prep_value(each, connection) for each in email_ids]
    with connection.cursor() as cursor:
        cursor.execute(_statement(len(email_ids)), [*parameters, DocumentStatus.OPEN.value])
        return cursor.fetchone() is not None


@cache
def _statement(count: int) -> str:
    enclosure, document = Enclosure._meta.db_table, Document._meta.db_table
    places = ", ".join(["%s"] * count)
    return (
        f"SELECT 1 FROM {enclosure} e JOIN {document} d ON d.id = e.document_id "  # noqa: S608 - names of ours
        f"WHERE e.email_id IN ({places}) AND (d.status <> %s OR d.revision > e.revision) LIMIT 1"
    )
