"""A backup, made from a real installation and started from again."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.ops.running import free_port, run, serving
from tests.servers.scripted import ScriptedServer


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six documents, of which one still waits for its recipient's full inbox."""
    server = ScriptedServer()
    server.answers("RCPT <achats@maison-lumiere.example>", "452 4.2.2 Mailbox full")
    data = tmp_path_factory.mktemp("installation") / "data"
    arguments = ("--data", str(data), "--smtp", f"localhost:{server.port}")
    run(data, "demo", "--exit", *arguments, "--port", str(free_port()))
    server.stop()
    return data


def test_a_restored_copy_has_everything_and_sends_nothing(
    installation: Path, tmp_path: Path
) -> None:
    with serving(installation):
        made = run(installation, "backup", str(tmp_path / "copy"))

    shutil.copytree(installation / "keys", tmp_path / "copy" / "keys")
    with serving(tmp_path / "copy") as restored:
        is_ready = restored.is_ready()
        restored.process.terminate()
        said, _ = restored.process.communicate(timeout=60)

    assert made.returncode == 0
    assert "6 documents, 6 emails" in made.stdout
    assert is_ready
    assert "on hold   The database is a copy" in said
    assert _states(installation) == _states(tmp_path / "copy") == {"sent": 5, "queued": 1}


def test_what_was_released_after_a_restore_is_not_held_again(
    installation: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    run(installation, "backup", str(copy), "--with-keys")

    released = run(copy, "delivery", "release")
    shown = run(copy, "delivery", "show")

    assert released.stdout == "Delivery goes on.\n"
    assert shown.stdout == "Delivery works.\n"


def test_keys_come_along_only_when_asked(installation: Path, tmp_path: Path) -> None:
    run(installation, "backup", str(tmp_path / "without.tar"))
    run(installation, "backup", str(tmp_path / "with.tar"), "--with-keys")

    without, with_keys = _names(tmp_path / "without.tar"), _names(tmp_path / "with.tar")

    assert with_keys - without == {"keys/ring.json", "keys/secret-key"}
    assert not any("key" in name for name in without)
    assert "outtray.sqlite3" in without
    assert stat.S_IMODE((tmp_path / "with.tar").stat().st_mode) == 0o600


def test_an_existing_target_is_left_alone(installation: Path, tmp_path: Path) -> None:
    (tmp_path / "copy.tar").write_text("yesterday's")

    refused = run(installation, "backup", str(tmp_path / "copy.tar"))

    assert refused.returncode == 1
    assert "exists already" in refused.stderr
    assert (tmp_path / "copy.tar").read_text() == "yesterday's"


def test_a_damaged_installation_makes_no_backup(installation: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged"
    shutil.copytree(installation, damaged)
    blob = next(path for path in sorted((damaged / "blobs").rglob("*")) if path.is_file())
    blob.write_bytes(b"something else")

    refused = run(damaged, "backup", str(tmp_path / "copy"))

    assert refused.returncode == 1
    assert "is damaged" in refused.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["damaged"]


def _states(data: Path) -> dict[str, int]:
    with closing(sqlite3.connect(data / "outtray.sqlite3")) as database:
        return dict(database.execute("SELECT state, count(*) FROM outbox_email GROUP BY state"))


def _names(tar: Path) -> set[str]:
    with tarfile.open(tar) as opened:
        return set(opened.getnames())
