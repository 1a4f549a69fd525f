"""Which documents were chosen in a list: those that were ticked, or all that its filter finds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count
from django.http import QueryDict

from outtray.documents.kinds.registry import KINDS
from outtray.documents.models import Document, DocumentStatus
from outtray.outbox.document_filter import EMAIL_STATES, DocumentFilter
from outtray.people.models import Membership
from outtray.runs.plan import MOST_DOCUMENTS, Selection
from outtray.web.document_list import filter_of
from outtray.web.identifiers import uuids

# As many letters are made while a person waits; more are a run, which tells its progress.
AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Chosen:
    """`documents` are there only where they are few enough to be sent at once.

    `words` choose the same again: what goes into the hidden fields of a form. `kinds` counts
    the documents of each kind.
    """

    documents: Sequence[Document]
    count: int
    kinds: Mapping[str, int]
    selection: Selection
    words: Mapping[str, str]
    name: str

    @property
    def is_many(self) -> bool:
        return self.count > len(self.documents)


def chosen_in(given: QueryDict, membership: Membership) -> Chosen:
    """What an address or a form chooses, of what this person may see."""
    if given.get("all"):
        return _found(filter_of(given), membership)
    ids = uuids(given.getlist("ids"))[:MOST_DOCUMENTS]
    mine = Document.objects.visible_to(membership)
    if len(ids) > AT_ONCE:
        known = list(mine.filter(pk__in=ids).values_list("pk", "kind"))
        kinds = _counted(kind for _, kind in known)
        words = {"ids": ",".join(str(each) for each in ids)}
        return Chosen((), len(known), kinds, Selection(ids), words, _of_kinds(kinds))
    found = _whole(membership, ids)
    kinds = _counted(document.kind for document in found)
    words = {"ids": ",".join(str(document.pk) for document in found)}
    return Chosen(found, len(found), kinds, Selection(ids), words, _of_kinds(kinds))


def _found(narrowed: DocumentFilter, membership: Membership) -> Chosen:
    found = narrowed.found(membership)
    counted = found.order_by().values_list("kind").annotate(count=Count("pk"))
    kinds: dict[str, int] = dict(counted.order_by("-count"))
    count = sum(kinds.values())
    few: Sequence[Document] = ()
    if count <= AT_ONCE:
        few = _whole(membership, list(found.order_by("date", "pk").values_list("pk", flat=True)))
    words = {"all": "1", **narrowed.words()}
    return Chosen(few, count, kinds, Selection(filter=narrowed), words, _told(narrowed))


def _whole(membership: Membership, ids: Sequence[UUID]) -> list[Document]:
    """In the order in which they were chosen, with all that resolving them asks for."""
    mine = Document.objects.visible_to(membership).select_related("party", "company")
    found = mine.prefetch_related("party__contacts").in_bulk(list(ids))
    return [found[each] for each in ids if each in found]


def _counted(kinds: Iterator[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for kind in kinds:
        counts[kind] = counts.get(kind, 0) + 1
    return counts


def _of_kinds(kinds: Mapping[str, int]) -> str:
    return KINDS[next(iter(kinds))].plural("en") if len(kinds) == 1 else "Documents"


def _told(narrowed: DocumentFilter) -> str:
    """A filter in words, for the name of a run."""
    parts = [
        KINDS[narrowed.kind].plural("en") if narrowed.kind else "Documents",
        DocumentStatus(narrowed.status).label.lower() if narrowed.status else "",
        EMAIL_STATES[narrowed.email].lower() if narrowed.email else "",
        f"“{narrowed.q}”" if narrowed.q else "",
        f"from {narrowed.since:%-d %b %Y}" if narrowed.since else "",
        f"up to {narrowed.until:%-d %b %Y}" if narrowed.until else "",
    ]
    return ", ".join(part for part in parts if part)
