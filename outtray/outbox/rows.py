"""Rows changed once or more for every email that leaves, by statements written once.

Django writes each statement anew, which takes ten times as long as running it. Here a
statement is written for each set of columns, and kept. Values become parameters by the
model's own fields, so both databases get what Django would give them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from django.db import connection, models

Values = Mapping[str, object]


def update(model: type[models.Model], changes: Values, where: Values) -> int:
    """Set these columns where all those are equal; say in how many rows.

    `name__gt` in `where` asks for a greater value instead.
    """
    statement = _update(model, tuple(changes), tuple(where))
    values = [*_adapted(model, changes), *_adapted(model, where)]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def update_all(model: type[models.Model], changes: Values, keys: Sequence[object]) -> None:
    """Set these columns in the rows with these primary keys."""
    key = model._meta.pk
    assert key is not None, "every model has a primary key"
    sets = _sets(model, tuple(changes))
    places = ", ".join(["%s"] * len(keys))
    statement = (
        f"UPDATE {_table(model)} SET {sets} WHERE {_column(model, key.attname)} IN ({places})"  # noqa: S608 - names of ours
    )
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            [*_adapted(model, changes), *(key.get_db_prep_save(k, connection) for k in keys)],
        )


def insert(model: type[models.Model], *rows: Values) -> None:
    """Add rows, if any; all of them have the same columns."""
    insertion(model, *rows)()


def insertion(model: type[models.Model], *rows: Values) -> Callable[[], None]:
    """The same, made ready now and done when it is called."""
    adapted = [_adapted(model, row) for row in rows]

    def add() -> None:
        if adapted:
            with connection.cursor() as cursor:
                cursor.executemany(_insert(model, tuple(rows[0])), adapted)

    return add


def values(row: models.Model) -> Values:
    """All columns of a row that is not stored yet."""
    return {name: getattr(row, name) for name in _fields(type(row))}


def _adapted(model: type[models.Model], values: Values) -> list[Any]:
    fields = _fields(model)
    return [
        fields[name.removesuffix("__gt")].get_db_prep_save(value, connection)
        for name, value in values.items()
    ]


@cache
def _fields(model: type[models.Model]) -> Mapping[str, models.Field[Any, Any]]:
    return {field.attname: field for field in model._meta.concrete_fields}


@cache
def _update(model: type[models.Model], changes: Sequence[str], where: Sequence[str]) -> str:
    conditions = _conditions(model, where)
    return f"UPDATE {_table(model)} SET {_sets(model, changes)} WHERE {conditions}"  # noqa: S608 - names of ours


@cache
def _sets(model: type[models.Model], changes: Sequence[str]) -> str:
    return ", ".join(f"{_column(model, name)} = %s" for name in changes)


@cache
def _insert(model: type[models.Model], names: Sequence[str]) -> str:
    columns = ", ".join(_column(model, name) for name in names)
    places = ", ".join(["%s"] * len(names))
    return f"INSERT INTO {_table(model)} ({columns}) VALUES ({places})"  # noqa: S608 - names of ours


def _conditions(model: type[models.Model], where: Sequence[str]) -> str:
    return " AND ".join(
        f"{_column(model, name.removesuffix('__gt'))} {'>' if name.endswith('__gt') else '='} %s"
        for name in where
    )


def _column(model: type[models.Model], name: str) -> str:
    return connection.ops.quote_name(str(_fields(model)[name].column))


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)
