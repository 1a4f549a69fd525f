"""Takes documents in: reads, checks, and keeps all of them or none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from outtray.documents.checking import check
from outtray.documents.imports.entries import Entry, Format, rows_said
from outtray.documents.imports.reading import File, Reading, read
from outtray.documents.imports.result import ImportItem, ImportResult
from outtray.documents.keeping import Drawn, Plan, Status
from outtray.documents.models import Document
from outtray.documents.problems import MOST_PROBLEMS, Problem
from outtray.documents.schema.paper import Paper
from outtray.people.models import Company, Person

__all__ = [
    "File",
    "Format",
    "ImportItem",
    "ImportResult",
    "Prepared",
    "Status",
    "import_documents",
    "prepare",
    "preview_documents",
]

# Kept together where the others need not wait for one another: how long writers wait for us.
_AT_ONCE = 500

Progress = Callable[[int], None]


def import_documents(
    company: Company,
    payload: bytes | File,
    *,
    by: Person | None,
    at: datetime,
    keep_going: bool = False,
    most_bytes: int | None = None,
) -> ImportResult:
    """Keep the documents of a file: all, or with one wrong among them none.

    With `keep_going` the right ones are kept. Importing the same again changes nothing;
    a document with a known number replaces it and counts its revision up. Bytes alone are
    JSON. A table of which it is not certain what its columns mean is refused. Raises Refused
    for what is wrong with the file as a whole.
    """
    file = payload if isinstance(payload, File) else File(payload, format=Format.JSON)
    reading = read(file, company, most_bytes=most_bytes or settings.MAX_IMPORT_BYTES)
    reading.refuse_guesses()
    return prepare(reading, company).keep(by=by, at=at, keep_going=keep_going)


def preview_documents(
    company: Company, file: File, *, at: datetime, most_bytes: int | None = None
) -> ImportResult:
    """What importing this file would do, were it done now. Raises Refused as the import does."""
    reading = read(file, company, most_bytes=most_bytes or settings.MAX_IMPORT_BYTES)
    reading.refuse_guesses()
    return prepare(reading, company).preview(at=at)


@dataclass(frozen=True, slots=True)
class _Checked:
    index: int
    kind: str
    number: str
    paper: Paper | None
    problems: tuple[Problem, ...]
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """Documents that were checked, and are still only in memory."""

    company: Company
    format: Format
    checked: Sequence[_Checked]

    def preview(self, *, at: datetime) -> ImportResult:
        """What would become of each if all right ones were kept now. Keeps nothing."""
        drawn = [Drawn.of(entry.paper) for entry in self.checked if entry.paper]
        plan = Plan(self.company, drawn, by=None, at=at)
        return ImportResult(tuple(_items(self.checked, plan)), self.format)

    def keep(self, *, by: Person | None, at: datetime, keep_going: bool = False) -> ImportResult:
        """Keep all, or with one wrong among them none; with `keep_going` the right ones."""
        if not keep_going and any(entry.problems for entry in self.checked):
            return ImportResult(tuple(_left_out(entry) for entry in self.checked), self.format)
        step = _AT_ONCE if keep_going else len(self.checked)
        items: list[ImportItem] = []
        for start in range(0, len(self.checked), step):
            items += _keep(self.checked[start : start + step], self.company, by=by, at=at)
        return ImportResult(tuple(items), self.format)


def prepare(reading: Reading, company: Company, *, progress: Progress | None = None) -> Prepared:
    """Check what was read. `progress` is told how many documents were looked at so far."""
    checked: list[_Checked] = []
    for each in _check_all(reading.entries, company):
        checked.append(each)
        if progress:
            progress(len(checked))
    return Prepared(company, reading.format, checked)


def _keep(
    checked: Sequence[_Checked], company: Company, *, by: Person | None, at: datetime
) -> list[ImportItem]:
    """Keep the right ones of these, in one transaction; answers all in their order."""
    drawn = [Drawn.of(entry.paper) for entry in checked if entry.paper]
    with transaction.atomic():
        Company.objects.select_for_update().get(pk=company.pk)
        plan = Plan(company, drawn, by=by, at=at)
        plan.write()
    return list(_items(checked, plan))


def _items(checked: Sequence[_Checked], plan: Plan) -> Iterator[ImportItem]:
    kept = iter(plan.kept)
    for entry in checked:
        yield _item(entry, *next(kept)) if entry.paper else _left_out(entry)


def _item(entry: _Checked, document: Document, status: Status) -> ImportItem:
    return ImportItem(
        entry.index,
        document.kind,
        document.number,
        status,
        document,
        place=rows_said(entry.rows),
        paper=entry.paper,
    )


def _check_all(entries: Sequence[Entry], company: Company) -> Iterator[_Checked]:
    seen: dict[tuple[str, str], int] = {}
    for index, entry in enumerate(entries):
        paper, found = check(entry.raw, company)
        problems = [*entry.problems, *(entry.placed(problem) for problem in found)]
        if paper and not problems:
            first = seen.setdefault((paper.kind, paper.number), index)
            if first != index:
                problems = [_twice(paper, first)]
        yield _Checked(
            index,
            _word(entry.raw, "kind"),
            _word(entry.raw, "number"),
            None if problems else paper,
            tuple(problems[:MOST_PROBLEMS]),
            entry.rows,
        )


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
    return ImportItem(
        entry.index,
        entry.kind,
        entry.number,
        status,
        None,
        entry.problems,
        place=rows_said(entry.rows),
        paper=entry.paper,
    )
