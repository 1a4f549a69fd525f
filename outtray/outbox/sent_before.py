"""Whether a document went to an address before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from outtray.documents.models import Document
from outtray.lib.errors import Refused
from outtray.outbox.models import Enclosure
from outtray.outbox.planning import LetterPlan
from outtray.outbox.states import State

NEVER_SENT = (State.CANCELLED, State.FAILED, State.EXPIRED)


@dataclass(frozen=True, slots=True)
class Before:
    """An earlier email with one of the documents to one of the addresses."""

    email_id: UUID
    state: str
    to_summary: str
    at: datetime


def sent_before(plans: Sequence[LetterPlan]) -> list[Before | None]:
    """For each plan the newest email that took one of its documents to one of its addresses.

    One query for all of them. What was cancelled, failed or expired does not count.
    """
    known = _known({document.pk for plan in plans for document in plan.documents})
    return [_newest(plan, known) for plan in plans]


def sent_already(plan: LetterPlan, before: Before) -> Refused:
    """The refusal to send a document twice without being asked to."""
    number = plan.documents[0].number
    return Refused(
        "already_sent",
        f"{number} already went to {before.to_summary}, or is on its way. "
        "Send it again only if that is meant.",
        email_id=str(before.email_id),
        state=before.state,
    )


def lock(documents: Iterable[Document]) -> None:
    """Let nobody else send these until the transaction ends."""
    pks = [document.pk for document in documents]
    list(Document.objects.select_for_update().filter(pk__in=pks).order_by("pk").only("pk"))


def _known(documents: set[UUID]) -> Mapping[tuple[UUID, str], Before]:
    carried = Enclosure.objects.filter(document__in=documents)
    found = carried.exclude(email__state__in=NEVER_SENT).values_list(
        "document_id",
        "email__recipients__address",
        "email_id",
        "email__state",
        "email__to_summary",
        "email__accepted_at",
    )
    return {
        (document_id, address): Before(email_id, state, to, at)
        for document_id, address, email_id, state, to, at in found.order_by("email_id")
        if document_id
    }


def _newest(plan: LetterPlan, known: Mapping[tuple[UUID, str], Before]) -> Before | None:
    had = [
        before
        for document in plan.documents
        for address in plan.addresses
        if (before := known.get((document.pk, address)))
    ]
    return max(had, key=lambda before: before.email_id, default=None)
