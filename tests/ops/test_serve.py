"""The serving process, started as its user starts it."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
from pathlib import Path

import pytest

from tests.ops.running import command, run, serving
from tests.servers.presence import require


def test_the_first_start_makes_folder_keys_and_database_and_prints_the_link(
    tmp_path: Path,
) -> None:
    data = tmp_path / "outtray"

    with serving(data) as server:
        assert server.status_of("/health/live") == 200
        server.process.send_signal(signal.SIGTERM)
        said, _ = server.process.communicate(timeout=60)

    assert f"http://127.0.0.1:{server.port}/start/" in said
    assert str(data) in said
    assert server.process.returncode == 0
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    for secret in ("ring.json", "secret-key", "setup-token"):
        assert stat.S_IMODE((data / "keys" / secret).stat().st_mode) == 0o600
    assert (data / "outtray.sqlite3").exists()


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_serving_in_peace(tmp_path: Path, ending: signal.Signals) -> None:
    with serving(tmp_path) as server:
        server.process.send_signal(ending)
        said, _ = server.process.communicate(timeout=60)

    assert server.process.returncode == 0
    assert "Traceback" not in said


def test_keys_stay_the_same_over_a_second_start(tmp_path: Path) -> None:
    run(tmp_path, "migrate")
    keys = {path.name: path.read_text() for path in (tmp_path / "keys").iterdir()}

    again = run(tmp_path, "migrate")

    assert again.stdout == "The database is up to date.\n"
    assert {path.name: path.read_text() for path in (tmp_path / "keys").iterdir()} == keys
    assert set(keys) == {"ring.json", "secret-key"}


def test_two_servers_never_share_a_folder(tmp_path: Path) -> None:
    with serving(tmp_path) as first:
        second = run(tmp_path, "serve", "--port", str(first.port + 1))

    assert second.returncode == 1
    assert second.stderr == (
        f"outtray: Another Outtray (process {first.process.pid}) is already serving from "
        f"{tmp_path}. Stop it first, or give this one a folder of its own in OUTTRAY_DATA.\n"
    )


def test_a_killed_server_leaves_no_lock(tmp_path: Path) -> None:
    with serving(tmp_path) as first:
        first.process.kill()
        first.process.wait(timeout=60)

    with serving(tmp_path) as second:
        assert second.is_ready()


def test_a_taken_port_is_said_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        refused = run(tmp_path, "serve", "--port", str(port))

    assert refused.returncode == 1
    assert refused.stderr == (
        f"outtray: Port {port} on 127.0.0.1 is taken by another program. "
        "End that one, or choose another port with --port.\n"
    )


def test_a_folder_that_cannot_be_written_is_said_in_one_sentence(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")

    for folder in (in_the_way, in_the_way / "below", Path("/proc/outtray")):
        refused = run(folder, "serve")

        assert refused.returncode == 1
        assert refused.stderr.startswith(f"outtray: The folder {folder} cannot be written")
        assert refused.stderr.count("\n") == 1


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    run(tmp_path, "migrate")
    _apply_unknown_migration(tmp_path / "outtray.sqlite3")

    refused = run(tmp_path, "serve")

    assert refused.returncode == 1
    assert "was written by a newer Outtray (outbox 0999_tomorrow)" in refused.stderr


def test_a_damaged_database_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "outtray.sqlite3").write_bytes(b"no database at all " * 400)

    refused = run(tmp_path, "serve")

    assert refused.returncode == 1
    assert "is damaged (file is not a database). Restore a backup.\n" in refused.stderr


def test_a_database_that_can_only_be_read_stops_the_start(tmp_path: Path) -> None:
    run(tmp_path, "migrate")
    (tmp_path / "outtray.sqlite3").chmod(0o400)

    refused = subprocess.run(
        [*_without_privileges(), *command(tmp_path, "serve")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert refused.returncode == 1
    assert refused.stderr == (
        f"outtray: {tmp_path / 'outtray.sqlite3'} cannot be written. "
        "Give it to the user that runs Outtray.\n"
    )


def test_a_damaged_key_ring_stops_the_start(tmp_path: Path) -> None:
    run(tmp_path, "migrate")
    (tmp_path / "keys" / "ring.json").write_text("{}")

    refused = run(tmp_path, "serve")

    assert refused.returncode == 1
    assert f"The key ring {tmp_path / 'keys' / 'ring.json'} is damaged" in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_log_lines_are_json_where_that_is_wished(tmp_path: Path) -> None:
    with serving(tmp_path, OUTTRAY_LOG_FORMAT="json") as server:
        assert server.status_of("/", host="another.example") == 400
        server.process.send_signal(signal.SIGTERM)
        said, _ = server.process.communicate(timeout=60)

    lines = [line for line in said.splitlines() if line.startswith("{")]
    assert lines
    assert all(json.loads(line)["level"] for line in lines)


def _without_privileges() -> list[str]:
    """Before a command: takes root's power to write what nobody may write."""
    if os.geteuid() != 0:
        return []
    setpriv = require("setpriv", "util-linux")
    return [str(setpriv), "--inh-caps=-all", "--bounding-set=-all"]


def _apply_unknown_migration(database: Path) -> None:
    import sqlite3

    connection = sqlite3.connect(database)
    with connection:
        connection.execute(
            "INSERT INTO django_migrations (app, name, applied) "
            "VALUES ('outbox', '0999_tomorrow', '2027-01-01')"
        )
    connection.close()
