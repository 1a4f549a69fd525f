"""Reads a file of parties: JSON with their fields, or CSV with a column for each.

The columns are named like the fields. An address has one for each of its parts (`street`,
`bill_to_street`), and a contact has three; a further row of the same party adds a contact.
"""

from __future__ import annotations

import csv
import difflib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from outtray.documents.imports.csv.dialect import (
    DELIMITERS,
    encoding_of,
    text_of,
    told_delimiter,
)
from outtray.documents.parsing import refuse_too_large
from outtray.documents.party_fields import PartyEntry
from outtray.documents.problems import shown
from outtray.documents.schema.parties import Address
from outtray.lib.errors import Refused

MOST_PARTIES = 20_000  # in one file: all customers of a business of some size

_ADDRESSES = {"": "address", "bill_to_": "bill_to_address", "ship_to_": "ship_to_address"}
_PARTS = tuple(Address.model_fields)
_CONTACT = ("contact_name", "contact_email", "contact_role")
_LISTS = {"address", "bill_to_address", "ship_to_address", "contacts"}
_PLAIN = tuple(name for name in PartyEntry.model_fields if name not in _LISTS)
COLUMNS = (
    *_PLAIN,
    *(prefix + part for prefix in _ADDRESSES for part in _PARTS),
    *_CONTACT,
)
_ALSO = {
    "type": "role",
    "no": "number",
    "customer_number": "number",
    "vendor_number": "number",
    "company": "name",
    "email": "main_email",
    "e_mail": "main_email",
    "cc": "cc_email",
    "shipment_update_email": "shipment_email",
    "bill_to_address_email": "bill_to_email",
    "ship_to_address_email": "ship_to_email",
    "vat": "vat_id",
    "vat_number": "vat_id",
    "zip": "postcode",
    "postal_code": "postcode",
}


@dataclass(slots=True)
class RawParty:
    """A party as it stands in the file; `line` is that of a CSV file, else 0.

    `differs` names a column of which two of its lines say different things.
    """

    given: object
    line: int = 0
    differs: str = ""
    plain: dict[str, str] = field(default_factory=dict)


def read_parties(payload: bytes, *, role: str, most_bytes: int) -> list[RawParty]:
    """The parties of a file, in its order; `role` is that of those that name none.

    Raises Refused for what is wrong with the file as a whole.
    """
    text, encoding = _text(payload, most_bytes)
    is_json = text.lstrip()[:1] in {"{", "["}
    if is_json and encoding != "utf-8":
        raise Refused("not_utf8", "The file is not UTF-8 text, which JSON must be.")
    raw = list(_from_json(text, role)) if is_json else _from_csv(text, role)
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


def _from_csv(text: str, role: str) -> list[RawParty]:
    told, table = told_delimiter(text)
    above = 1 if told else 0
    delimiter = told or _delimiter(table)
    lines = csv.reader(io.StringIO(table, newline=""), delimiter=delimiter, strict=True)
    try:
        names = _columns(next(lines))
        found: dict[tuple[str, str], RawParty] = {}
        for cells in lines:
            if any(cell.strip() for cell in cells):
                _add(found, names, cells, role, line=lines.line_num + above)
    except csv.Error as wrong:
        raise Refused(
            "not_csv", f"Line {lines.line_num + above} cannot be read as CSV: {wrong}."
        ) from wrong
    return list(found.values())


def _delimiter(text: str) -> str:
    """What separates the names of the columns most often."""
    header = "".join(text.lstrip().splitlines()[:1])
    return max(DELIMITERS, key=header.count)


def _columns(header: Sequence[str]) -> list[str]:
    """The fields that the columns stand for. Raises Refused for one that is none, or twice."""
    names = [_column(each) for each in header]
    while names and not names[-1]:
        names.pop()
    for position, name in enumerate(names):
        if name not in COLUMNS:
            close = difflib.get_close_matches(name, COLUMNS, n=1)
            hint = f" Did you mean “{close[0]}”?" if close else ""
            raise Refused(
                "unknown_column",
                f"There is no column “{shown(header[position].strip())}”.{hint} "
                f"The columns are: {', '.join(COLUMNS)}.",
            )
        if name in names[:position]:
            raise Refused("unknown_column", f"The column “{name}” is there twice.")
    if "number" not in names:
        raise Refused("unknown_column", "There is no column “number”: it tells parties apart.")
    return names


def _column(text: str) -> str:
    name = "_".join(text.strip().casefold().replace("-", " ").replace("_", " ").split())
    return _ALSO.get(name, name)


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
    row = {name: value.strip() for name, value in row.items()}
    row["role"] = row.get("role", "").casefold() or role
    contact = {name: row.pop(name) for name in _CONTACT if name in row}
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
    given: dict[str, object] = {name: row[name] for name in _PLAIN if name in row}
    if "excluded" in row:
        given["excluded"] = row["excluded"].replace(";", " ").replace(",", " ").split()
    for prefix, name in _ADDRESSES.items():
        parts = {part: row[prefix + part] for part in _PARTS if prefix + part in row}
        if parts:
            given[name] = parts
    return given
