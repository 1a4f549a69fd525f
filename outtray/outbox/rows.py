"""Rows changed once or more for every email that leaves, by statements written once.

Django writes each statement anew, which takes ten times as long as running it. Here a
statement is written for each set of columns, and kept. Values become parameters as the
model's own fields say, so both databases get what Django would give them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

Values = Mapping[str, object]
Model = type[models.Model]
Parameters = list[Any]


def update(model: Model, changes: Values, where: Values) -> int:
    """Set these columns where all those are equal; say in how many rows.

    `name__gt` in `where` asks for a greater value instead.
    """
    connection = connections["default"]
    parameters = _parameters(model, changes, connection) + _parameters(model, where, connection)
    with connection.cursor() as cursor:
        cursor.execute(_update(model, tuple(changes), tuple(where)), parameters)
        return int(cursor.rowcount)


def update_all(model: Model, changes: Values, keys: Sequence[UUID]) -> None:
    """Set these columns in the rows with these primary keys."""
    connection = connections["default"]
    key = _parameter(model, "id", connection.vendor)
    parameters = _parameters(model, changes, connection) + [key(each) for each in keys]
    with connection.cursor() as cursor:
        cursor.execute(_update_all(model, tuple(changes), len(keys)), parameters)


def insert(model: Model, *rows: Values) -> None:
    """Add rows, if any; all of them have the same columns."""
    insertion(model, *rows)()


def insertion(model: Model, *rows: Values) -> Callable[[], None]:
    """The same, made ready now and done when it is called."""
    ready = [_parameters(model, row, connections["default"]) for row in rows]

    def add() -> None:
        if ready:
            with connections["default"].cursor() as cursor:
                cursor.executemany(_insert(model, tuple(rows[0])), ready)

    return add


def values(row: models.Model) -> Values:
    """All columns of a row that is not stored yet."""
    return {name: getattr(row, name) for name in _fields(type(row))}


def _parameters(model: Model, values: Values, connection: BaseDatabaseWrapper) -> Parameters:
    vendor = connection.vendor
    return [
        None if value is None else _parameter(model, name, vendor)(value)
        for name, value in values.items()
    ]


@cache
def _parameter(model: Model, name: str, vendor: str) -> Callable[[Any], object]:
    """How a value of this column is given to this database; the frequent kinds directly."""
    field = _fields(model)[name.removesuffix("__gt")]
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    if isinstance(field, models.CharField | models.TextField):
        return str
    if isinstance(field, models.IntegerField):
        return int
    if vendor == "sqlite":
        for kind, given in _TO_SQLITE.items():
            if isinstance(field, kind):
                return given
    return lambda value: field.get_db_prep_save(value, connections["default"])


def _moment(value: datetime) -> str:
    return str(value.astimezone(UTC).replace(tzinfo=None))


def _uuid(value: UUID) -> str:
    return value.hex


_TO_SQLITE: Mapping[type[models.Field[Any, Any]], Callable[[Any], object]] = {
    models.UUIDField: _uuid,
    models.DateTimeField: _moment,
    models.JSONField: json.dumps,
}


@cache
def _fields(model: Model) -> Mapping[str, models.Field[Any, Any]]:
    return {field.attname: field for field in model._meta.concrete_fields}


@cache
def _update(model: Model, changes: Sequence[str], where: Sequence[str]) -> str:
    conditions = " AND ".join(
        f"{_column(model, name.removesuffix('__gt'))} {'>' if name.endswith('__gt') else '='} %s"
        for name in where
    )
    return f"UPDATE {_table(model)} SET {_sets(model, changes)} WHERE {conditions}"  # noqa: S608 - names of ours


@cache
def _update_all(model: Model, changes: Sequence[str], count: int) -> str:
    keys = f"{_column(model, 'id')} IN ({', '.join(['%s'] * count)})"
    return f"UPDATE {_table(model)} SET {_sets(model, changes)} WHERE {keys}"  # noqa: S608 - names of ours


@cache
def _insert(model: Model, names: Sequence[str]) -> str:
    columns = ", ".join(_column(model, name) for name in names)
    places = ", ".join(["%s"] * len(names))
    return f"INSERT INTO {_table(model)} ({columns}) VALUES ({places})"  # noqa: S608 - names of ours


def _sets(model: Model, changes: Sequence[str]) -> str:
    return ", ".join(f"{_column(model, name)} = %s" for name in changes)


def _column(model: Model, name: str) -> str:
    return connections["default"].ops.quote_name(str(_fields(model)[name].column))


def _table(model: Model) -> str:
    return connections["default"].ops.quote_name(model._meta.db_table)
