"""Reads a file of parties: JSON with their fields, or CSV with a column for each.

An address has a column for each of its parts (`street`, `bill_to_street`), and a contact has
three; a further row of the same party adds a contact.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from outtray.documents.imports.csv.dialect import (
    DELIMITERS,
    encoding_of,
    text_of,
    told_delimiter,
    unique_names,
)
from outtray.documents.parsing import refuse_too_large
from outtray.documents.party_columns import ADDRESSES, CONTACT, PARTS, PLAIN, columns_of
from outtray.lib.errors import Refused

_SHOWN = 4  # rows of a table, beside its header, to tell its columns by
MOST_PARTIES = 20_000  # in one file: all customers of a business of some size

# The header of a table to what its columns were settled to be, if they were.
Settled = Callable[[Sequence[str]], Mapping[str, str] | None]


@dataclass(slots=True)
class RawParty:
    """A party as it stands in the file; `line` is that of a CSV file, else 0.

    `differs` names a column of which two of its lines say different things.
    """

    given: object
    line: int = 0
    differs: str = ""
    plain: dict[str, str] = field(default_factory=dict)


def read_parties(payload: bytes, *, role: str, most_bytes: int, settled: Settled) -> list[RawParty]:
    """The parties of a file, in its order; `role` is that of those that name none.

    Raises Refused for what is wrong with the file as a whole.
    """
    text, encoding = _text(payload, most_bytes)
    is_json = text.lstrip()[:1] in {"{", "["}
    if is_json and encoding != "utf-8":
        raise Refused("not_utf8", "The file is not UTF-8 text, which JSON must be.")
    raw = list(_from_json(text, role)) if is_json else _from_csv(text, role, settled)
    if not raw:
        raise Refused("empty", "The file holds no parties.")
    if len(raw) > MOST_PARTIES:
        raise Refused(
            "too_many_parties",
            f"The file holds {len(raw):,} parties; at most {MOST_PARTIES:,} can be imported at "
            "once.",
        )
    return raw


def _text(payload: bytes, most_bytes: int) -> tuple[str, str]:
    """The text and its encoding, found out as for tables of documents."""
    refuse_too_large(payload, most_bytes)
    if not payload.strip():
        raise Refused("empty", "The file is empty.")
    encoding = encoding_of(payload)
    try:
        return text_of(payload, encoding), encoding
    except Refused as wrong:
        raise Refused(
            "not_utf8", "This is no text file. Parties are imported as CSV or JSON."
        ) from wrong


def _from_json(text: str, role: str) -> Iterator[RawParty]:
    """One party, a list of them, or {"parties": [...]}."""
    try:
        loaded = json.loads(text)
    except (ValueError, RecursionError) as wrong:
        raise Refused("not_json", f"The file is not JSON: {_where(wrong)}.") from wrong
    if isinstance(loaded, dict) and "parties" in loaded and "number" not in loaded:
        loaded = loaded["parties"]
    entries = loaded if isinstance(loaded, list) else [loaded]
    for each in entries:
        yield RawParty({"role": role, **each} if isinstance(each, dict) else each)


def _where(wrong: Exception) -> str:
    if isinstance(wrong, json.JSONDecodeError):
        return f"{wrong.msg.lower()}, in line {wrong.lineno}, column {wrong.colno}"
    return "it cannot be read"


def first_rows(payload: bytes, *, most_bytes: int) -> list[tuple[str, ...]]:
    """The names of the columns of a table, each once, and some rows of cells. Raises Refused.

    Nothing for JSON, which has no columns.
    """
    text, _ = _text(payload, most_bytes)
    if text.lstrip()[:1] in {"{", "["}:
        return []
    lines, above = _lines(text)
    try:
        header, *rows = islice(lines, 1 + _SHOWN)
    except csv.Error as wrong:
        raise _no_csv(lines.line_num + above, wrong) from wrong
    return [_header(header), *(tuple(cell.strip() for cell in row) for row in rows)]


def text_in(payload: bytes, *, most_bytes: int) -> str:
    """The file as text, to be shown. Raises Refused."""
    return _text(payload, most_bytes)[0]


def _from_csv(text: str, role: str, settled: Settled) -> list[RawParty]:
    lines, above = _lines(text)
    try:
        header = _header(next(lines))
        names = columns_of(header, role, settled(header))
        found: dict[tuple[str, str], RawParty] = {}
        for cells in lines:
            if any(cell.strip() for cell in cells):
                _add(found, names, cells, role, line=lines.line_num + above)
    except csv.Error as wrong:
        raise _no_csv(lines.line_num + above, wrong) from wrong
    return list(found.values())


def _lines(text: str) -> tuple[Any, int]:
    """The rows of a table, and how many lines stand above its header."""
    told, table = told_delimiter(text)
    delimiter = told or _delimiter(table)
    rows = csv.reader(io.StringIO(table, newline=""), delimiter=delimiter, strict=True)
    return rows, 1 if told else 0


def _no_csv(line: int, wrong: csv.Error) -> Refused:
    return Refused("not_csv", f"Line {line} cannot be read as CSV: {wrong}.")


def _header(cells: Sequence[str]) -> tuple[str, ...]:
    """Without the empty ends that programs leave behind the last column."""
    names = [cell.strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    return unique_names(names)


def _delimiter(text: str) -> str:
    """What separates the names of the columns most often."""
    header = "".join(text.lstrip().splitlines()[:1])
    return max(DELIMITERS, key=header.count)


def _add(
    found: dict[tuple[str, str], RawParty],
    names: Sequence[str],
    cells: Sequence[str],
    role: str,
    *,
    line: int,
) -> None:
    """A new party, or one more contact of a party that a line before has named."""
    if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
        raise csv.Error(f"it has {len(cells)} cells, but there are {len(names)} columns")
    row = dict(zip(names, (*cells, *[""] * len(names)), strict=False))
    row = {name: value.strip() for name, value in row.items() if name}
    row["role"] = row.get("role", "").casefold() or role
    contact = {name: row.pop(name) for name in CONTACT if name in row}
    key = (row["role"], row["number"])
    if row["number"] and (known := found.get(key)):
        _compare(known, row)
    else:
        given = {**_fields(row), **({"contacts": []} if contact else {})}
        found[key if row["number"] else (row["role"], f"\x00{line}")] = known = RawParty(
            given, line, plain=row
        )
    if any(contact.values()):
        assert isinstance(known.given, dict)
        known.given["contacts"].append(
            {name.removeprefix("contact_"): value for name, value in contact.items()}
        )


def _compare(known: RawParty, row: Mapping[str, str]) -> None:
    """A further line of a party repeats what the first one says of it, or leaves it empty."""
    for name, value in row.items():
        if value and value != known.plain[name]:
            known.differs = known.differs or name


def _fields(row: Mapping[str, str]) -> dict[str, object]:
    given: dict[str, object] = {name: row[name] for name in PLAIN if name in row}
    if "excluded" in row:
        given["excluded"] = row["excluded"].replace(";", " ").replace(",", " ").split()
    for prefix, name in ADDRESSES.items():
        parts = {part: row[prefix + part] for part in PARTS if prefix + part in row}
        if parts:
            given[name] = parts
    return given
