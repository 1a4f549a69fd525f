"""Takes documents in: reads, checks, and keeps all of them or none."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import transaction

from outtray.documents.checking import check
from outtray.documents.kinds.registry import KINDS
from outtray.documents.models import Document
from outtray.documents.parsing import parse
from outtray.documents.problems import Problem
from outtray.documents.schema.paper import Paper
from outtray.documents.upsert_party import upsert_party
from outtray.people.models import Company, Person


class Status(StrEnum):
    """What became of one document of an import."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class ImportItem:
    """One document of an import, in the order of the file.

    SKIPPED: nothing is wrong with it, but another one is, so that none was imported.
    """

    index: int
    kind: str
    number: str
    status: Status
    document: Document | None
    problems: tuple[Problem, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The same as plain values, as the API and commands answer it."""
        return {
            "index": self.index,
            "kind": self.kind,
            "number": self.number,
            "status": self.status.value,
            "id": self.document.pk if self.document else None,
            "problems": [asdict(problem) for problem in self.problems],
        }


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of a file."""

    items: tuple[ImportItem, ...]

    @property
    def documents(self) -> list[Document]:
        return [item.document for item in self.items if item.document]

    @property
    def refused(self) -> list[ImportItem]:
        return [item for item in self.items if item.status == Status.REFUSED]

    @property
    def imported(self) -> bool:
        """True if anything was kept."""
        return bool(self.documents)


@dataclass(frozen=True, slots=True)
class _Checked:
    index: int
    kind: str
    number: str
    paper: Paper | None
    problems: tuple[Problem, ...]


def import_documents(
    company: Company,
    payload: bytes,
    *,
    by: Person | None,
    at: datetime,
    keep_going: bool = False,
    most_bytes: int | None = None,
) -> ImportResult:
    """Keep the documents of a JSON file: all, or with one wrong among them none.

    With `keep_going` the right ones are kept. Importing the same again changes nothing;
    a document with a known number replaces it and counts its revision up. Raises Refused
    for what is wrong with the file as a whole.
    """
    raw = parse(payload, most_bytes=most_bytes or settings.MAX_IMPORT_BYTES)
    checked = list(_check_all(raw, company))
    is_kept = keep_going or not any(entry.problems for entry in checked)
    with transaction.atomic():
        # Two imports of one company at once would both make the same party.
        Company.objects.select_for_update().get(pk=company.pk)
        items = [
            _keep(entry, company, by=by, at=at) if is_kept and entry.paper else _left_out(entry)
            for entry in checked
        ]
    return ImportResult(tuple(items))


def _check_all(raw: Sequence[object], company: Company) -> Iterator[_Checked]:
    seen: dict[tuple[str, str], int] = {}
    for index, entry in enumerate(raw):
        paper, problems = check(entry, company)
        if paper:
            first = seen.setdefault((paper.kind, paper.number), index)
            if first != index:
                problems = [_twice(paper, first)]
                paper = None
        yield _Checked(index, _word(entry, "kind"), _word(entry, "number"), paper, tuple(problems))


def _twice(paper: Paper, first: int) -> Problem:
    return Problem(
        "number",
        "duplicate_in_file",
        f"The number “{paper.number}” is already used by document {first + 1} of this file.",
    )


def _word(entry: object, name: str) -> str:
    """What a wrong document says of itself, bounded, to be found again by."""
    given = entry.get(name) if isinstance(entry, dict) else ""
    return given[:50].strip() if isinstance(given, str) and given.isprintable() else ""


def _left_out(entry: _Checked) -> ImportItem:
    status = Status.REFUSED if entry.problems else Status.SKIPPED
    return ImportItem(entry.index, entry.kind, entry.number, status, None, entry.problems)


def _keep(entry: _Checked, company: Company, *, by: Person | None, at: datetime) -> ImportItem:
    assert entry.paper
    document, status = _save(entry.paper, company, by=by, at=at)
    return ImportItem(entry.index, document.kind, document.number, status, document)


def _save(
    paper: Paper, company: Company, *, by: Person | None, at: datetime
) -> tuple[Document, Status]:
    data = paper.model_dump(mode="json", exclude={"status"})
    fingerprint = hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()
    known = Document.objects.filter(company=company, kind=paper.kind, number=paper.number).first()
    if known and known.fingerprint == fingerprint:
        return known, _mark(known, paper.status, by=by, at=at)
    document = known or Document(
        company=company, kind=paper.kind, number=paper.number, revision=0, created_at=at
    )
    role = KINDS[paper.kind].party_role
    document.party = upsert_party(paper, role, company, at=at)
    _write(document, paper)
    document.data, document.fingerprint = data, fingerprint
    document.revision += 1
    document.imported_by, document.changed_at = by, at
    document.save()
    return document, Status.UPDATED if known else Status.CREATED


def _mark(document: Document, status: str, *, by: Person | None, at: datetime) -> Status:
    """Note the status of a document that is otherwise the same."""
    if document.status == status:
        return Status.UNCHANGED
    document.status, document.imported_by, document.changed_at = status, by, at
    document.save()
    return Status.UPDATED


def _write(document: Document, paper: Paper) -> None:
    document.date = paper.date
    document.due_date = paper.due
    document.currency = paper.currency
    document.total = paper.total
    document.language = paper.language
    document.status = paper.status
