"""`outtray probe --service`: without a database, and without a folder to keep anything in."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from outtray.cli.main import main
from outtray.diagnosis.typed import OneToken, Typed, route_of
from outtray.lib.errors import Refused
from outtray.transports.base import Resource, Token
from tests.servers.scripted import ScriptedServer

PASSWORD = "ben's own harbour"


@pytest.fixture
def options(smtp_server: ScriptedServer, tmp_path: Path) -> list[str]:
    """Ben's mailbox at a server of this machine."""
    secret = tmp_path / "secret.txt"
    secret.write_text(f"{PASSWORD}\n")
    return [
        *("--service", "smtp", "--host", "localhost", "--port", str(smtp_server.port)),
        *("--security", "none", "--username", "ben@nordwind.example"),
        *("--password-file", str(secret)),
    ]


def probed(*arguments: str, data: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "OUTTRAY_DATA": str(data)}  # noqa: TID251 - of a child
    environment["OUTTRAY_ALLOW_LOCAL"] = "1"
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(
        [sys.executable, "-m", "outtray", "probe", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_mailbox_that_works_passes_without_a_folder(
    smtp_server: ScriptedServer, options: list[str], tmp_path: Path
) -> None:
    result = probed(*options, "--json", data=tmp_path / "not there")

    told = json.loads(result.stdout)
    assert result.returncode == 0, result.stderr
    assert set(told) == {"findings", "explanation"}
    assert told["explanation"] is None
    assert all(
        set(finding) == {"stage", "ok", "milliseconds", "detail"} and finding["ok"]
        for finding in told["findings"]
    )
    assert smtp_server.logins == [("ben@nordwind.example", PASSWORD)]
    assert len(smtp_server.received) == 1
    assert not (tmp_path / "not there").exists()


def test_a_refused_password_is_explained_and_not_shown(
    smtp_server: ScriptedServer, options: list[str], tmp_path: Path
) -> None:
    smtp_server.answers("AUTH", f"535 5.7.8 Not with {PASSWORD}")

    result = probed(*options, "--json", data=tmp_path / "not there")

    told = json.loads(result.stdout)
    assert result.returncode == 1
    assert told["findings"][-1]["stage"] == "login"
    assert not told["findings"][-1]["ok"]
    assert set(told["explanation"]) == {"cause", "family", "headline", "steps", "who", "offer"}
    assert told["explanation"]["cause"] == "wrong_password"
    assert told["explanation"]["family"] == "credentials"
    assert PASSWORD not in result.stdout + result.stderr


def test_people_read_lines_with_what_helps(
    smtp_server: ScriptedServer, options: list[str], tmp_path: Path
) -> None:
    smtp_server.answers("RCPT", "550 5.1.1 No such user")

    result = probed(*options, data=tmp_path / "not there")

    assert result.returncode == 1
    assert "no  recipient" in result.stdout
    assert "Who must act:" in result.stderr


@pytest.mark.parametrize(
    ("username", "host", "sender"),
    [
        ("ben@nordwind.example", "mail.provider.example", "ben@nordwind.example"),
        ("ben", "smtp.nordwind.example", "ben@nordwind.example"),
        ("ben", "nordwind.example", "ben@nordwind.example"),
        ("NORDWIND\\ben", "mail.nordwind.example", "ben@nordwind.example"),
        ("ben", "127.0.0.1", "ben@localhost.localdomain"),
    ],
)
def test_the_address_follows_from_user_name_and_server(
    username: str, host: str, sender: str
) -> None:
    typed = Typed("smtp", {"host": host, "username": username})

    assert str(route_of(typed).sender) == sender


def test_where_no_address_follows_it_is_asked_for() -> None:
    with pytest.raises(Refused) as refused:
        route_of(Typed("smtp", {"host": "192.0.2.1", "username": "ben"}))

    assert refused.value.code == "address_missing"


def test_an_option_of_another_service_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        route_of(Typed("smtp", {"host": "mail.nordwind.example", "uri": "https://x"}))

    assert "--uri" in refused.value.detail


def test_a_token_tells_for_whom_it_is() -> None:
    claims = {"scp": "Mail.Send User.Read", "upn": "ben@nordwind.example", "exp": 1800000000}
    coded = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")

    token = OneToken(f"e30.{coded}.c2ln", "anna@nordwind.example").access_token(Resource.GRAPH)

    assert isinstance(token, Token)
    assert token.account == "ben@nordwind.example"
    assert token.scopes == {"Mail.Send", "User.Read"}
    assert str(token.value) == "[secret]"


def test_neither_a_mailbox_nor_a_service_is_a_wrong_use() -> None:
    assert CliRunner().invoke(main, ["probe"]).exit_code == 2
