"""Servers of this machine play the part of providers only where local addresses are admitted."""

from __future__ import annotations

import subprocess
import sys

import pytest

from outtray.config import env


def settings_with(**variables: str) -> subprocess.CompletedProcess[str]:
    """A fresh process that reads the settings."""
    told = [f"{name}={value}" for name, value in variables.items()]
    code = "from outtray.config import settings; print(settings.STAND_INS)"
    command = ["env", "-u", "OUTTRAY_ALLOW_LOCAL", *told, sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_they_need_local_addresses_to_be_admitted() -> None:
    done = settings_with(OUTTRAY_STAND_INS="google=http://127.0.0.1:4000/google")

    assert done.returncode != 0
    assert "OUTTRAY_STAND_INS needs OUTTRAY_ALLOW_LOCAL=1" in done.stderr


def test_each_has_a_name_and_an_address() -> None:
    done = settings_with(
        OUTTRAY_ALLOW_LOCAL="1", OUTTRAY_STAND_INS="google=http://a/,graph=http://b/?x=1"
    )

    assert done.stdout.strip() == "{'google': 'http://a/', 'graph': 'http://b/?x=1'}"


@pytest.mark.parametrize("value", ["google", "google=", "yahoo=http://a/", "=http://a/"])
def test_what_makes_no_sense_stops_the_start(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("OUTTRAY_STAND_INS", value)

    with pytest.raises(env.SettingError, match=r"must be google=\.\.\., graph="):
        env.pairs("OUTTRAY_STAND_INS", among=("google", "graph"))
