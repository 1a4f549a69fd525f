"""Which documents: the filter of a list, and of a run that was made from one.

It is a plain value that goes through an address or a JSON field and back unchanged, so that
what a person saw and what a run takes are found by the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from outtray.documents.kinds.registry import KINDS
from outtray.documents.models import Document, DocumentStatus, Party
from outtray.outbox.models import Email, Enclosure
from outtray.outbox.states import State
from outtray.people.models import Membership

NOT_SENT = "none"
EMAIL_STATES: Mapping[str, str] = {
    NOT_SENT: "Not sent",
    State.QUEUED: "Queued",
    State.HELD: "On hold",
    State.SENDING: "Sending",
    State.SENT: "Sent",
    State.FAILED: "Failed",
    State.UNKNOWN: "Unknown",
}
MAX_SEARCH = 100
_MAX_AMOUNT = Decimal(10) ** 15
# Up to so many emails in a state it is cheaper to begin with them than with the documents
# (100,000 documents, 25 of them failed: 37 ms instead of 200).
_FEW = 1_000


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """What documents are narrowed to; a field that is empty narrows nothing.

    `since` and `until` are the first and the last date, `least` and `most` amounts in
    whatever currency. `email` is a state of the newest email, or "none".
    """

    kind: str = ""
    party: UUID | None = None
    q: str = ""
    since: date | None = None
    until: date | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    status: str = ""
    email: str = ""

    @classmethod
    def read(cls, given: Mapping[str, object]) -> DocumentFilter:
        """From the words of an address or of a stored filter. What makes no sense is left out."""
        words = {name: str(given.get(name) or "").strip() for name in _READERS}
        return cls(**{name: read(words[name]) for name, read in _READERS.items()})

    def words(self) -> dict[str, str]:
        """All that narrows, as text: what `read` takes."""
        given = ((each.name, getattr(self, each.name)) for each in fields(self))
        return {name: str(value) for name, value in given if value not in (None, "")}

    def found(self, membership: Membership) -> QuerySet[Document]:
        """What this person finds by it, in no order."""
        documents = Document.objects.visible_to(membership).filter(**self._equal())
        if self.q:
            named = Party.objects.visible_to(membership).filter(name__icontains=self.q)
            documents = documents.filter(
                Q(number__icontains=self.q) | Q(party__in=named.values("pk"))
            )
        return _with_email(documents, self.email, membership)

    def _equal(self) -> dict[str, object]:
        wanted = {
            "kind": self.kind,
            "party_id": self.party,
            "status": self.status,
            "date__gte": self.since,
            "date__lte": self.until,
            "total__gte": self.least,
            "total__lte": self.most,
        }
        return {name: value for name, value in wanted.items() if value not in (None, "")}


def _with_email(
    documents: QuerySet[Document], state: str, membership: Membership
) -> QuerySet[Document]:
    """Those whose newest email is in that state."""
    if not state:
        return documents
    enclosures = Enclosure.objects.filter(document=OuterRef("pk"))
    if state == NOT_SENT:
        return documents.filter(~Exists(enclosures))
    emails = Email.objects.filter(company_id=membership.company_id, state=state)
    if emails[: _FEW + 1].count() <= _FEW:
        carried = Enclosure.objects.filter(email__in=emails.values("pk"))
        documents = documents.filter(pk__in=carried.values("document"))
    newest = Subquery(enclosures.order_by("-email_id").values("email__state")[:1])
    return documents.alias(newest=newest).filter(newest=state)


def _one_of(known: Iterable[str]) -> Callable[[str], str]:
    return lambda word: word if word in known else ""


def _id(word: str) -> UUID | None:
    try:
        return UUID(word)
    except ValueError:
        return None


def _day(word: str) -> date | None:
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None


def _amount(word: str) -> Decimal | None:
    try:
        amount = Decimal(word)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and abs(amount) < _MAX_AMOUNT else None


def _search(word: str) -> str:
    return word.replace("\0", "")[:MAX_SEARCH]


_READERS: Mapping[str, Callable[[str], Any]] = {
    "kind": _one_of(KINDS),
    "party": _id,
    "q": _search,
    "since": _day,
    "until": _day,
    "least": _amount,
    "most": _amount,
    "status": _one_of(DocumentStatus.values),
    "email": _one_of(EMAIL_STATES),
}
