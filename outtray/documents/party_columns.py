"""What the columns of a table of parties mean: by their names, or as somebody settled it.

The names are read in English, German, French and Spanish, as those of documents are.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from outtray.documents.imports.csv.guess import bare, party_words
from outtray.documents.imports.csv.remembered import keep_for, kept_for
from outtray.documents.models import PartyRole
from outtray.documents.party_fields import PartyEntry
from outtray.documents.problems import shown
from outtray.documents.schema.parties import Address
from outtray.lib.errors import Refused
from outtray.people.models import Company, Person

ADDRESSES = {"": "address", "bill_to_": "bill_to_address", "ship_to_": "ship_to_address"}
PARTS = tuple(Address.model_fields)
CONTACT = ("contact_name", "contact_email", "contact_role")
_LISTS = {"address", "bill_to_address", "ship_to_address", "contacts"}
PLAIN = tuple(name for name in PartyEntry.model_fields if name not in _LISTS)
COLUMNS = (
    *PLAIN,
    *(prefix + part for prefix in ADDRESSES for part in PARTS),
    *CONTACT,
)
_SORT = "parties"  # of tables, among those whose columns are remembered
_WORDS: Mapping[str, list[str]] = json.loads(
    Path(__file__).with_name("party_words.json").read_text(encoding="utf-8")
)


def recognised(header: Sequence[str], role: str) -> dict[str, str]:
    """Heading to column, as far as the names tell."""
    words = _words(role if role in PartyRole.values else PartyRole.CUSTOMER)
    return {name: words[bare(name)] for name in header if bare(name) in words}


def columns_of(
    header: Sequence[str], role: str, settled: Mapping[str, str] | None = None
) -> list[str]:
    """The column that each heading stands for. What was settled leaves the others out ("").

    Without that, raises Refused for a heading that nobody knows; in any case for a column that
    is there twice, and where none is the number.
    """
    known = recognised(header, role) if settled is None else settled
    names = [known.get(name, "") for name in header]
    for position, name in enumerate(names):
        if not name and settled is None:
            raise _unknown(shown(header[position]))
        if name and name in names[:position]:
            raise Refused("unknown_column", f"The column “{name}” is there twice.")
    if "number" not in names:
        raise Refused("unknown_column", "There is no column “number”: it tells parties apart.")
    return names


def columns_from_json(given: object) -> dict[str, str]:
    """What a request or file settles: `{"columns": {heading: column}}`. Raises Refused."""
    columns = given.get("columns") if isinstance(given, dict) else None
    if not isinstance(given, dict) or set(given) != {"columns"} or not isinstance(columns, dict):
        raise Refused("wrong_mapping", "The mapping must be an object with the field “columns”.")
    for name in columns.values():
        if name not in COLUMNS:
            raise Refused(
                "wrong_mapping", f"Parties have no column “{shown(str(name))}”.", field="columns"
            )
    return dict(columns)


def columns_from_text(text: str) -> dict[str, str]:
    """The same from a text in JSON."""
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as wrong:
        raise Refused("wrong_mapping", "The mapping is not JSON.") from wrong
    return columns_from_json(given)


def remembered_columns(company: Company, header: Sequence[str]) -> dict[str, str] | None:
    """What was settled for tables of parties with just this header, if it still makes sense."""
    try:
        kept = kept_for(company, header, sort=_SORT)
        return None if kept is None else columns_from_json(kept)
    except Refused:  # a column that it names is no more
        return None


def remember_columns(
    company: Company,
    header: Sequence[str],
    columns: Mapping[str, str],
    *,
    by: Person | None,
    at: datetime,
) -> None:
    """Keep this for the next tables with this header."""
    keep_for(company, header, {"columns": dict(columns)}, sort=_SORT, by=by, at=at)


def _unknown(heading: str) -> Refused:
    close = difflib.get_close_matches(heading.casefold().replace(" ", "_"), COLUMNS, n=1)
    hint = f" Did you mean “{close[0]}”?" if close else ""
    return Refused(
        "unknown_column",
        f"There is no column “{heading}”.{hint} Settle once on the import page what the columns "
        f"of this table mean, or name them: {', '.join(COLUMNS)}.",
        heading=heading,
    )


@cache
def _words(role: str) -> Mapping[str, str]:
    """Bare heading to column; a column's own name before all words."""
    told = {name: [*_WORDS.get(name, []), *_shared(name, role)] for name in COLUMNS}
    words = {bare(word): name for name, its in reversed(told.items()) for word in its}
    words.pop("", None)
    return {**words, **{bare(name): name for name in COLUMNS}}


def _shared(column: str, role: str) -> list[str]:
    """What tables of documents call the same."""
    words = party_words(role)
    places = {
        "number": "party.number",
        "main_email": "party.emails.main",
        "cc_email": "party.emails.cc",
        "billing_email": "party.emails.billing",
        **{part: f"party.address.{part}" for part in PARTS},
    }
    return list(words.get(places.get(column, f"party.{column}"), []))
