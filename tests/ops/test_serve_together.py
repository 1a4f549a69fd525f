"""Serving processes that share a PostgreSQL and a data folder, with and without workers."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import NotSupportedError

from outtray.config import env
from outtray.lib.errors import Refused
from outtray.ops.database import said_by_postgresql
from tests.ops.running import ROOT, command, run, serving

if not settings.IS_CLUSTER:
    pytest.skip("needs a PostgreSQL: make test DATABASE=postgresql", allow_module_level=True)


@pytest.fixture
def url() -> Iterator[str]:
    """An empty database of its own."""
    server = env.text("OUTTRAY_DATABASE_URL")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS together WITH (FORCE)")
        connection.execute("CREATE DATABASE together")
        yield f"{server.rpartition('/')[0]}/together"
        connection.execute("DROP DATABASE together WITH (FORCE)")


def test_a_first_start_prepares_an_empty_database_and_a_second_server_joins(
    tmp_path: Path, url: str
) -> None:
    with (
        serving(tmp_path, OUTTRAY_DATABASE_URL=url) as first,
        serving(tmp_path, OUTTRAY_DATABASE_URL=url) as second,
    ):
        statuses = [server.status_of("/health/ready") for server in (first, second)]

    assert statuses == [200, 200]
    assert not (tmp_path / "outtray.sqlite3").exists()


def test_a_url_may_stand_in_a_file(tmp_path: Path, url: str) -> None:
    secret = tmp_path / "database-url"
    secret.write_text(f"{url}\n")

    migrated = run(tmp_path, "migrate", OUTTRAY_DATABASE_URL_FILE=str(secret))

    assert migrated.returncode == 0, migrated.stderr
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM outbox_email").fetchone() == (0,)


def test_a_worker_waits_for_no_migration_it_is_told_to_make_one(tmp_path: Path, url: str) -> None:
    assert run(tmp_path, "migrate").returncode == 0

    refused = run(tmp_path, "worker", OUTTRAY_DATABASE_URL=url)

    assert refused.returncode == 1
    assert "is not up to date. Run `outtray migrate` first." in refused.stderr


def test_serving_without_delivery_needs_workers(tmp_path: Path) -> None:
    refused = run(tmp_path, "serve", "--no-delivery")

    assert refused.returncode == 1
    assert refused.stderr.startswith("outtray: With SQLite nobody else delivers.")


def test_processes_that_start_together_prepare_the_database_once(tmp_path: Path, url: str) -> None:
    migrating = [
        subprocess.Popen(
            command(tmp_path, "migrate", OUTTRAY_DATABASE_URL=url),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=ROOT,
        )
        for _ in range(3)
    ]

    said = [process.communicate()[0] for process in migrating]

    assert [process.returncode for process in migrating] == [0, 0, 0], said


def test_a_copy_of_a_postgresql_is_made_with_its_own_tools(tmp_path: Path, url: str) -> None:
    assert run(tmp_path, "migrate", OUTTRAY_DATABASE_URL=url).returncode == 0

    refused = run(tmp_path, "backup", str(tmp_path / "copy"), OUTTRAY_DATABASE_URL=url)

    assert refused.returncode == 1
    assert "pg_dump" in refused.stderr
    assert not (tmp_path / "copy").exists()


def test_a_server_that_is_too_old_is_said_in_one_sentence() -> None:
    problem = NotSupportedError("PostgreSQL 14 or later is required (found 13.21).")

    refused = said_by_postgresql(problem)

    assert isinstance(refused, Refused)
    assert refused.code == "database_too_old"
    assert "(found 13.21)" in refused.detail
