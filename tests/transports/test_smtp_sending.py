"""Handing messages over, against a server that does what it is told."""

from __future__ import annotations

from outtray.mail.envelope import Envelope
from outtray.transports.base import Accepted, Refusal
from outtray.transports.smtp.transport import SmtpTransport
from tests.servers.scripted import ScriptedServer
from tests.transports.conftest import MESSAGE, route_to


def test_a_message_arrives_just_as_it_was_handed_over(
    smtp_server: ScriptedServer, envelope: Envelope
) -> None:
    session = SmtpTransport().open(route_to(smtp_server.settings()))
    assert not isinstance(session, Refusal), session

    outcome = session.send(envelope, MESSAGE, before_content=lambda: None)
    session.close()

    assert outcome.verdicts == (Accepted("250 2.0.0 Ok: queued"),)
    assert smtp_server.received == [(envelope, MESSAGE)]
