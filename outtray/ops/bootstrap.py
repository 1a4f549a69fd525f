"""Everything that must be there before anything can be done: folder, keys, tables.

Each step does nothing where its result already exists, so preparing twice is harmless.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.exceptions import MigrationSchemaMissing
from django.db.migrations.executor import MigrationExecutor

from outtray.lib.clock import now
from outtray.lib.disk import is_full
from outtray.lib.errors import Refused
from outtray.lib.sealing import load_ring, new_ring, save_ring
from outtray.ops.folder import make_folder, place_once, speaking, write_once
from outtray.ops.restored import hold_if_restored


@dataclass(frozen=True, slots=True)
class Prepared:
    """What stands ready.

    `migrated` names the steps by which an older database was brought up; `held` counts the
    emails that were put on hold because the database came from a backup.
    """

    data: Path
    migrated: tuple[str, ...]
    held: int


def prepare(*, migrate: bool = True) -> Prepared:
    """Make what is missing of this installation.

    Refuses, in one sentence, when the folder cannot be written, the disk is full, or the
    database was written by a newer Outtray; with `migrate` off also when it is older.
    """
    data = make_folder(settings.DATA)
    _make_keys()
    migrated = _migrate(apply=migrate)
    return Prepared(data, migrated, hold_if_restored(at=now()))


def _make_keys() -> None:
    ring_file: Path = settings.KEY_RING_FILE
    make_folder(ring_file.parent)
    if not ring_file.exists():
        with speaking(ring_file.parent), tempfile.TemporaryDirectory(dir=ring_file.parent) as own:
            save_ring(new_ring(), Path(own, "ring"))
            place_once(Path(own, "ring"), ring_file)
    _refuse_unusable_ring(ring_file)
    if not settings.SECRET_KEY_GIVEN:
        make_folder(settings.SECRET_KEY_FILE.parent)
        # The one in use, so that what this process signs stays valid after it.
        write_once(settings.SECRET_KEY_FILE, settings.SECRET_KEY)


def _refuse_unusable_ring(ring_file: Path) -> None:
    try:
        load_ring(ring_file)
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise Refused(
            "key_ring_unreadable",
            f"The key ring {ring_file} cannot be read ({reason}). "
            "Give it to the user that runs Outtray.",
        ) from problem
    except (ValueError, LookupError, TypeError) as problem:
        raise Refused(
            "key_ring_damaged",
            f"The key ring {ring_file} is damaged, and without it no password of a mailbox can "
            "be opened. Put your copy of it in its place.",
        ) from problem


def _migrate(*, apply: bool) -> tuple[str, ...]:
    _refuse_read_only()
    with _speaking_database():
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
                f"The database in {settings.DATA} is not up to date. Run `outtray migrate` first.",
            )
        if steps:
            call_command("migrate", interactive=False, verbosity=0)
        is_new = not executor.loader.applied_migrations
    return () if is_new else tuple(steps)


def _refuse_read_only() -> None:
    """A database that can only be read is told of at the start, not by the first email."""
    for file in settings.DATA.glob("outtray.sqlite3*"):
        if not os.access(file, os.R_OK | os.W_OK):
            raise Refused(
                "folder_not_writable",
                f"{file} cannot be written. Give it to the user that runs Outtray.",
            )


def _refuse_newer(executor: MigrationExecutor) -> None:
    known, applied = executor.loader.disk_migrations, executor.loader.applied_migrations
    ours = {app for app, _ in known or {}}
    foreign = sorted(step for step in applied if step[0] in ours and step not in (known or {}))
    if foreign:
        raise Refused(
            "database_newer",
            f"The database in {settings.DATA} was written by a newer Outtray "
            f"({_named(foreign)}). Install that version again, or restore an older backup.",
        )


def _named(steps: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f"{app} {name}" for app, name in steps[:3])


@contextmanager
def _speaking_database() -> Iterator[None]:
    """Turn what SQLite says of the folder, the disk or its file into a refusal."""
    try:
        yield
    except (DatabaseError, MigrationSchemaMissing) as problem:
        refusal = _refusal(problem)
        if refusal is None:
            raise
        raise refusal from problem


def _refusal(problem: Exception) -> Refused | None:
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
