"""The database: reached, one that we can use, and brought up to date by one process at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, NotSupportedError, OperationalError, connection
from django.db.migrations.exceptions import MigrationSchemaMissing
from django.db.migrations.executor import MigrationExecutor

from outtray.lib.disk import is_full
from outtray.lib.errors import Refused

_MIGRATES = 0x0C0B0001  # the number of the advisory lock
BY_STEPS = frozenset({"procrastinate"})  # whose migrations make functions and triggers


def up_to_date(*, apply: bool) -> tuple[str, ...]:
    """See that the database can be used; with `apply`, bring an older one up to this version.

    Answers the steps that were taken. Several processes may ask at the same time.
    """
    _refuse_read_only()
    with _speaking_database():
        _refuse_encoding()
        with _alone():
            return _migrated(apply=apply)


def name_of_database() -> str:
    """How a sentence calls the database."""
    told = settings.DATABASES["default"]
    if not settings.IS_CLUSTER:
        return f"The database in {settings.DATA}"
    return f"The database {told['NAME']} at {told['HOST'] or 'this machine'}"


def _migrated(*, apply: bool) -> tuple[str, ...]:
    executor = MigrationExecutor(connection)
    _refuse_newer(executor)
    graph = executor.loader.graph
    steps = [
        f"{migration.app_label} {migration.name}"
        for migration, backwards in executor.migration_plan(graph.leaf_nodes())
        if not backwards
    ]
    if steps and not apply:
        raise Refused(
            "database_older",
            f"{name_of_database()} is not up to date. Run `outtray migrate` first.",
        )
    is_new = not executor.loader.applied_migrations
    if steps:
        if is_new:
            _make_tables(executor)
        call_command("migrate", interactive=False, verbosity=0)
    return () if is_new else tuple(steps)


def _make_tables(executor: MigrationExecutor) -> None:
    """Give an empty database its tables as they are now, and note the migrations as done.

    One after the other they would take ten times as long, and what they do to rows concerns
    none here.
    """
    executor.recorder.ensure_schema()
    with connection.schema_editor(atomic=True) as editor:
        for config in apps.get_app_configs():
            for model in config.get_models() if config.label not in BY_STEPS else ():
                editor.create_model(model)
        note_as_done(executor)


def note_as_done(executor: MigrationExecutor) -> None:
    """Note of all migrations but those that must run that they have."""
    for app, name in executor.loader.graph.nodes:
        if app not in BY_STEPS:
            executor.recorder.record_applied(app, name)


@contextmanager
def _alone() -> Iterator[None]:
    """On PostgreSQL, where no lock on the data folder keeps a second server away, wait for it."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATES])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATES])


def _refuse_read_only() -> None:
    """A database that can only be read is told of at the start, not by the first email."""
    for file in settings.DATA.glob("outtray.sqlite3*"):
        if not settings.IS_CLUSTER and not os.access(file, os.R_OK | os.W_OK):
            raise Refused(
                "folder_not_writable",
                f"{file} cannot be written. Give it to the user that runs Outtray.",
            )


def _refuse_encoding() -> None:
    """Names in all languages need a database that can write them."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_encoding")
        (encoding,) = cursor.fetchone()
    if encoding != "UTF8":
        raise Refused(
            "database_encoding",
            f"{name_of_database()} is written in {encoding}, which cannot hold every name. "
            "Create it again with the encoding UTF8.",
        )


def _refuse_newer(executor: MigrationExecutor) -> None:
    known, applied = executor.loader.disk_migrations, executor.loader.applied_migrations
    ours = {app for app, _ in known or {}}
    foreign = sorted(step for step in applied if step[0] in ours and step not in (known or {}))
    if foreign:
        raise Refused(
            "database_newer",
            f"{name_of_database()} was written by a newer Outtray "
            f"({_named(foreign)}). Install that version again, or restore an older backup.",
        )


def _named(steps: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f"{app} {name}" for app, name in steps[:3])


@contextmanager
def _speaking_database() -> Iterator[None]:
    """Turn what the database says of itself, its folder or the disk into a refusal."""
    try:
        yield
    except (DatabaseError, MigrationSchemaMissing) as problem:
        refusal = said_by_postgresql(problem) if settings.IS_CLUSTER else _of_sqlite(problem)
        if refusal is None:
            raise
        raise refusal from problem


def _of_sqlite(problem: Exception) -> Refused | None:
    data, said = settings.DATA, str(problem)
    if is_full(problem):
        return Refused("disk_full", f"The disk that holds {data} is full. Make room first.")
    if "readonly" in said or "unable to open" in said:
        return Refused(
            "folder_not_writable",
            f"The database in {data} cannot be written ({said}). "
            "Give the folder to the user that runs Outtray.",
        )
    if "not a database" in said or "malformed" in said:
        return Refused(
            "database_damaged", f"The database in {data} is damaged ({said}). Restore a backup."
        )
    return None


def said_by_postgresql(problem: Exception) -> Refused | None:
    """The refusal for what PostgreSQL says of itself; None for what is a fault of ours."""
    said = " ".join(str(problem).split())
    if isinstance(problem, NotSupportedError):
        return Refused(
            "database_too_old",
            f"{name_of_database()} cannot be used: {said} Bring its server up to date.",
        )
    if isinstance(problem, MigrationSchemaMissing) or "permission denied" in said:
        return Refused(
            "database_not_ours",
            f"{name_of_database()} does not let its user make tables ({said}). "
            "Make that user the owner of the database.",
        )
    if isinstance(problem, OperationalError):
        return Refused(
            "database_unreachable",
            f"{name_of_database()} cannot be reached ({said}). OUTTRAY_DATABASE_URL names it.",
        )
    return None
