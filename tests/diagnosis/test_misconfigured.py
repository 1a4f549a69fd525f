"""Validate against a real Postfix and Dovecot, misconfigured in every way that we know.

Through the function that the command line uses. All are probed side by side, once.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from outtray.diagnosis.explain import Explanation
from outtray.diagnosis.typed import Typed, route_of
from outtray.diagnosis.validate import explanation_of, findings_of
from outtray.lib import clock
from outtray.transports.base import Finding
from tests.diagnosis.strange_ways import NEIGHBOUR, STRANGE_WAYS, StrangeWay
from tests.diagnosis.ways import BEN, WAYS, Way
from tests.servers.authority import Authority
from tests.servers.misconfigured import Misconfigured
from tests.servers.sent_folders import SentFolders
from tests.servers.strangers import Stranger

pytestmark = pytest.mark.servers

Seen = tuple[Finding, Explanation | None, float]


@pytest.fixture(scope="module")
def server(
    server_folder: Path, authority: Authority, foreign_authority: Authority
) -> Iterator[Misconfigured]:
    services = {name: way.service for name, way in WAYS.items()}
    server = Misconfigured(server_folder / "wrong", authority, foreign_authority, services)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def strangers(authority: Authority) -> Iterator[Mapping[str, int]]:
    """The ports on which somebody else listens."""
    certificate = authority.certificate("localhost", NEIGHBOUR)
    with ExitStack() as started:
        ports = {}
        for name, way in STRANGE_WAYS.items():
            if way.first_words is not None:
                stranger = Stranger(
                    way.first_words,
                    answer=way.answer,
                    certificate=certificate if way.over_tls else None,
                    hangs_up=way.hangs_up,
                    ip=NEIGHBOUR,
                )
                started.callback(stranger.stop)
                ports[name] = stranger.port
        yield ports


@pytest.fixture(scope="module")
def seen(server: Misconfigured, strangers: Mapping[str, int]) -> Mapping[str, Seen]:
    """What Validate says to each way."""
    typed = {name: _strange(way, strangers.get(name), server) for name, way in STRANGE_WAYS.items()}
    typed |= {name: _typed(way, server.ports[name], server) for name, way in WAYS.items()}
    with ThreadPoolExecutor(max_workers=10) as pool:
        return dict(zip(typed, pool.map(_seen, typed, typed.values()), strict=True))


def _seen(name: str, typed: Typed) -> Seen:
    if name in WAYS and WAYS[name].before:
        _once(typed)
    return _once(typed)


def _once(typed: Typed) -> Seen:
    route = route_of(typed)
    started = time.monotonic()
    *_, last = findings_of(route, at=clock.now())
    return last, explanation_of(last, route), time.monotonic() - started


def _typed(way: Way, port: int, server: Misconfigured) -> Typed:
    right = {"host": "127.0.0.1", "port": port, "security": "starttls", "username": BEN}
    return Typed(
        transport="smtp",
        settings={name: str(value) for name, value in {**right, **way.typed}.items()},
        secret=way.password,
        address=way.address,
        ca_file=str(server.ca_file),
        allow_local=True,
    )


def _strange(way: StrangeWay, port: int | None, server: Misconfigured) -> Typed:
    typed = {"host": NEIGHBOUR, **({"port": port} if port else {}), **way.typed}
    return _typed(Way(typed=typed), 0, server)


@pytest.mark.parametrize("name", [name for name, way in WAYS.items() if not way.causes])
def test_what_is_right_passes(seen: Mapping[str, Seen], name: str) -> None:
    finding, explanation, _ = seen[name]

    assert finding.ok, finding.detail
    assert explanation is None


@pytest.mark.parametrize("name", [name for name, way in WAYS.items() if way.causes])
def test_what_is_wrong_is_told_with_what_helps(seen: Mapping[str, Seen], name: str) -> None:
    finding, explanation, _ = seen[name]

    assert explanation is not None
    assert str(explanation.cause) in WAYS[name].causes, finding.detail
    assert _offered(explanation) == WAYS[name].offer


@pytest.mark.parametrize("name", STRANGE_WAYS)
def test_who_answers_instead_is_told_with_where_to_go(seen: Mapping[str, Seen], name: str) -> None:
    finding, explanation, _ = seen[name]

    assert explanation is not None
    assert str(explanation.cause) in STRANGE_WAYS[name].causes, finding.detail
    assert _offered(explanation) == STRANGE_WAYS[name].offer


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_port_of_dovecot_is_for_reading(
    imap_server: SentFolders, server: Misconfigured, security: str
) -> None:
    port = imap_server.settings(security)["imap_port"]

    _, explanation, _ = _once(_typed(Way(typed={"security": security}), int(port), server))

    assert explanation is not None
    assert explanation.cause == "wrong_port"
    assert "IMAP" in explanation.words


def test_there_are_more_than_forty() -> None:
    assert len([way for way in WAYS.values() if way.causes]) > 40


def _offered(explanation: Explanation) -> Mapping[str, str | int] | None:
    return dict(explanation.offer.settings) if explanation.offer else None
