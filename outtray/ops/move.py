"""Move an installation from its SQLite into an empty PostgreSQL, all of it or nothing.

1. Be the only one on the data folder. 2. See that both databases are of this version. 3. In one
transaction copy every table, and count both sides. 4. Before it commits, mark the file as
a copy, so that whoever starts from it again sends nothing unasked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model

from outtray.lib.errors import Refused
from outtray.ops.bootstrap import prepare
from outtray.ops.fingerprint import MARK_AS_COPY
from outtray.ops.folder import make_folder
from outtray.ops.lock import sole_server
from outtray.people.models import Company

OLD = "old"
AT_ONCE = 1000  # rows a statement
# Every database makes these by itself.
_OWN = frozenset({"auth", "contenttypes", "procrastinate"})


def move(*, say: Callable[[str], None]) -> None:
    """Copy all rows. Refuses without a PostgreSQL, without a file, and where rows are already."""
    if not settings.IS_CLUSTER:
        raise Refused(
            "move_needs_postgresql",
            "OUTTRAY_DATABASE_URL names no PostgreSQL to move to.",
        )
    if not (settings.DATA / "outtray.sqlite3").exists():
        raise Refused("nothing_to_move", f"There is no SQLite database in {settings.DATA}.")
    with sole_server(make_folder(settings.DATA)), _old_database():
        prepare()
        if Company.objects.exists():
            raise Refused("not_empty", "The PostgreSQL has data already. Name an empty one.")
        _require_same_version()
        with transaction.atomic():
            for model in _models():
                _copy(model)
                say(f"moved     {_counted(model)} {model._meta.verbose_name_plural}")
            _continue_numbers()
            _mark_as_copy()


@contextmanager
def _old_database() -> Iterator[None]:
    described = connections.configure_settings({DEFAULT_DB_ALIAS: settings.SQLITE})
    connections.databases[OLD] = described[DEFAULT_DB_ALIAS]
    try:
        yield
    finally:
        connections[OLD].close()
        del connections.databases[OLD]


def _require_same_version() -> None:
    old, new = (_applied(name) for name in (OLD, DEFAULT_DB_ALIAS))
    if old != new:
        raise Refused(
            "database_older",
            f"The SQLite database in {settings.DATA} is of another version. Run `outtray migrate` "
            "without OUTTRAY_DATABASE_URL first.",
        )


def _applied(name: str) -> set[tuple[str, str]]:
    applied = MigrationRecorder(connections[name]).applied_migrations()
    return {step for step in applied if step[0] not in _OWN}


def _models() -> list[type[Model]]:
    """Ours and those of sessions and sign-in. Their order is free: PostgreSQL sees to foreign
    keys when the transaction ends."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and model._meta.app_label not in _OWN
    ]


def _copy(model: type[Model]) -> None:
    model._base_manager.using(DEFAULT_DB_ALIAS).all().delete()
    rows = model._base_manager.using(OLD).order_by("pk").iterator(chunk_size=AT_ONCE)
    batch: list[Model] = []
    for row in rows:
        batch.append(row)
        if len(batch) == AT_ONCE:
            model._base_manager.using(DEFAULT_DB_ALIAS).bulk_create(batch)
            batch = []
    model._base_manager.using(DEFAULT_DB_ALIAS).bulk_create(batch)


def _counted(model: type[Model]) -> int:
    """How many rows there are, on either side."""
    was, is_now = (model._base_manager.using(name).count() for name in (OLD, DEFAULT_DB_ALIAS))
    assert was == is_now, f"{model._meta.label}: {was} rows became {is_now}"
    return is_now


def _continue_numbers() -> None:
    """New rows are numbered after those that came with their numbers."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), _models()):
            cursor.execute(statement)


def _mark_as_copy() -> None:
    with connections[OLD].cursor() as cursor:
        cursor.execute(MARK_AS_COPY)
