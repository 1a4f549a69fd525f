"""`outtray probe --service gmail` and `--service ews`, each against a server of this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from outtray.cli.main import main
from outtray.transports.gmail import scopes
from tests.servers.authority import Authority
from tests.servers.ews import PASSWORD, EwsServer
from tests.servers.gmail import GmailServer

TOKEN = "ya29.first-token"


@pytest.fixture(autouse=True)
def local(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTTRAY_ALLOW_LOCAL", "1")


@pytest.fixture
def gmail() -> Iterator[GmailServer]:
    server = GmailServer()
    server.grants(TOKEN, scopes.SEND)
    yield server
    server.stop()


def in_file(tmp_path: Path, secret: str) -> str:
    file = tmp_path / "secret.txt"
    file.write_text(f"{secret}\n")
    return str(file)


def test_a_mailbox_at_google_passes_with_a_token_that_tells_nothing_of_itself(
    gmail: GmailServer, tmp_path: Path
) -> None:
    result = CliRunner().invoke(
        main,
        [
            *("probe", "--service", "gmail", "--address", "ben@nordwind.example"),
            *("--endpoint", gmail.url, "--token-file", in_file(tmp_path, TOKEN), "--json"),
        ],
    )

    told = json.loads(result.stdout)
    assert (result.exit_code, told["explanation"]) == (0, None), told
    assert [finding["stage"] for finding in told["findings"]][-1] == "send"


def test_a_token_that_has_ended_is_explained(gmail: GmailServer, tmp_path: Path) -> None:
    result = CliRunner().invoke(
        main,
        [
            *("probe", "--service", "gmail", "--address", "ben@nordwind.example"),
            *("--endpoint", gmail.url, "--token-file", in_file(tmp_path, "ya29.old"), "--json"),
        ],
    )

    told = json.loads(result.stdout)
    assert result.exit_code == 1
    assert not told["findings"][-1]["ok"]
    assert told["explanation"]["steps"]
    assert "ya29.old" not in result.output


def test_a_mailbox_on_exchange_passes(
    ews_server: EwsServer, authority: Authority, tmp_path: Path
) -> None:
    result = CliRunner().invoke(
        main,
        [
            *("probe", "--service", "ews", "--uri", ews_server.uri()),
            *("--domain", "nordwind.example", "--username", "ben"),
            *("--password-file", in_file(tmp_path, PASSWORD)),
            *("--ca", str(authority.ca_file), "--json"),
        ],
    )

    told = json.loads(result.stdout)
    assert (result.exit_code, told["explanation"]) == (0, None), told
