"""Copies of a database send nothing unasked; what only starts again sends on."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from outtray.ops.fingerprint import COPY, here, settle_in, why_foreign
from outtray.outbox.standstill import is_held
from tests.ops.running import run, serving, until
from tests.ops.test_stopping import furnish, states
from tests.servers.scripted import ScriptedServer

LOCAL = {"OUTTRAY_ALLOW_LOCAL": "1"}
HOME: Mapping[str, Any] = {
    "folder": "f1", "inode": 11, "changed": 1_000, "machine": "m1", "cards": ["c1", "c2"],
}  # fmt: skip
CONTAINER: Mapping[str, Any] = {"folder": "f1", "inode": 11, "changed": 1_000}
CLUSTER: Mapping[str, Any] = {**CONTAINER, "database": 16384, "cluster": 7_301}


@pytest.mark.parametrize(
    ("stored", "found"),
    [
        ({}, HOME),
        (HOME, HOME),
        # Given to another user; on a file system that numbers its files at each mount.
        (HOME, {**HOME, "changed": 2_000}),
        (HOME, {**HOME, "inode": 12}),
        # A card was added, another one taken out.
        (HOME, {**HOME, "cards": ["c2", "c3"]}),
        # Into a container, out of it, and into the next one on the same volume.
        (HOME, CONTAINER),
        (CONTAINER, HOME),
        (CONTAINER, CONTAINER),
        # A worker that may not ask for the cluster's identity.
        (CLUSTER, {**CONTAINER, "database": 16384}),
    ],
)
def test_the_same_place_is_known_again(stored: dict[str, Any], found: dict[str, Any]) -> None:
    assert why_foreign(stored, found) == ""


@pytest.mark.parametrize(
    ("stored", "found", "why"),
    [
        (COPY, HOME, "is a copy"),
        (HOME, {**HOME, "folder": "f2"}, "another data folder"),
        (HOME, {**HOME, "inode": 12, "changed": 2_000}, "was copied"),
        (CONTAINER, {**CONTAINER, "inode": 12, "changed": 2_000}, "was copied"),
        (HOME, {**HOME, "machine": "m2"}, "another machine"),
        # A clone of the whole machine.
        (HOME, {**HOME, "cards": ["c8"]}, "another machine"),
        (CLUSTER, {**CLUSTER, "database": 16999}, "another place in PostgreSQL"),
        (CLUSTER, {**CLUSTER, "cluster": 7_302}, "another place in PostgreSQL"),
    ],
)
def test_another_place_is_told_from_the_old_one(
    stored: dict[str, Any], found: dict[str, Any], why: str
) -> None:
    assert why in why_foreign(stored, found)


def test_a_place_is_found_the_same_at_every_start(db: None) -> None:
    first, second = here(), here()

    assert first == second
    assert {"folder", "inode", "changed"} <= set(first)
    if connection.vendor == "postgresql":
        assert {"database", "cluster"} <= set(first)
        assert "machine" not in first, "workers are on many machines"


def test_a_copied_folder_sends_nothing_until_an_administrator_confirms(
    tmp_path: Path, smtp_server: ScriptedServer
) -> None:
    furnish(tmp_path / "original", smtp_server.port, emails=2)
    shutil.copytree(tmp_path / "original", tmp_path / "copy")

    with serving(tmp_path / "copy", **LOCAL) as server:
        shown = run(tmp_path / "copy", "delivery", "show")
        untouched = states(tmp_path / "copy"), smtp_server.connections
        released = run(tmp_path / "copy", "delivery", "release")
        smtp_server.wait_for_messages(2)
        server.process.terminate()
        said, _ = server.process.communicate(timeout=60)
    with serving(tmp_path / "copy", **LOCAL) as again:
        again.process.terminate()
        said_again, _ = again.process.communicate(timeout=60)

    assert "on hold   The data folder was copied." in said
    assert "The data folder was copied." in shown.stdout
    assert untouched == ({"queued": 2}, 0)
    assert released.stdout == "Delivery goes on.\n"
    assert "on hold" not in said_again


def test_a_folder_that_was_moved_and_started_again_sends_on(
    tmp_path: Path, smtp_server: ScriptedServer
) -> None:
    furnish(tmp_path / "old", smtp_server.port, emails=2)
    (tmp_path / "old").rename(tmp_path / "new")
    for path in (tmp_path / "new").rglob("*"):
        path.chmod(path.stat().st_mode)

    with serving(tmp_path / "new", **LOCAL):
        smtp_server.wait_for_messages(2)
        until(lambda: states(tmp_path / "new") == {"sent": 2})


def test_a_database_put_into_another_folder_sends_nothing(
    tmp_path: Path, smtp_server: ScriptedServer
) -> None:
    furnish(tmp_path / "original", smtp_server.port, emails=1)
    furnish(tmp_path / "other")
    shutil.copy(tmp_path / "original" / "outtray.sqlite3", tmp_path / "other")

    shown = run(tmp_path / "other", "delivery", "show")

    assert "The database stands in another data folder than before." in shown.stdout
    with closing(sqlite3.connect(tmp_path / "other" / "outtray.sqlite3")) as database:
        (stored,) = database.execute("SELECT fingerprint FROM outbox_installation").fetchone()
    assert json.loads(stored)["before"]["folder"] == str(tmp_path / "original")
    assert json.loads(stored)["at"]["folder"] == str(tmp_path / "other")


def test_a_backup_put_back_in_its_old_place_sends_nothing(
    tmp_path: Path, smtp_server: ScriptedServer
) -> None:
    data = tmp_path / "data"
    furnish(data, smtp_server.port, emails=1)
    run(data, "backup", str(tmp_path / "backup"))
    shutil.copy(tmp_path / "backup" / "outtray.sqlite3", data)

    shown = run(data, "delivery", "show")

    assert "The database is a copy" in shown.stdout


def test_delivery_can_be_held_by_hand(tmp_path: Path) -> None:
    furnish(tmp_path)

    held = run(tmp_path, "delivery", "hold", "We move to another machine.")
    again = run(tmp_path, "delivery", "hold", "And again.")
    shown = run(tmp_path, "delivery", "show")

    assert held.stdout == "Delivery is on hold.\n"
    assert (again.returncode, again.stderr) == (1, "outtray: Delivery is on hold already.\n")
    assert "We move to another machine." in shown.stdout


def test_the_original_of_a_backup_sends_on(tmp_path: Path, smtp_server: ScriptedServer) -> None:
    data = tmp_path / "data"
    furnish(data, smtp_server.port, emails=1)

    run(data, "backup", str(tmp_path / "backup"))

    assert run(data, "delivery", "show").stdout == "Delivery works.\n"
    with closing(sqlite3.connect(data / "outtray.sqlite3")) as database:
        (fingerprint,) = database.execute("SELECT fingerprint FROM outbox_installation").fetchone()
    assert "folder" in fingerprint


def test_a_backup_of_0_1_starts_on_hold_too(db: None, at: datetime) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("0.1 knew SQLite alone")
    settle_in(at=at)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA user_version = 3083")

    settle_in(at=at)

    assert is_held()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA user_version")
        assert cursor.fetchone() == (0,)
