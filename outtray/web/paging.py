"""Lists in pages that cost the same however long the list is: each begins after a row."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy

Row = TypeVar("Row", bound=Model)

PAGE = 50


@dataclass(frozen=True, slots=True)
class Order:
    """By which field a list is sorted. `name` is what stands in the address of the page."""

    name: str
    field: str
    is_descending: bool

    @property
    def text(self) -> str:
        return f"-{self.name}" if self.is_descending else self.name


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows, and where the next page begins, if there is one."""

    rows: list[Row]
    following: str


def order_of(text: str, fields: Mapping[str, str], *, default: str) -> Order:
    """The order that the address asks for, or the usual one."""
    name = text.removeprefix("-")
    if name not in fields:
        text, name = default, default.removeprefix("-")
    return Order(name, fields[name], is_descending=text.startswith("-"))


def page_after(
    rows: QuerySet[Row],
    order: Order,
    cursor: str,
    *,
    size: int = PAGE,
    whole: QuerySet[Row] | None = None,
) -> Page[Row]:
    """The rows that follow the cursor. Rows without a value come last; a bad cursor is none.

    With `whole` only keys are looked for among `rows`, which an index may hold, and the rows of
    the page alone are read, as `whole` reads them.
    """
    place = _read(rows, order, cursor)
    if place is not None:
        rows = rows.filter(_behind(rows, order, *place))
    rows = rows.order_by(_by(rows, order), "-pk" if order.is_descending else "pk")[: size + 1]
    found = list(rows) if whole is None else _by_key(rows, whole)
    more = len(found) > size
    return Page(found[:size], _written(order, found[size - 1]) if more else "")


def _by_key(rows: QuerySet[Row], whole: QuerySet[Row]) -> list[Row]:
    keys = list(rows.values_list("pk", flat=True))
    read = whole.in_bulk(keys)
    return [read[key] for key in keys if key in read]


def _by(rows: QuerySet[Row], order: Order) -> OrderBy:
    """Where each row has a value, nothing is said of those without: no index is sorted so."""
    by = F(order.field)
    last = True if _field(rows.model, order.field).null else None
    return by.desc(nulls_last=last) if order.is_descending else by.asc(nulls_last=last)


def _behind(rows: QuerySet[Row], order: Order, value: object, pk: object) -> Q:
    field, beyond = order.field, "lt" if order.is_descending else "gt"
    after = Q(**{f"pk__{beyond}": pk})
    if not _field(rows.model, field).null:
        # The bound by itself lets an index begin at the place.
        bound = Q(**{f"{field}__{beyond}e": value})
        return bound & (Q(**{f"{field}__{beyond}": value}) | after)
    if value is None:
        return Q(**{f"{field}__isnull": True}) & after
    beyond_it = Q(**{f"{field}__{beyond}": value}) | Q(**{f"{field}__isnull": True})
    return beyond_it | (Q(**{field: value}) & after)


def _written(order: Order, row: Model) -> str:
    value: Any = row
    for step in order.field.split("__"):
        value = getattr(value, step)
    place = json.dumps([None if value is None else str(value), str(row.pk)])
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def _read(rows: QuerySet[Row], order: Order, cursor: str) -> tuple[object, object] | None:
    if not cursor:
        return None
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        field = _field(rows.model, order.field)
        return (None if value is None else field.to_python(value)), rows.model._meta.pk.to_python(
            pk
        )
    except (ValueError, TypeError, binascii.Error, ValidationError):
        return None


def _field(model: Any, path: str) -> Any:
    step, _, rest = path.partition("__")
    field = model._meta.get_field(step)
    return _field(field.related_model, rest) if rest else field


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's title: its address sorts by it, or turns the order round."""

    word: str
    sort: str = ""
    direction: str = ""
    css: str = ""


def headings(order: Order, columns: Sequence[tuple[str, str, str]]) -> list[Heading]:
    """Titles from (word, order name or nothing, css class)."""
    return [_heading(order, *column) for column in columns]


def _heading(order: Order, word: str, sort: str, css: str) -> Heading:
    if order.name != sort.removeprefix("-"):
        return Heading(word, sort, css=css)
    turned = order.name if order.is_descending else f"-{order.name}"
    return Heading(word, turned, "descending" if order.is_descending else "ascending", css)
