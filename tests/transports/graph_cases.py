"""What the tests of Microsoft Graph share: a server, a route to it, messages."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Protocol

import pytest

from outtray.lib.sealing import Secret
from outtray.mail.address import Address, NamedAddress
from outtray.mail.envelope import Envelope
from outtray.mail.mime import Attachment, Content, InlineImage, assemble
from outtray.transports.base import Outcome, Refusal, Route, Session, Verdict
from outtray.transports.graph.patience import PATIENCE, Patience
from outtray.transports.graph.transport import GraphTransport
from tests.servers.graph import GraphServer
from tests.servers.graph_oracle import oracle
from tests.servers.tokens import FixedTokens

BEN, SALES, ONE, TWO, BLIND = (
    Address.parse(text)
    for text in (
        "ben@nordwind.example",
        "rechnung@nordwind.example",
        "eins@kunde.example",
        "zwei@kunde.example",
        "archiv@nordwind.example",
    )
)
TOKEN = "eyJ0-first-token"
FRESH = "eyJ0-second-token"
MESSAGE_ID = "<1@nordwind.example>"
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

SEND, WRITE = "Mail.Send", "Mail.ReadWrite"
BOTH = (f"https://graph.microsoft.com/{SEND}", f"https://graph.microsoft.com/{WRITE}")

# For servers that stay silent on purpose, at what sends and at all else.
HASTY_TO_SEND = Patience(answer=0.3)
HASTY_TO_LOOK = Patience(look=0.5)
LATE = 5.0  # seconds; longer than these wait, and cut short when a server stops


@pytest.fixture
def graph() -> Iterator[GraphServer]:
    """Ben's mailbox in Microsoft's cloud. Its JSON is read by Microsoft's own client as well."""
    server = GraphServer(oracle=oracle())
    server.grants(TOKEN, SEND, WRITE)
    yield server
    server.stop()


def tokens(*granted: str, account: str = str(BEN), is_app_only: bool = False) -> FixedTokens:
    return FixedTokens(TOKEN, scopes=granted or BOTH, account=account, is_app_only=is_app_only)


def route_to(
    server: GraphServer,
    held: FixedTokens | None = None,
    *,
    sender: Address = BEN,
    **settings: str | int,
) -> Route:
    return Route(
        transport="graph",
        sender=sender,
        settings={"endpoint": server.url, **settings},
        secret=Secret(""),
        allow_local=True,
        tokens=held or tokens(),
    )


def letter(
    *,
    sender: Address = BEN,
    to: tuple[Address, ...] = (ONE,),
    cc: tuple[Address, ...] = (),
    html: str = "",
    files: tuple[Attachment, ...] = (),
    inline: tuple[InlineImage, ...] = (),
    headers: tuple[tuple[str, str], ...] = (),
) -> bytes:
    """An invoice's letter, as it is composed."""
    content = Content(
        sender=NamedAddress("Ben Behrens", sender),
        to=tuple(NamedAddress("Müller, AG", address) for address in to),
        cc=tuple(NamedAddress("", address) for address in cc),
        reply_to=NamedAddress("Büro", BEN),
        subject="Rechnung für März – 4711",
        text="Guten Tag,\n\nanbei die Rechnung.\n",
        html=html,
        attachments=files,
        inline=inline,
        headers=headers,
    )
    return assemble(content, message_id=MESSAGE_ID, date=AT)


def file_of(octets: int, name: str = "RE-4711.pdf") -> Attachment:
    """A file of that size, no two places of which look alike."""
    return Attachment(name, "application/pdf", random.Random(octets).randbytes(octets))


class Opened(Protocol):
    """Opens a session, which is closed after the test."""

    def __call__(self, route: Route, patience: Patience = PATIENCE) -> Session: ...


@pytest.fixture
def opened() -> Iterator[Opened]:
    with ExitStack() as stack:

        def begin(route: Route, patience: Patience = PATIENCE) -> Session:
            session = GraphTransport(patience).open(route)
            assert not isinstance(session, Refusal), session
            stack.callback(session.close)
            return session

        yield begin


def refused(route: Route) -> Refusal:
    refusal = GraphTransport().open(route)
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


def only(outcome: Outcome) -> Verdict:
    """The one verdict that all recipients have."""
    assert len(set(outcome.verdicts)) == 1
    return outcome.verdicts[0]
