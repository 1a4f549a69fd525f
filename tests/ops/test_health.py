"""What a watcher is told of the process."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from outtray.delivery import meters
from outtray.engine import base
from outtray.engine.embedded import EmbeddedEngine
from outtray.lib.blobs import FileBlobs
from outtray.lib.clock import SYSTEM
from outtray.ops import health
from outtray.outbox.standstill import hold_delivery

GOOD = {"database": "ok", "keys": "ok", "files": "ok", "delivery": "ok"}


@pytest.fixture(autouse=True)
def no_engine() -> Iterator[None]:
    """Whatever engine a test uses is not that of the next one."""
    yield
    base.use(base.NoEngine())


def test_all_is_well(client: Client, db: None) -> None:
    answer = client.get("/health/ready")

    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "checks": GOOD})


def test_being_ready_is_told_by_few_questions(client: Client, db: None) -> None:
    client.get("/health/ready")

    assert _questions(client) <= 4


def test_a_database_that_is_not_up_to_date_is_told(client: Client, db: None) -> None:
    MigrationRecorder(connection).record_unapplied("outbox", "0001_initial")

    answer = client.get("/health/ready")

    assert answer.status_code == 503
    assert answer.json()["status"] == "not ready"
    assert answer.json()["checks"] == {**GOOD, "database": "is not up to date"}


def test_a_key_ring_that_is_gone_is_told(
    client: Client, db: None, settings: Settings, tmp_path: Path
) -> None:
    settings.KEY_RING_FILE = tmp_path / "ring.json"

    answer = client.get("/health/ready")

    assert answer.status_code == 503
    assert answer.json()["checks"]["keys"] == "cannot be read"
    assert str(tmp_path) not in answer.text


def test_a_folder_of_files_that_cannot_be_written_is_told(
    client: Client, db: None, settings: Settings
) -> None:
    settings.BLOBS = FileBlobs(Path("/proc"))

    answer = client.get("/health/ready")

    assert answer.status_code == 503
    assert answer.json()["checks"]["files"] == "cannot be written"


def test_a_disk_without_room_is_told(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "ROOM", 2**70)

    answer = client.get("/health/ready")

    assert answer.status_code == 503
    assert answer.json()["checks"]["files"] == "are short of room"


def test_outcomes_that_cannot_be_stored_are_told_until_they_are(client: Client, db: None) -> None:
    email = uuid4()

    meters.cannot_store(email)
    during = client.get("/health/ready")
    meters.stored(email)
    after = client.get("/health/ready")

    assert (during.status_code, after.status_code) == (503, 200)
    assert during.json()["checks"]["delivery"] == "cannot store what it has sent"


def test_a_standstill_is_said_and_is_no_fault(client: Client, db: None, at: datetime) -> None:
    hold_delivery("It was copied.", at=at)

    answer = client.get("/health/ready")

    assert answer.status_code == 200
    assert answer.json()["checks"]["delivery"] == "on hold"


def test_a_process_whose_engine_ended_does_not_live(client: Client) -> None:
    engine = EmbeddedEngine((), threads=1, clock=SYSTEM)
    base.use(engine)
    before = client.get("/health/live")

    base.use(_Ended())
    after = client.get("/health/live")

    assert (before.status_code, before.json()["checks"]) == (200, {"engine": "ok"})
    assert (after.status_code, after.json()["checks"]) == (503, {"engine": "has ended"})


class _Ended(base.NoEngine):
    """An engine whose threads are gone."""

    is_alive = False


def _questions(client: Client) -> int:
    with CaptureQueriesContext(connection) as asked:
        client.get("/health/ready")
    return len(asked)
