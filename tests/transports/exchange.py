"""What the tests of Exchange share: a route, an open session, a probe, one message's verdict."""

from __future__ import annotations

from pathlib import Path

from outtray.lib import clock
from outtray.lib.sealing import Secret
from outtray.mail.address import Address
from outtray.mail.envelope import Envelope
from outtray.transports.base import Finding, Refusal, Route, Search, Session, Trace, Verdict
from outtray.transports.ews.patience import Patience
from outtray.transports.ews.transport import EwsTransport
from tests.servers.authority import Authority
from tests.servers.ews import PASSWORD, EwsServer
from tests.transports.conftest import MESSAGE, send

BEN = "ben@nordwind.example"
# For servers that stay silent on purpose; all others answer long before.
HASTY = Patience(command=1.5, answer=0.5)


def route_to(
    server: EwsServer,
    *,
    ca_file: Path | str,
    username: str = "ben",
    domain: str = "nordwind.example",
    uri: str = "",
    password: str = PASSWORD,
    sender: str = BEN,
    **settings: str | int,
) -> Route:
    return Route(
        transport="ews",
        sender=Address.parse(sender),
        settings={
            "uri": uri or server.uri(),
            "domain": domain,
            "username": username,
            **settings,
        },
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


def probed(
    route: Route,
    envelope: Envelope,
    message: bytes = MESSAGE,
    *,
    patience: Patience | None = None,
) -> list[Finding]:
    return list(_transport(patience).probe(route, envelope, message))


def looked(route: Route, message_id: str, *, witness: str = "") -> Search:
    trace = Trace(witness, clock.now()) if witness else None
    return EwsTransport().find_sent(route, message_id, clock.now(), witness=trace)


def _transport(patience: Patience | None) -> EwsTransport:
    return EwsTransport(patience) if patience else EwsTransport()


def verdict_of(
    server: EwsServer,
    authority: Authority,
    envelope: Envelope,
    message: bytes = MESSAGE,
    *,
    hasty: bool = False,
) -> tuple[Verdict, int]:
    """The verdict for all, and how often the step of no return was announced."""
    route = route_to(server, ca_file=authority.ca_file)
    session = opened(route, patience=HASTY if hasty else None)
    outcome, announced = send(session, envelope, message)
    session.close()
    assert len(set(outcome.verdicts)) == 1
    assert len(outcome.verdicts) == len(envelope.recipients)
    return outcome.verdicts[0], announced
