"""What the tests of transports share: a route to a server, a message, an envelope."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from outtray.lib.sealing import Secret
from outtray.mail.address import Address
from outtray.mail.envelope import Envelope
from outtray.transports.base import Route

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

MakeRoute = Callable[..., Route]


def envelope_for(*recipients: str, sender: str = "ben@nordwind.example") -> Envelope:
    return Envelope(Address.parse(sender), tuple(map(Address.parse, recipients)))


@pytest.fixture
def envelope() -> Envelope:
    return envelope_for("info@customer.example")


def route_to(
    settings: dict[str, str | int],
    *,
    password: str = "correct horse",
    ca_file: object = "",
) -> Route:
    return Route(
        transport="smtp",
        sender=Address.parse("ben@nordwind.example"),
        settings=settings,
        secret=Secret(password),
        ca_file=str(ca_file),
        allow_local=True,
    )
