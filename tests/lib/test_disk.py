"""A full disk is told from other troubles, by what the system and SQLite really say."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from outtray.lib.disk import is_full


def test_a_full_device_is_a_full_disk() -> None:
    full = Path("/dev/full").open("wb", buffering=0)  # noqa: SIM115 - closed below
    with full, pytest.raises(OSError, match="No space left") as told:
        full.write(b"x")

    assert is_full(told.value)


def test_a_full_database_is_a_full_disk_under_any_wrapper() -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("PRAGMA max_page_count = 1")
        with pytest.raises(sqlite3.Error) as told:
            database.execute("CREATE TABLE t (a)")

    wrapped = RuntimeError("it broke")
    wrapped.__cause__ = told.value
    assert is_full(wrapped)


def test_other_troubles_are_no_full_disk(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as told:
        (tmp_path / "missing").read_bytes()

    assert not is_full(told.value)
    assert not is_full(sqlite3.OperationalError("no such table: full"))
