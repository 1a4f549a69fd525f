from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from pytest_django import Settings

from outtray.cli.main import main
from tests.servers.names import name_server


def test_an_address_is_told_as_a_table_and_as_json(settings: Settings) -> None:
    with name_server() as zone:
        settings.DETECTION, settings.NAME_SERVERS = True, [zone.place]
        zone.says("nordwind.example", "MX", "10 mx00.ionos.de.")

        shown = CliRunner().invoke(main, ["detect", "ben@nordwind.example"])
        told = CliRunner().invoke(main, ["detect", "ben@nordwind.example", "--json"])

    assert (shown.exit_code, told.exit_code) == (0, 0)
    assert "host=smtp.ionos.de port=465 security=tls username=ben@nordwind.example" in shown.output
    assert json.loads(told.stdout)["best"]["settings"]["host"] == "smtp.ionos.de"


@pytest.mark.parametrize("arguments", [["nobody@nordwind.example"], ["no address"]])
def test_what_is_not_found_ends_with_status_1(arguments: list[str]) -> None:
    assert CliRunner().invoke(main, ["detect", *arguments]).exit_code == 1
