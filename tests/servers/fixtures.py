"""The fixtures: `authority`, `foreign_authority`, `smtp_server`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers.authority import Authority
from tests.servers.scripted import ScriptedServer


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Whom our test servers' certificates come from."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def foreign_authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """One that nobody trusts."""
    return Authority(tmp_path_factory.mktemp("foreign"), name="Foreign authority")


@pytest.fixture
def smtp_server() -> Iterator[ScriptedServer]:
    """A server of ours that a test tells what to do."""
    server = ScriptedServer()
    yield server
    server.stop()
