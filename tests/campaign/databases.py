"""A fresh database for each schedule: a copy of a migrated one, on a disk that can be full."""

from __future__ import annotations

import os
import pwd
import resource
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import connections

from outtray.lib.blobs import FileBlobs
from outtray.lib.sealing import new_ring, save_ring
from outtray.ops.database import up_to_date
from tests.campaign.disk import SmallDisk

FOUNDED_AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
MAILBOXES = 3


class Database(Protocol):
    """What a schedule needs of a database, whichever it is."""

    def found(self, populate: Callable[[], None]) -> None:
        """Make the one that all others are copies of."""

    def begin(self) -> None:
        """Let the product use a fresh copy."""

    def fill_disk(self, workers: Iterable[int]) -> None:
        """From now on there is no room, for these processes at least."""

    def make_room(self, workers: Iterable[int]) -> None:
        """There is room again."""

    def cut_connections(self) -> None:
        """Break all connections."""

    def restart(self) -> None:
        """End at once, and come back."""

    def end(self) -> None:
        """Remove the copy."""


class SQLite:
    """One file a schedule, and its blobs beside it."""

    def __init__(self, disk: SmallDisk, folder: Path) -> None:
        self._disk = disk
        self._template = folder / "template.sqlite3"
        self._here = disk.folder / "schedule"

    def found(self, populate: Callable[[], None]) -> None:
        _use(self._template)
        _prepare(populate)
        connections.close_all()

    def begin(self) -> None:
        shutil.rmtree(self._here, ignore_errors=True)
        self._here.mkdir()
        settings.BLOBS = FileBlobs(self._here / "blobs")
        _use(shutil.copyfile(self._template, self._here / "outtray.sqlite3"))

    def fill_disk(self, workers: Iterable[int]) -> None:
        if self._disk.can_be_filled:
            self._disk.fill()
            return
        for pid in workers:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))

    def make_room(self, workers: Iterable[int]) -> None:
        self._disk.make_room()
        if not self._disk.can_be_filled:
            for pid in workers:
                limits = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
                resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)

    def cut_connections(self) -> None:
        """There are none."""

    def restart(self) -> None:
        """It is not a process."""

    def end(self) -> None:
        connections.close_all()
        shutil.rmtree(self._here)


class Cluster:
    """A database a schedule, in a table space on the small disk."""

    def __init__(self, disk: SmallDisk, folder: Path) -> None:
        from tests.servers.postgresql import PostgreSQL

        self._disk = disk
        self._server = PostgreSQL(folder / "postgresql", durable=True)
        self._blobs = folder / "blobs"
        self._number = 0
        self._is_full = False
        if disk.can_be_filled:
            place = disk.folder / "tables"
            place.mkdir()
            os.chown(place, pwd.getpwnam("postgres").pw_uid, -1)
            self._command(f"CREATE TABLESPACE small LOCATION '{place}'")

    def found(self, populate: Callable[[], None]) -> None:
        space = "TABLESPACE small" if self._disk.can_be_filled else ""
        self._command(f"CREATE DATABASE founded {space}")
        self._point_at("founded")
        settings.BLOBS = FileBlobs(self._blobs)
        _prepare(populate)
        connections.close_all()

    def begin(self) -> None:
        self._number += 1
        name = f"schedule_{self._number}"
        self._command(f"CREATE DATABASE {name} TEMPLATE founded")
        self._point_at(name)

    def fill_disk(self, workers: Iterable[int]) -> None:
        if self._disk.can_be_filled:
            self._disk.fill()
            self._is_full = True

    def make_room(self, workers: Iterable[int]) -> None:
        self._disk.make_room()
        self._is_full = False
        self._server.recover()

    def cut_connections(self) -> None:
        """A server that is down, for its disk is full, has cut them itself."""
        import psycopg

        with suppress(psycopg.OperationalError):
            self._command(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                f"WHERE datname = 'schedule_{self._number}'"
            )

    def restart(self) -> None:
        """Not on a full disk: there it may not come back."""
        if not self._is_full:
            self._server.crash()

    def end(self) -> None:
        connections.close_all()
        self._server.drop_database(f"schedule_{self._number}")
        shutil.rmtree(self._blobs, ignore_errors=True)

    def stop(self) -> None:
        self._server.stop()

    def _command(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self._server.url(), autocommit=True) as connection:
            connection.execute(statement)

    def _point_at(self, name: str) -> None:
        connections.close_all()
        connections["default"].settings_dict.update(
            NAME=name, PORT=str(self._server.port), HOST="127.0.0.1"
        )


def _use(file: Path) -> None:
    connections.close_all()
    connections["default"].settings_dict["NAME"] = file


def _prepare(populate: Callable[[], None]) -> None:
    settings.KEY_RING_FILE.parent.mkdir(parents=True, exist_ok=True)
    save_ring(new_ring(), settings.KEY_RING_FILE)
    up_to_date(apply=True)
    populate()
