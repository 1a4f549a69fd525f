"""A session over its life: how long it is used, and when it is not used any more."""

from __future__ import annotations

import time

import pytest

from outtray.mail.envelope import Envelope
from outtray.transports.base import Accepted, Failure, Refusal, Scope, Session, Trouble
from outtray.transports.smtp.session import Wear
from outtray.transports.smtp.transport import SmtpTransport
from tests.servers.authority import Authority
from tests.servers.processes import pause
from tests.servers.script import DEADLINE
from tests.servers.scripted import ScriptedServer
from tests.transports.conftest import opened, route_to, send


@pytest.fixture(params=["clear", "tls"])
def session(
    request: pytest.FixtureRequest, smtp_server: ScriptedServer, authority: Authority
) -> Session:
    """Open, over TLS and without."""
    if request.param == "tls":
        smtp_server.speaks_tls(authority.certificate("localhost"))
    return opened(route_to(smtp_server.settings(), ca_file=authority.ca_file))


def worn_by(server: ScriptedServer, wear: Wear) -> Session:
    session = SmtpTransport(wear=wear).open(route_to(server.settings()))
    assert not isinstance(session, Refusal)
    return session


def wait_until_unusable(session: Session) -> None:
    deadline = time.monotonic() + DEADLINE
    while session.usable:
        assert time.monotonic() < deadline, "the session never saw it"
        pause(0.01)


def test_a_session_that_lay_idle_is_used_again(
    session: Session, smtp_server: ScriptedServer, envelope: Envelope
) -> None:
    outcomes = []
    for _ in range(3):
        outcomes.append(send(session, envelope)[0])
        pause(0.02)
        assert session.usable

    session.close()

    assert all(isinstance(outcome.verdicts[0], Accepted) for outcome in outcomes)
    assert (smtp_server.connections, smtp_server.commands[-1]) == (1, "QUIT")


@pytest.mark.parametrize(
    "unasked", [b"421 4.4.2 Idle for too long\r\n", b"250 2.0.0 Ok\r\n", b"hello?", b"\r\n"]
)
def test_what_is_said_unasked_while_idle_ends_the_session(
    session: Session, smtp_server: ScriptedServer, envelope: Envelope, unasked: bytes
) -> None:
    smtp_server.adds("CONTENT", unasked)
    sent, _ = send(session, envelope)

    wait_until_unusable(session)
    outcome, announced = send(session, envelope)
    session.close()

    refused = outcome.verdicts[0]
    assert isinstance(sent.verdicts[0], Accepted)
    assert isinstance(refused, Failure)
    assert (refused.scope, refused.trouble) == (Scope.SERVER, Trouble.CONNECTION_CLOSED)
    assert refused.is_temporary
    assert (announced, len(smtp_server.received)) == (0, 1)


def test_a_line_that_the_server_closes_while_idle_is_seen(
    session: Session, smtp_server: ScriptedServer, envelope: Envelope
) -> None:
    smtp_server.adds("CONTENT", b"")
    send(session, envelope)

    wait_until_unusable(session)
    session.close()

    assert "QUIT" not in smtp_server.commands


def test_a_session_ends_politely_after_so_many_messages(
    smtp_server: ScriptedServer, envelope: Envelope
) -> None:
    session = worn_by(smtp_server, Wear(messages=2))

    uses = []
    while session.usable:
        uses.append(send(session, envelope)[0].verdicts[0])
    session.close()

    assert [type(verdict) for verdict in uses] == [Accepted, Accepted]
    assert smtp_server.commands[-1] == "QUIT"


def test_a_session_that_grew_old_ends_politely_and_what_is_in_hand_still_goes(
    smtp_server: ScriptedServer, envelope: Envelope
) -> None:
    session = worn_by(smtp_server, Wear(seconds=0))

    is_usable = session.usable
    outcome, _ = send(session, envelope)
    session.close()

    assert not is_usable
    assert isinstance(outcome.verdicts[0], Accepted)
    assert smtp_server.commands[-1] == "QUIT"
