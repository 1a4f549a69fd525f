"""Guesses what the columns of a table mean, from their names and their cells.

`header_words.json` holds what programs call them in English, German, French and Spanish.
Signs, accents and case do not matter.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from outtray.documents.imports.csv.dialect import Table
from outtray.documents.imports.csv.fields import Field, Sort, fields_of
from outtray.documents.imports.csv.mapping import Mapping as ColumnMapping
from outtray.documents.imports.csv.values import date_order_of, decimal_sign_of
from outtray.documents.kinds.registry import KINDS

_TOTALS = ("totals.net", "totals.tax", "totals.gross")
_WORDS: Mapping[str, Any] = json.loads(
    Path(__file__).with_name("header_words.json").read_text(encoding="utf-8")
)
_LONG = 6
_NOT_LETTERS = re.compile(r"[^a-z0-9#%]+")


def guess_mapping(table: Table, *, kind: str = "") -> ColumnMapping:
    """The likeliest meaning. Nothing in it is certain; a person sees it before it counts."""
    kind = kind or guess_kind(table.header)
    columns = guess_columns(table.header, kind)
    fields = fields_of(kind)
    by_sort = {
        sort: [
            table.header.index(name) for name, path in columns.items() if _is(fields[path], sort)
        ]
        for sort in (Sort.DATE, Sort.NUMBER)
    }
    return ColumnMapping(
        kind=kind,
        columns=columns,
        encoding=table.encoding,
        delimiter=table.delimiter,
        decimal=decimal_sign_of(_cells(table, by_sort[Sort.NUMBER])),
        dates=date_order_of(_cells(table, by_sort[Sort.DATE])),
    )


def guess_kind(header: Sequence[str]) -> str:
    """The kind of whose own words most columns speak; an invoice, if none does."""
    names = [bare(name) for name in header]
    return max(KINDS, key=lambda kind: (_spoken_of(names, kind), kind == "invoice"))


def guess_columns(header: Sequence[str], kind: str) -> dict[str, str]:
    """Column to field, each field once: exact names first, then names that begin or end so."""
    names = {bare(name): name for name in reversed(header)}
    found = _exact(names, kind)
    for path in _by_need(kind):
        if path not in found.values():
            near = _nearest([name for name in names if name not in found], path, kind)
            if near:
                found[near] = path
    columns = {names[name]: path for name, path in found.items()}
    return _without_half_totals({name: columns[name] for name in header if name in columns})


def _exact(names: Iterable[str], kind: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in _by_need(kind):
        words = _words_of(kind)[path]
        taken = next((name for name in names if name in words and name not in found), None)
        if taken:
            found[taken] = path
    return found


def _nearest(names: Sequence[str], path: str, kind: str) -> str:
    """Long words alone may stand within longer names: short ones stand in too many."""
    words = tuple(word for word in _words_of(kind)[path] if len(word) >= _LONG)
    return next((name for name in names if name.startswith(words) or name.endswith(words)), "")


def party_words(role: str) -> Mapping[str, list[str]]:
    """Columns of the customer or vendor, with its name in them and, but for numbers, without."""
    said: dict[str, list[str]] = {}
    for path, parts in _WORDS["party_parts"].items():
        said[path] = [f"{who} {part}" for who in _WORDS["party"][role] for part in parts]
        said[path] += [f"{part} {who}" for who in _WORDS["party"][role] for part in parts]
        said[path] += [] if path == "party.number" else parts
    return said


def bare(text: str) -> str:
    """Without case, accents and signs, so that "Menge (Stk.)" and "MENGE STK" are the same."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss").replace("°", ""))
    plain = plain.replace("ae", "a").replace("oe", "o").replace("ue", "u")
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return _NOT_LETTERS.sub("", letters)


def _is(field: Field, sort: Sort) -> bool:
    return field.sort is sort


def _cells(table: Table, columns: Sequence[int]) -> list[str]:
    return [cell for column in columns for cell in table.column(column)]


def _spoken_of(names: Sequence[str], kind: str) -> int:
    """How many columns name the kind, and how much of what it needs is there."""
    named = set(_composed(_own_words(kind), _WORDS["number"]))
    found = _exact(names, kind).values()
    needed = sum(field.is_needed and path in found for path, field in fields_of(kind).items())
    return needed + 4 * sum(name in named for name in names)


def _own_words(kind: str) -> Sequence[str]:
    found: Sequence[str] = _WORDS["kinds"].get(kind, [kind.replace("_", " ")])
    return found


@cache
def _words_of(kind: str) -> Mapping[str, frozenset[str]]:
    """Field to the bare names of columns that mean it."""
    told = {**_WORDS["fields"], **party_words(KINDS[kind].party_role)}
    words = {path: {bare(word) for word in its} for path, its in told.items()}
    own = _own_words(kind)
    words["number"] = {*_composed(own, _WORDS["number"]), *map(bare, own), *map(bare, _NUMBERS)}
    words["date"] = {*_composed(own, _WORDS["date"]), *map(bare, _WORDS["date"])}
    return {path: frozenset(each - {""}) for path, each in words.items()}


_NUMBERS = ("number", "no", "nr", "nummer", "numero")  # by themselves they are the document's


def _composed(own: Sequence[str], parts: Sequence[str]) -> Iterator[str]:
    """Invoice date, date de facture."""
    for part in parts:
        for word in own:
            yield bare(f"{word} {part}")
            yield bare(f"{part} {word}")


@cache
def _by_need(kind: str) -> Sequence[str]:
    """The fields that have words; what is needed is looked for first."""
    fields = fields_of(kind)
    known = [path for path in fields if path in _words_of(kind)]
    return sorted(known, key=lambda path: not fields[path].is_needed)


def _without_half_totals(found: dict[str, str]) -> dict[str, str]:
    """The sums are checked against the lines, which needs all three."""
    if all(path in found.values() for path in _TOTALS):
        return found
    return {name: path for name, path in found.items() if path not in _TOTALS}
