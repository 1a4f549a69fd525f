"""A new database gets its tables in one go: they are those that all migrations would have made."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from tests.ops.running import ROOT, run

Shape = Mapping[str, object]


def test_a_new_database_is_as_its_migrations_would_have_made_it(tmp_path: Path) -> None:
    step_by_step, at_once = tmp_path / "steps", tmp_path / "once"
    step_by_step.mkdir()
    migrate = [sys.executable, "-m", "django", "migrate", "--settings", "outtray.config.settings"]
    of_folder = ["env", f"OUTTRAY_DATA={step_by_step}", "OUTTRAY_DATABASE_URL="]
    subprocess.run([*of_folder, *migrate], check=True, cwd=ROOT, capture_output=True)

    done = run(at_once, "migrate")

    assert done.returncode == 0, done.stderr
    assert _shape(at_once) == _shape(step_by_step)


def _shape(data: Path) -> Shape:
    """Tables with their columns and constraints, indexes, and the migrations that are noted."""
    with closing(sqlite3.connect(data / "outtray.sqlite3")) as database:
        kept = database.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        shape: dict[str, object] = {f"{kind} {name}": _parts(sql) for kind, name, sql in kept}
        noted = database.execute("SELECT app, name FROM django_migrations").fetchall()
    return {**shape, "migrations": sorted(noted)}


def _parts(sql: str) -> list[str]:
    """The statement in pieces and in order, for the order of columns tells nothing."""
    return sorted(re.split(r",\s*", sql.partition("(")[2].removesuffix(")").strip()))
