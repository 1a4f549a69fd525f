"""What needs no database: help, and a folder that is not there yet."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from outtray.cli.main import main


def commands(group: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """All commands, with those of groups."""
    yield path
    if isinstance(group, click.Group):
        context = click.Context(group)
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None, name
            yield from commands(command, (*path, name))


@pytest.mark.parametrize("path", [path for path in commands(main) if path], ids=" ".join)
def test_every_command_has_help_with_an_example(path: tuple[str, ...]) -> None:
    result = CliRunner().invoke(main, [*path, "--help"])

    assert result.exit_code == 0
    assert "Example:" in result.stdout
    assert f"outtray {path[0]}" in result.stdout


def test_an_unknown_command_is_a_wrong_use() -> None:
    assert CliRunner().invoke(main, ["teleport"]).exit_code == 2


def outtray(*arguments: str, data: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "OUTTRAY_DATA": str(data)}  # noqa: TID251 - of a child
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(
        [sys.executable, "-m", "outtray", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_fresh_folder_is_made_ready_step_by_step(tmp_path: Path) -> None:
    early = outtray("queue", data=tmp_path)
    migrated = outtray("migrate", data=tmp_path)
    founded = outtray(
        "person", "add", "anna@nordwind.example", "--name", "Anna", "--new-company", "Nordwind",
        data=tmp_path,
    )  # fmt: skip
    listed = outtray("queue", data=tmp_path)

    assert early.returncode == 1
    assert "outtray migrate" in early.stderr
    assert migrated.returncode == founded.returncode == listed.returncode == 0, founded.stderr
    assert "Choose a password: http" in founded.stdout
    assert listed.stdout == "no emails\n"


def test_help_touches_no_folder(tmp_path: Path) -> None:
    result = outtray("send", "--help", data=tmp_path / "not there")

    assert result.returncode == 0
    assert not (tmp_path / "not there").exists()
