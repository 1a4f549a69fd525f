"""A small fixed part of the crash campaign, for every test run."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.campaign.schedule import Kind, draw
from tests.servers.ledger_kinds import KINDS
from tests.servers.presence import lacking

ROOT = Path(__file__).parents[2]
SCHEDULES = 10
FEW = 2  # where SMTP has shown already what the engine does


def campaign(
    database: str, *, seed: int, schedules: int, transport: str = "smtp"
) -> tuple[dict[str, Any], str]:
    """The figures of a run that went well, and what it said."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tests.campaign", "--json", "--verbose", "--parts", "2"),
            *("--database", database, "--transport", transport),
            *("--seed", str(seed), "--schedules", str(schedules)),
        ],
        capture_output=True,
        text=True,
        timeout=600,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures, done.stderr


@pytest.mark.crash
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_whatever_dies_nothing_is_lost_and_nothing_is_doubled(database: str) -> None:
    if database == "postgresql" and not any(Path("/usr/lib/postgresql").glob("*/bin/postgres")):
        lacking("PostgreSQL is not installed (Debian's package postgresql)")

    figures, told = campaign(database, seed=1, schedules=SCHEDULES)

    assert (figures["schedules"], figures["lost"], figures["doubled"]) == (SCHEDULES, 0, 0), told
    assert figures[database]["wrong"] == 0


@pytest.mark.crash
@pytest.mark.parametrize("transport", [kind for kind in KINDS if kind != "smtp"])
def test_by_whatever_way_mail_leaves_nothing_is_lost_and_nothing_is_doubled(transport: str) -> None:
    figures, told = campaign("sqlite", seed=1, schedules=FEW, transport=transport)

    assert (figures["schedules"], figures["lost"], figures["doubled"]) == (FEW, 0, 0), told
    assert figures["accepted"] > 0


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_seed_decides_all_of_a_schedule(database: str) -> None:
    assert draw(7, database=database) == draw(7, database=database)
    assert draw(7, database=database) != draw(8, database=database)


def test_schedules_hold_every_kind_of_fault() -> None:
    drawn = [draw(seed, database="postgresql") for seed in range(200)]

    assert {fault.kind for schedule in drawn for fault in schedule.faults} == set(Kind)
    assert {schedule.workers for schedule in drawn} == {1, 2, 3, 4}
    assert all(5 <= schedule.emails <= 20 for schedule in drawn)
    assert all(1 <= len(schedule.faults) <= 6 for schedule in drawn)
