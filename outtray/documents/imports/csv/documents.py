"""Makes entries of the rows of a table: one row a line, the rows of one number a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from outtray.documents.imports.csv.dialect import Table
from outtray.documents.imports.csv.fields import Field, Sort, fields_of
from outtray.documents.imports.csv.mapping import Mapping as ColumnMapping
from outtray.documents.imports.csv.values import read_date, read_number, read_whole, read_yes
from outtray.documents.imports.entries import Entry
from outtray.documents.kinds.registry import KINDS
from outtray.documents.problems import Problem, shown

_MOST_CONFLICTS = 10


@dataclass(slots=True)
class _Gathered:
    """A document while its rows come by."""

    head: dict[str, str] = field(default_factory=dict)
    head_rows: dict[str, int] = field(default_factory=dict)
    lines: list[dict[str, object]] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def entries_of(table: Table, mapping: ColumnMapping) -> list[Entry]:
    """The documents of a table, in the order in which each first appears."""
    columns = _columns(table, mapping)
    gathered: dict[str, _Gathered] = {}
    for row_number, cells in table.rows:
        values = {each.path: cells[index] for index, each in columns if index < len(cells)}
        number = values.get("number", "")
        # A row without a number belongs to none, and is told of as one by itself.
        document = gathered.setdefault(number or f"\n{row_number}", _Gathered())
        if any(cells[len(table.header) :]):
            document.problems.append(_too_many(row_number))
        _gather(document, row_number, values, columns, mapping)
    return [_entry(each, mapping) for each in gathered.values()]


def _columns(table: Table, mapping: ColumnMapping) -> Sequence[tuple[int, Field]]:
    fields = fields_of(mapping.kind)
    return [
        (index, fields[mapping.columns[name]])
        for index, name in enumerate(table.header)
        if name in mapping.columns
    ]


def _gather(
    document: _Gathered,
    row_number: int,
    values: Mapping[str, str],
    columns: Iterable[tuple[int, Field]],
    mapping: ColumnMapping,
) -> None:
    document.rows.append(row_number)
    line: dict[str, object] = {}
    for _, each in columns:
        text = values.get(each.path, "")
        if not text:
            continue
        if each.of_line:
            line[each.path] = _value(text, each, mapping)
        elif document.head.setdefault(each.path, text) != text:
            _conflict(document, each, row_number, text)
        else:
            document.head_rows.setdefault(each.path, row_number)
    document.lines.append(line)


def _conflict(document: _Gathered, each: Field, row_number: int, text: str) -> None:
    if len(document.problems) >= _MOST_CONFLICTS:
        return
    first = document.head_rows[each.path]
    document.problems.append(
        Problem(
            each.path,
            "rows_differ",
            f"Row {row_number}: {each.label} is “{shown(text)}” here, but "
            f"“{shown(document.head[each.path])}” in row {first} of the same document.",
        )
    )


def _too_many(row_number: int) -> Problem:
    return Problem(
        "", "too_many_cells", f"Row {row_number} has more cells than the header has columns."
    )


def _entry(document: _Gathered, mapping: ColumnMapping) -> Entry:
    fields = fields_of(mapping.kind)
    flat: dict[str, object] = {
        path: _value(text, fields[path], mapping) for path, text in document.head.items()
    }
    fixed = {path: _value(text, fields[path], mapping) for path, text in mapping.fixed.items()}
    raw = _nested({**_of_head(fixed, fields), **flat})
    raw["kind"] = mapping.kind
    of_line = _of_lines(fixed, fields)
    lines = [
        (row, {**of_line, **line})
        for row, line in zip(document.rows, document.lines, strict=True)
        if line or _is_all_fixed(mapping, fields)
    ]
    raw[KINDS[mapping.kind].rows] = [
        _nested({path.partition(".")[2]: value for path, value in line.items()})
        for _, line in lines
    ]
    rows = [row for row, _ in lines] or document.rows
    return Entry(raw, tuple(rows), tuple(document.problems))


def _is_all_fixed(mapping: ColumnMapping, fields: Mapping[str, Field]) -> bool:
    """True if no column speaks of lines: then each row is one of the fixed kind."""
    return not any(fields[path].of_line for path in mapping.columns.values())


def _of_head(fixed: Mapping[str, object], fields: Mapping[str, Field]) -> dict[str, object]:
    return {path: value for path, value in fixed.items() if not fields[path].of_line}


def _of_lines(fixed: Mapping[str, object], fields: Mapping[str, Field]) -> dict[str, object]:
    return {path: value for path, value in fixed.items() if fields[path].of_line}


def _value(text: str, each: Field, mapping: ColumnMapping) -> object:
    match each.sort:
        case Sort.NUMBER:
            return read_number(text, mapping.decimal or ".")
        case Sort.DATE:
            return read_date(text, mapping.dates or "ymd")
        case Sort.WHOLE:
            return read_whole(text)
        case Sort.YES:
            return read_yes(text)
        case Sort.TEXT:
            return _code(text, each.path)


def _code(text: str, path: str) -> str:
    """Codes that programs write in any case, as the standards write them."""
    if path == "currency" or path.endswith(".country"):
        return text.upper()
    return text.lower() if path in {"language", "status"} else text


def _nested(flat: Mapping[str, object]) -> dict[str, object]:
    """Paths with dots as objects within objects."""
    made: dict[str, object] = {}
    for path, value in flat.items():
        *parts, leaf = path.split(".")
        place = made
        for part in parts:
            within = place.setdefault(part, {})
            assert isinstance(within, dict)
            place = within
        place[leaf] = value
    return made


def preview_rows(table: Table, most: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The first rows, as wide as the header."""
    width = len(table.header)
    for number, cells in table.rows[:most]:
        yield number, (cells + ("",) * width)[:width]
