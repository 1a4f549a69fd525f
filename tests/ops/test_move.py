"""An installation moves from its SQLite into a PostgreSQL, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from tests.ops.running import free_port, run, serving
from tests.ops.test_serve_together import url
from tests.servers.scripted import ScriptedServer

if not settings.IS_CLUSTER:
    pytest.skip("needs a PostgreSQL: make test DATABASE=postgresql", allow_module_level=True)

__all__ = ["url"]


@pytest.fixture
def installation(tmp_path: Path, smtp_server: ScriptedServer) -> Path:
    """Six documents, of which one still waits for its recipient's full inbox."""
    smtp_server.answers("RCPT <achats@maison-lumiere.example>", "452 4.2.2 Mailbox full")
    data = tmp_path / "data"
    arguments = ("--data", str(data), "--smtp", f"localhost:{smtp_server.port}")
    run(data, "demo", "--exit", *arguments, "--port", str(free_port()))
    return data


def test_all_is_there_afterwards_and_the_file_sends_nothing_any_more(
    installation: Path, url: str
) -> None:
    moved = run(installation, "move", OUTTRAY_DATABASE_URL=url)
    with serving(installation, OUTTRAY_DATABASE_URL=url) as server:
        is_ready = server.is_ready()
    again = run(installation, "move", OUTTRAY_DATABASE_URL=url)
    old = run(installation, "delivery", "show")
    new = run(installation, "delivery", "show", OUTTRAY_DATABASE_URL=url)

    assert moved.returncode == 0, moved.stderr
    assert "moved     6 documents" in moved.stdout
    assert is_ready
    assert _states(url) == {"sent": 5, "queued": 1}
    assert _inserts_after_what_came(url)
    assert again.stderr == "outtray: The PostgreSQL has data already. Name an empty one.\n"
    assert "The database is a copy" in old.stdout
    assert new.stdout == "Delivery works.\n"


def test_there_must_be_something_to_move_and_somewhere_to_go(tmp_path: Path, url: str) -> None:
    nothing = run(tmp_path, "move", OUTTRAY_DATABASE_URL=url)
    nowhere = run(tmp_path, "move")

    assert nothing.stderr == f"outtray: There is no SQLite database in {tmp_path}.\n"
    assert nowhere.stderr == "outtray: OUTTRAY_DATABASE_URL names no PostgreSQL to move to.\n"


def _states(url: str) -> dict[str, int]:
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT state, count(*) FROM outbox_email GROUP BY state")
        return dict(rows.fetchall())


def _inserts_after_what_came(url: str) -> bool:
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT nextval(pg_get_serial_sequence('outbox_event', 'id')) > max(id)"
            " FROM outbox_event"
        ).fetchone()
    return bool(row and row[0])
