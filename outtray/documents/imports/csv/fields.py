"""What a column can mean for a kind of document: the fields of its schema, by path."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from outtray.documents.kinds.registry import KINDS

# The kind is settled for the whole table, the issuer is the company, and the taxes are
# computed from the lines. Of lists in lists a row could say one entry only.
_NOT_FROM_TABLES = frozenset({"kind", "issuer", "taxes", "party.contacts"})


class Sort(StrEnum):
    """How the cells of a field are read."""

    TEXT = "text"
    NUMBER = "number"
    WHOLE = "whole"
    DATE = "date"
    YES = "yes"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a document, or with `of_line` of each of its lines; `label` is for people."""

    path: str
    label: str
    sort: Sort
    of_line: bool
    is_needed: bool


@cache
def fields_of(kind: str) -> Mapping[str, Field]:
    """All fields of the kind by path, those of a document first."""
    known = KINDS[kind]
    found = [
        Field(
            path,
            _label(path, known.party_role),
            _sort(info),
            of_line=path.startswith(f"{known.rows}."),
            is_needed=is_needed,
        )
        for path, info, is_needed in _fields(known.schema, "", rows=known.rows, is_needed=True)
    ]
    found.sort(key=lambda field: field.of_line)
    return {field.path: field for field in found}


def _label(path: str, role: str) -> str:
    """In words, with its owner in front: Customer street, Line quantity, Due date."""
    first, *rest = path.split(".")
    owner = {**_OWNERS, "party": role.capitalize()}.get(first, "") if rest else ""
    leaf = rest[-1] if rest else first
    words = _LEAVES.get(leaf, leaf.replace("_", " "))
    words = f"{words} email" if "emails" in rest else words
    return f"{owner} {words}" if owner else words[0].upper() + words[1:]


_OWNERS = {
    "bill_to": "Bill To",
    "ship_to": "Ship To",
    "contact": "Contact",
    "our_contact": "Our contact",
    "terms": "Terms of",
    "totals": "Total",
    "lines": "Line",
    "invoices": "Invoice",
    "payment_means": "Payment",
}
_LEAVES = {
    "vat_id": "VAT ID",
    "id": "electronic address",
    "scheme": "electronic address scheme",
    "extra": "address addition",
    "debited_iban": "debited IBAN",
    "cc_email": "CC email",
}


def _fields(
    model: type[BaseModel], before: str, *, rows: str, is_needed: bool
) -> Iterator[tuple[str, FieldInfo, bool]]:
    for name, info in model.model_fields.items():
        path = f"{before}{name}"
        if path in _NOT_FROM_TABLES:
            continue
        needed = is_needed and info.is_required()
        part = _part_in(info.annotation)
        if part is not None:
            within = needed or path == rows
            yield from _fields(part, f"{path}.", rows=rows, is_needed=within)
        else:
            yield path, info, needed


def _part_in(annotation: object) -> type[BaseModel] | None:
    """The part that a field consists of, alone or as a list of them."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = (_part_in(each) for each in typing.get_args(annotation))
    return next((each for each in inner if each is not None), None)


def _sort(info: FieldInfo) -> Sort:
    found = set(_plain_types(info.annotation))
    for sort, kind in (
        (Sort.YES, bool),
        (Sort.NUMBER, Decimal),
        (Sort.WHOLE, int),
        (Sort.DATE, date),
    ):
        if kind in found:
            return sort
    return Sort.TEXT


def _plain_types(annotation: object) -> Iterator[object]:
    yield annotation
    if typing.get_origin(annotation) in {typing.Annotated, typing.Union, types.UnionType, tuple}:
        for each in typing.get_args(annotation):
            yield from _plain_types(each)
