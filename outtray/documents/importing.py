"""Takes documents in: reads, checks, and keeps all of them or none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from outtray.documents.checking import check
from outtray.documents.keeping import Drawn, Plan, Status
from outtray.documents.models import Document
from outtray.documents.parsing import parse
from outtray.documents.problems import Problem
from outtray.documents.schema.paper import Paper
from outtray.people.models import Company, Person

__all__ = ["ImportItem", "ImportResult", "Status", "import_documents"]

# Kept together where the others need not wait for one another: how long writers wait for us.
_AT_ONCE = 500


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
    if not keep_going and any(entry.problems for entry in checked):
        return ImportResult(tuple(_left_out(entry) for entry in checked))
    step = _AT_ONCE if keep_going else len(checked)
    items: list[ImportItem] = []
    for start in range(0, len(checked), step):
        items += _keep(checked[start : start + step], company, by=by, at=at)
    return ImportResult(tuple(items))


def _keep(
    checked: Sequence[_Checked], company: Company, *, by: Person | None, at: datetime
) -> Iterator[ImportItem]:
    """Keep the right ones of these, in one transaction; answers all in their order."""
    drawn = [Drawn.of(entry.paper) for entry in checked if entry.paper]
    with transaction.atomic():
        Company.objects.select_for_update().get(pk=company.pk)
        plan = Plan(company, drawn, by=by, at=at)
        plan.write()
    kept = iter(plan.kept)
    return (_item(entry, *next(kept)) if entry.paper else _left_out(entry) for entry in checked)


def _item(entry: _Checked, document: Document, status: Status) -> ImportItem:
    return ImportItem(entry.index, document.kind, document.number, status, document)


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
