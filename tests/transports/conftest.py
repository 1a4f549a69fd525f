"""What the tests of transports share: a message, its envelope, a route, an open session."""

from __future__ import annotations

from pathlib import Path

import pytest

from outtray.lib.sealing import Secret
from outtray.mail.address import Address
from outtray.mail.envelope import Envelope
from outtray.transports.base import Failure, Outcome, Refusal, Route, Session, Verdict
from outtray.transports.smtp.patience import Patience
from outtray.transports.smtp.transport import SmtpTransport
from tests.servers.scripted import OFFERS, ScriptedServer

PASSWORD = "correct horse"

MESSAGE = (
    b"From: Ben <ben@nordwind.example>\r\n"
    b"To: info@customer.example\r\n"
    b"Subject: Invoice INV-2026-1001\r\n"
    b"Message-ID: <1@nordwind.example>\r\n"
    b"\r\n"
    b"Please find the invoice enclosed.\r\n"
    b".\r\n"
    b"..and two dots\r\n"
)

# For servers that stay silent on purpose; all others answer long before.
HASTY = Patience(
    quiet=0.2,
    greeting=0.5,
    handshake=2,
    command=0.5,
    login=0.5,
    answer=0.5,
    second_look=1,
)


def envelope_for(*recipients: str, sender: str = "ben@nordwind.example") -> Envelope:
    return Envelope(Address.parse(sender), tuple(map(Address.parse, recipients)))


def route_to(
    settings: dict[str, str | int], *, password: str = PASSWORD, ca_file: Path | str = ""
) -> Route:
    return Route(
        transport="smtp",
        sender=Address.parse("ben@nordwind.example"),
        settings=settings,
        secret=Secret(password),
        ca_file=str(ca_file),
        allow_local=True,
    )


def opened(route: Route, *, patience: Patience | None = None) -> Session:
    session = _transport(patience).open(route)
    assert not isinstance(session, Refusal), session
    return session


def refused(route: Route, *, patience: Patience | None = None) -> Refusal:
    refusal = _transport(patience).open(route)
    assert isinstance(refusal, Refusal)
    return refusal


def send(session: Session, envelope: Envelope, message: bytes = MESSAGE) -> tuple[Outcome, int]:
    """The outcome, and how often the step of no return was announced."""
    announced: list[None] = []
    outcome = session.send(envelope, message, before_content=lambda: announced.append(None))
    return outcome, len(announced)


def failure(verdict: Verdict) -> Failure:
    assert isinstance(verdict, Failure), verdict
    return verdict


def _transport(patience: Patience | None) -> SmtpTransport:
    return SmtpTransport(patience) if patience else SmtpTransport()


@pytest.fixture
def envelope() -> Envelope:
    return envelope_for("info@customer.example")


@pytest.fixture(params=["together", "one by one"])
def flight(request: pytest.FixtureRequest, smtp_server: ScriptedServer) -> None:
    """A server with PIPELINING, then one without."""
    if request.param == "one by one":
        smtp_server.offers(*(keyword for keyword in OFFERS if keyword != "PIPELINING"))
