"""What is handed to systemd and Docker names files and commands that exist."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from outtray.cli.main import main

ROOT = Path(__file__).parents[2]
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))


def started_by_units() -> list[list[str]]:
    lines = [re.search(r"^ExecStart=(.+)$", unit.read_text(), re.MULTILINE) for unit in UNITS]
    return [found[1].replace("%i", "1").split()[1:] for found in lines if found]


def started_by_docker() -> list[list[str]]:
    compose = re.findall(
        r"^ +command: (\[.+\])$", (ROOT / "compose.yaml").read_text(), re.MULTILINE
    )
    image = re.findall(r"^CMD (\[.+\])$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    return [json.loads(words) for words in [*compose, *image]]


@pytest.mark.parametrize("words", [*started_by_units(), *started_by_docker()], ids=" ".join)
def test_what_is_started_is_a_command_with_options_that_it_has(words: list[str]) -> None:
    context = click.Context(main, **main.context_settings)
    command = main.get_command(context, words[0])

    assert command is not None
    command.make_context(words[0], words[1:], parent=context)


def test_the_image_is_made_of_files_that_are_sent_to_docker() -> None:
    copied = re.findall(
        r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE
    )
    sent = set(re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE))

    files = {name for line in copied for name in line.split()}

    assert files == sent
    assert all((ROOT / name).exists() for name in files)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_understands_the_units(unit: Path, tmp_path: Path) -> None:
    trial = tmp_path / unit.name.replace("@", "@1")
    text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", unit.read_text(), flags=re.MULTILINE)
    trial.write_text(text)

    verified = subprocess.run(
        ["systemd-analyze", "verify", trial], capture_output=True, text=True, check=False
    )

    assert (verified.returncode, verified.stderr) == (0, "")
