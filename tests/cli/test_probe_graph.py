"""`outtray probe --service graph`: with a token in a file, and no database."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from outtray.cli.main import main
from tests.servers.graph import GraphServer

Probed = Callable[..., Result]


@pytest.fixture
def graph() -> Iterator[GraphServer]:
    """Ben's mailbox in Microsoft's cloud."""
    server = GraphServer()
    yield server
    server.stop()


def token(**claims: Any) -> str:
    """One that says of itself whose it is and what it may."""
    coded = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{coded}.c2ln"


@pytest.fixture
def probed(graph: GraphServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Probed:
    monkeypatch.setenv("OUTTRAY_ALLOW_LOCAL", "1")

    def probe(value: str, *arguments: str) -> Result:
        graph.grants(value, "Mail.Send", "Mail.ReadWrite")
        file = tmp_path / "token.txt"
        file.write_text(f"{value}\n")
        here = ("--service", "graph", "--endpoint", graph.url, "--token-file", str(file))
        return CliRunner().invoke(main, ["probe", *here, *arguments, "--json"])

    return probe


def test_a_mailbox_that_works_passes(graph: GraphServer, probed: Probed) -> None:
    value = token(upn="ben@nordwind.example", scp="Mail.Send Mail.ReadWrite")

    result = probed(value, "--address", "ben@nordwind.example")

    told = json.loads(result.stdout)
    assert (result.exit_code, told["explanation"]) == (0, None)
    assert [finding["stage"] for finding in told["findings"]] == [
        *("settings", "token", "scopes", "identity", "mailbox", "send")
    ]
    assert [sent.recipients for sent in graph.sent] == [("ben@nordwind.example",)]


def test_a_shared_mailbox_is_named(graph: GraphServer, probed: Probed) -> None:
    graph.shares("rechnung@nordwind.example", "send_as")
    shared = "rechnung@nordwind.example"
    value = token(upn="ben@nordwind.example", scp="Mail.Send Mail.ReadWrite")

    result = probed(value, "--address", shared, "--send-as", shared)

    assert result.exit_code == 0, result.output
    assert [sent.sender for sent in graph.sent] == [shared]


def test_another_account_is_told_and_explained(graph: GraphServer, probed: Probed) -> None:
    value = token(upn="anna@nordwind.example", scp="Mail.Send Mail.ReadWrite")

    result = probed(value, "--address", "ben@nordwind.example")

    told = json.loads(result.stdout)
    assert result.exit_code == 1
    assert told["findings"][-1]["stage"] == "identity"
    assert set(told["explanation"]) == {"cause", "family", "headline", "steps", "who", "offer"}
    assert value not in result.output
