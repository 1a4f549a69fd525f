"""Rows changed once or more for every email that leaves, by statements written once.

Django writes each statement anew, which takes ten times as long as running it. Here a
statement is written for each set of columns, and kept; PostgreSQL keeps its plan too. Values
become parameters as the model's own fields say, so both databases get what Django would give
them. In `where`, `name__gt`, `name__lte` and `name__in` mean what they mean there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, TypeVar
from uuid import UUID

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.base import ModelState

Values = Mapping[str, object]
Model = type[models.Model]
Parameters = list[Any]
Reader = Callable[[Any, BaseDatabaseWrapper], Any]
M = TypeVar("M", bound=models.Model)


class Lock(StrEnum):
    """What to do about rows that another transaction holds, where the database has such."""

    NONE = ""
    WAIT = " FOR UPDATE"
    SKIP = " FOR UPDATE SKIP LOCKED"


def update(model: Model, changes: Values, where: Values) -> int:
    """Set these columns where all those fit; say in how many rows."""
    connection = connections["default"]
    parameters = _parameters(model, changes, connection) + _parameters(model, where, connection)
    with connection.wrap_database_errors:
        cursor = _cursor(connection)
        cursor.execute(_update(model, tuple(changes), tuple(where)), parameters)
        return int(cursor.rowcount)


def select(
    model: type[M],
    where: Values,
    *,
    order: Sequence[str] = (),
    limit: int | None = None,
    lock: Lock = Lock.NONE,
) -> list[M]:
    """The rows where all of that fits, as the model's instances."""
    counts = tuple(len(value) if isinstance(value, list) else 0 for value in where.values())
    connection = connections["default"]
    parameters = _listed_parameters(model, where, connection)
    if limit is not None:
        parameters.append(limit)
    if not connection.features.has_select_for_update:
        lock = Lock.NONE
    statement = _select(model, tuple(where), counts, tuple(order), is_limited=limit is not None)
    found = _fetched(statement + lock, parameters, connection)
    return [_instance(model, row, connection) for row in found]


def value(model: Model, name: str, where: Values) -> object:
    """What stands in that column of the first row that fits; None if there is none."""
    connection = connections["default"]
    parameters = _parameters(model, where, connection)
    found = _fetched(_value(model, name, tuple(where)), parameters, connection)
    read = _readers(model)[name]
    told = found[0][0] if found else None
    return told if told is None or read is None else read(told, connection)


def counts(model: Model, name: str, keys: Sequence[object]) -> dict[Any, int]:
    """How many rows there are for each of these values of a column; none is left out."""
    connection = connections["default"]
    parameters = _listed_parameters(model, {f"{name}__in": list(keys)}, connection)
    found = _fetched(_counts(model, name, len(keys)), parameters, connection)
    read = _readers(model)[name]
    return {read(value, connection) if read else value: count for value, count in found}


def update_all(model: Model, changes: Values, keys: Sequence[UUID]) -> None:
    """Set these columns in the rows with these primary keys."""
    connection = connections["default"]
    key = _parameter(model, "id", connection.vendor)
    parameters = _parameters(model, changes, connection) + [key(each) for each in keys]
    with connection.wrap_database_errors:
        _cursor(connection).execute(_update_all(model, tuple(changes), len(keys)), parameters)


def insert(model: Model, *rows: Values) -> None:
    """Add rows, if any; all of them have the same columns."""
    insertion(model, *rows)()


def insertion(model: Model, *rows: Values) -> Callable[[], None]:
    """The same, made ready now and done when it is called, in whatever thread."""
    connection = connections["default"]
    ready = [_parameters(model, row, connection) for row in rows]

    def add() -> None:
        connection = connections["default"]
        if ready:
            with connection.wrap_database_errors:
                _cursor(connection).executemany(_insert(model, tuple(rows[0])), ready)

    return add


def values(row: models.Model) -> Values:
    """All columns of a row that is not stored yet."""
    return {name: getattr(row, name) for name in _fields(type(row))}


def _fetched(
    statement: str, parameters: Parameters, connection: BaseDatabaseWrapper
) -> list[Sequence[Any]]:
    with connection.wrap_database_errors:
        cursor = _cursor(connection)
        cursor.execute(statement, parameters)
        found: list[Sequence[Any]] = cursor.fetchall()
        return found


def _cursor(connection: BaseDatabaseWrapper) -> Any:
    """The driver's own: Django's would rewrite the statement each time.

    On PostgreSQL it has a statement prepared that comes again.
    """
    if connection.settings_dict["CONN_HEALTH_CHECKS"]:
        connection.close_if_health_check_failed()
    if connection.connection is None:
        connection.ensure_connection()
    if connection.needs_rollback:
        connection.validate_no_broken_transaction()
    if connection.vendor == "postgresql":
        from psycopg import Cursor

        return Cursor(connection.connection)
    return connection.connection.cursor()


def _parameters(model: Model, values: Values, connection: BaseDatabaseWrapper) -> Parameters:
    """One for each value."""
    ready = _givers(model, tuple(values), connection.vendor)
    return [
        None if value is None else give(value)
        for give, value in zip(ready, values.values(), strict=True)
    ]


def _listed_parameters(model: Model, values: Values, connection: BaseDatabaseWrapper) -> Parameters:
    """One for each value, and one for each member of a list."""
    parameters: Parameters = []
    ready = _givers(model, tuple(values), connection.vendor)
    for give, value in zip(ready, values.values(), strict=True):
        if isinstance(value, list):
            parameters.extend(map(give, value))
        else:
            parameters.append(None if value is None else give(value))
    return parameters


