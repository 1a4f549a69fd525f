"""Keeps papers as documents: many at once, by a handful of questions and writes.

`Plan` reads what is there and says what would become of each paper; nothing is written
before `write`. So a preview is a plan that is thrown away.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from outtray.documents.addresses import with_own_copies
from outtray.documents.models import Document, DocumentStatus
from outtray.documents.schema.paper import Paper
from outtray.documents.upsert_party import Parties, in_parts
from outtray.people.models import Company, Person

_ROWS = 200  # documents in one INSERT: about a megabyte

Named = tuple[str, str]


class Status(StrEnum):
    """What became of one document of an import."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A paper with its data, and a fingerprint of them. Made before anything is locked.

    The fingerprint tells whether a paper came in before. What is added to it here, such as
    addresses of the party, is no part of that.
    """

    paper: Paper
    data: dict[str, Any]
    fingerprint: str

    @classmethod
    def of(cls, paper: Paper) -> Drawn:
        data = paper.model_dump(mode="json", exclude={"status"})
        written = json.dumps(data, sort_keys=True).encode()
        return cls(paper, data, hashlib.sha256(written).hexdigest())


class Plan:
    """What keeping these papers means, by the documents and parties that are there.

    Two plans of one company at once would both make the same party: whoever writes holds
    the company's row, in the transaction in which the plan is made.
    """

    def __init__(
        self, company: Company, drawn: Sequence[Drawn], *, by: Person | None, at: datetime
    ) -> None:
        self._company, self._by, self._at = company, by, at
        self._parties = Parties(company, [each.paper for each in drawn], by=by)
        self._known = _known(company, drawn)
        self._created: list[Document] = []
        self._replaced: list[Document] = []
        self._marked: list[Document] = []
        self.kept = [self._keep(each) for each in drawn]

    def write(self) -> None:
        """Write the parties, then the documents."""
        self._parties.save()
        Document.objects.bulk_create(self._created, batch_size=_ROWS)
        Document.objects.bulk_create(
            self._replaced,
            batch_size=_ROWS,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=_REPLACED,
        )
        self._write_marks()

    def _write_marks(self) -> None:
        for status in DocumentStatus.values:
            marked = [document.pk for document in self._marked if document.status == status]
            for some in in_parts(marked):
                Document.objects.filter(pk__in=some).update(
                    status=status, imported_by=self._by, changed_at=self._at
                )

    def _keep(self, drawn: Drawn) -> tuple[Document, Status]:
        paper = drawn.paper
        known = self._known.get((paper.kind, paper.number))
        if known and known.fingerprint == drawn.fingerprint:
            return known, self._mark(known, paper.status)
        document = known or Document(
            company=self._company,
            kind=paper.kind,
            number=paper.number,
            revision=0,
            created_at=self._at,
        )
        document.party = self._parties.told(paper, at=self._at)
        _write(document, paper)
        document.data = with_own_copies(drawn.data, document.party)
        document.fingerprint = drawn.fingerprint
        document.revision += 1
        document.imported_by, document.changed_at = self._by, self._at
        (self._replaced if known else self._created).append(document)
        return document, Status.UPDATED if known else Status.CREATED

    def _mark(self, document: Document, status: str) -> Status:
        """Note the status of a document that is otherwise the same."""
        if document.status == status:
            return Status.UNCHANGED
        document.status, document.imported_by = status, self._by
        document.changed_at = self._at
        self._marked.append(document)
        return Status.UPDATED


_REPLACED = (
    "party", "date", "due_date", "currency", "total", "language", "status", "data",
    "fingerprint", "revision", "imported_by", "changed_at",
)  # fmt: skip


def _known(company: Company, drawn: Sequence[Drawn]) -> Mapping[Named, Document]:
    """The documents that are there already, without their data: the fingerprint tells enough."""
    return {
        (document.kind, document.number): document
        for kind, numbers in _numbers(drawn)
        for some in in_parts(numbers)
        for document in Document.objects.filter(company=company, kind=kind, number__in=some)
        .select_related("party")
        .defer("data")
    }


def _numbers(drawn: Sequence[Drawn]) -> Iterator[tuple[str, list[str]]]:
    for kind in sorted({each.paper.kind for each in drawn}):
        yield kind, [each.paper.number for each in drawn if each.paper.kind == kind]


def _write(document: Document, paper: Paper) -> None:
    document.date = paper.date
    document.due_date = paper.due
    document.currency = paper.currency
    document.total = paper.total
    document.language = paper.language
    document.status = paper.status
