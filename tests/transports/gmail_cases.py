"""What the tests of the Gmail API share: a server, a route to it, a message."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

import pytest

from outtray.lib.sealing import Secret
from outtray.mail.address import Address, NamedAddress
from outtray.mail.envelope import Envelope
from outtray.mail.mime import Attachment, Content, assemble
from outtray.transports.base import Outcome, Refusal, Route, Session
from outtray.transports.gmail import scopes
from outtray.transports.gmail.patience import PATIENCE, Patience
from outtray.transports.gmail.transport import GmailTransport
from tests.servers.gmail import GmailServer
from tests.servers.tokens import FixedTokens

BEN, ONE, TWO, BLIND = (
    Address.parse(text)
    for text in (
        "ben@nordwind.example",
        "eins@kunde.example",
        "zwei@kunde.example",
        "archiv@nordwind.example",
    )
)
TOKEN = "ya29.first-token"
FRESH = "ya29.second-token"
MESSAGE_ID = "<1@nordwind.example>"
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

# For servers that stay silent on purpose; all others answer long before.
HASTY = Patience(connect=2, look=0.2, answer=0.2)


@pytest.fixture
def gmail() -> Iterator[GmailServer]:
    """Ben's mailbox, with a token that may send and no more."""
    server = GmailServer()
    server.grants(TOKEN, scopes.SEND)
    yield server
    server.stop()


def tokens(*granted: str, account: str = "ben@nordwind.example") -> FixedTokens:
    return FixedTokens(TOKEN, scopes=granted or (scopes.SEND,), account=account)


def route_to(
    server: GmailServer,
    held: FixedTokens | None = None,
    *,
    sender: Address = BEN,
    send_as: str = "",
) -> Route:
    settings: dict[str, str | int] = {"endpoint": server.url}
    return Route(
        transport="gmail",
        sender=sender,
        settings={**settings, "send_as": send_as} if send_as else settings,
        secret=Secret(""),
        allow_local=True,
        tokens=held or tokens(),
    )


def message(
    *, to: tuple[Address, ...] = (ONE,), cc: tuple[Address, ...] = (), size: int = 0
) -> bytes:
    """A letter, with a file of that many octets."""
    content = Content(
        sender=NamedAddress("Ben Behrens", BEN),
        to=tuple(NamedAddress("Kunde, AG", address) for address in to),
        cc=tuple(NamedAddress("", address) for address in cc),
        subject="Rechnung für März",
        text="Guten Tag,\n\nanbei die Rechnung.\n",
    )
    if size:
        file = Attachment("RE-1.pdf", "application/pdf", b"%" * size)
        content = replace(content, attachments=(file,))
    return assemble(content, message_id=MESSAGE_ID, date=AT)


class Opened(Protocol):
    """Opens a session, which is closed after the test."""

    def __call__(self, route: Route, patience: Patience = PATIENCE) -> Session: ...


@pytest.fixture
def opened() -> Iterator[Opened]:
    with ExitStack() as stack:

        def begin(route: Route, patience: Patience = PATIENCE) -> Session:
            session = GmailTransport(patience).open(route)
            assert not isinstance(session, Refusal), session
            stack.callback(session.close)
            return session

        yield begin


def refused(route: Route) -> Refusal:
    refusal = GmailTransport().open(route)
    assert isinstance(refusal, Refusal)
    return refusal


def send(
    session: Session, octets: bytes, *recipients: Address, sender: Address = BEN
) -> tuple[Outcome, int]:
    """The outcome, and how often the step of no return was announced."""
    announced: list[None] = []
    outcome = session.send(
        Envelope(sender, recipients), octets, before_content=lambda: announced.append(None)
    )
    return outcome, len(announced)