def _instance(model: type[M], row: Sequence[object], connection: BaseDatabaseWrapper) -> M:
    """As `Model.from_db` makes it, without its signals and its way to set each value."""
    made = model.__new__(model)
    made._state = ModelState()
    made._state.adding, made._state.db = False, connection.alias
    for (name, read), value in zip(_readers(model).items(), row, strict=True):
        made.__dict__[name] = value if value is None or read is None else read(value, connection)
    return made


@cache
def _readers(model: Model) -> Mapping[str, Reader | None]:
    """What the values of each column become on their way from the database, as Django would
    have them; None where they stay as they are."""
    return {name: _reader(model, name) for name in _fields(model)}


def _reader(model: Model, name: str) -> Reader | None:
    field, connection = _fields(model)[name], connections["default"]
    if connection.vendor == "sqlite" and isinstance(field, models.DateTimeField):
        return lambda value, _: value.replace(tzinfo=UTC)
    column = field.get_col(model._meta.db_table)
    converters = [
        *connection.ops.get_db_converters(column),
        *column.get_db_converters(connection),
    ]

    def read(value: Any, connection: BaseDatabaseWrapper) -> Any:
        for convert in converters:
            value = convert(value, column, connection)
        return value

    return read if converters else None


@cache
def _givers(model: Model, names: Sequence[str], vendor: str) -> Sequence[Callable[[Any], object]]:
    """How the values of these columns are given to this database."""
    return [_parameter(model, name, vendor) for name in names]


@cache
def _parameter(model: Model, name: str, vendor: str) -> Callable[[Any], object]:
    """How a value of this column is given to this database; the frequent kinds directly."""
    field = _fields(model)[name.partition("__")[0]]
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


@lru_cache(maxsize=32)  # the same few moments stand in many columns
def _moment(value: datetime) -> str:
    moment = value if value.tzinfo is UTC else value.astimezone(UTC)
    return str(moment.replace(tzinfo=None))


_TO_SQLITE: Mapping[type[models.Field[Any, Any]], Callable[[Any], object]] = {
    models.UUIDField: attrgetter("hex"),
    models.DateTimeField: _moment,
    models.JSONField: json.dumps,
}


@cache
def _fields(model: Model) -> Mapping[str, models.Field[Any, Any]]:
    return {field.attname: field for field in model._meta.concrete_fields}


@cache
def _select(
    model: Model,
    where: Sequence[str],
    counts: Sequence[int],
    order: Sequence[str],
    *,
    is_limited: bool,
) -> str:
    columns = ", ".join(_column(model, name) for name in _fields(model))
    conditions = _conditions(model, where, counts)
    by = ", ".join(_column(model, name) for name in order)
    statement = f"SELECT {columns} FROM {_table(model)} WHERE {conditions}"  # noqa: S608 - names of ours
    statement += f" ORDER BY {by}" if by else ""
    return f"{statement} LIMIT {_place()}" if is_limited else statement


@cache
def _value(model: Model, name: str, where: Sequence[str]) -> str:
    conditions = _conditions(model, where, (0,) * len(where))
    return f"SELECT {_column(model, name)} FROM {_table(model)} WHERE {conditions} LIMIT 1"  # noqa: S608 - names of ours


@cache
def _counts(model: Model, name: str, count: int) -> str:
    column, condition = _column(model, name), _condition(model, f"{name}__in", count)
    return f"SELECT {column}, count(*) FROM {_table(model)} WHERE {condition} GROUP BY 1"  # noqa: S608 - names of ours


@cache
def _update(model: Model, changes: Sequence[str], where: Sequence[str]) -> str:
    conditions = _conditions(model, where, (0,) * len(where))
    return f"UPDATE {_table(model)} SET {_sets(model, changes)} WHERE {conditions}"  # noqa: S608 - names of ours


@cache
def _update_all(model: Model, changes: Sequence[str], count: int) -> str:
    keys = f"{_column(model, 'id')} IN ({_places(count)})"
    return f"UPDATE {_table(model)} SET {_sets(model, changes)} WHERE {keys}"  # noqa: S608 - names of ours


@cache
def _insert(model: Model, names: Sequence[str]) -> str:
    columns = ", ".join(_column(model, name) for name in names)
    return f"INSERT INTO {_table(model)} ({columns}) VALUES ({_places(len(names))})"  # noqa: S608 - names of ours


def _conditions(model: Model, where: Sequence[str], counts: Sequence[int]) -> str:
    return " AND ".join(
        _condition(model, name, count) for name, count in zip(where, counts, strict=True)
    )


def _condition(model: Model, name: str, count: int) -> str:
    plain, _, kind = name.partition("__")
    column = _column(model, plain)
    if kind == "in":
        return f"{column} IN ({_places(count)})"
    return f"{column} {_COMPARED[kind]} {_place()}"


_COMPARED: Mapping[str, str] = {"": "=", "gt": ">", "lte": "<="}


def _sets(model: Model, changes: Sequence[str]) -> str:
    return ", ".join(f"{_column(model, name)} = {_place()}" for name in changes)


def _place() -> str:
    """Where a parameter stands, as the driver writes it."""
    return "?" if connections["default"].vendor == "sqlite" else "%s"


def _places(count: int) -> str:
    return ", ".join([_place()] * count)


def _column(model: Model, name: str) -> str:
    return connections["default"].ops.quote_name(str(_fields(model)[name].column))


def _table(model: Model) -> str:
    return connections["default"].ops.quote_name(model._meta.db_table)
