"""Other doors of a server: does it answer on another port, or by another encryption?

Several are knocked at side by side, each by EHLO alone: no password is ever said here.
"""

from __future__ import annotations

import ipaddress
import ssl
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

from outtray.transports import egress
from outtray.transports.base import Route
from outtray.transports.smtp.line import Line, LineBroken
from outtray.transports.smtp.settings import Security
from outtray.transports.smtp.strangers import protocol_of
from outtray.transports.tls import context_for


@dataclass(frozen=True, slots=True)
class Door:
    """A port of a server, and how the connection is protected there."""

    host: str
    port: int
    security: Security


@dataclass(frozen=True, slots=True)
class Seen:
    """Who answered. `offers` is its EHLO answer after encryption, empty where it said no.

    `is_trusted`: its certificate holds for the name asked for. `protocol` names another one
    than SMTP, if that answered.
    """

    door: Door
    greeting: str = ""
    offers: frozenset[str] = frozenset()
    protocol: str = ""
    speaks_tls: bool = False
    is_trusted: bool = False

    @property
    def is_mail_server(self) -> bool:
        """Whether mail could be handed over by this door."""
        is_protected = self.speaks_tls or self.door.security is Security.NONE
        return bool(self.offers) and is_protected

    @property
    def takes_logins(self) -> bool:
        return "AUTH" in self.offers


# RFC 8314 §3.3 prefers TLS from the start; 25 and 2525 are what else providers open.
USUAL: Sequence[tuple[int, Security]] = (
    (465, Security.TLS),
    (587, Security.STARTTLS),
    (2525, Security.STARTTLS),
    (25, Security.STARTTLS),
)


def knock(
    doors: Iterable[Door],
    route: Route,
    *,
    seconds: float,
    addresses: Sequence[egress.IPAddress] = (),
) -> list[Seen]:
    """Knock at all doors at once. Those that answered within that time, in the given order.

    With `addresses` the host is not looked up again.
    """
    wanted = list(doors)
    if not wanted:
        return []
    deadline = time.monotonic() + seconds
    with ThreadPoolExecutor(max_workers=len(wanted)) as pool:
        looks = pool.map(lambda door: _look(door, route, addresses, deadline), wanted)
        return [seen for seen in looks if seen]


def _look(
    door: Door, route: Route, addresses: Sequence[egress.IPAddress], deadline: float
) -> Seen | None:
    endpoints = _endpoints(door, route, addresses, deadline)
    if isinstance(endpoints, egress.NoWay):
        return None
    for context in _contexts(door, route):
        try:
            return _talk(door, endpoints, context, deadline)
        except ssl.SSLCertVerificationError:
            continue
        except (LineBroken, OSError, ValueError):
            return None
    return None


def _endpoints(
    door: Door, route: Route, addresses: Sequence[egress.IPAddress], deadline: float
) -> tuple[egress.Endpoint, ...] | egress.NoWay:
    rules = egress.Rules(route.allow_local, route.allow_networks)
    if addresses:
        return egress.judged(door.host, door.port, addresses, rules=rules)
    return egress.resolve_within(door.host, door.port, rules=rules, seconds=_left(deadline))


def _contexts(door: Door, route: Route) -> Iterator[ssl.SSLContext]:
    """Verified first; then whoever answers, to know what is there."""
    with suppress(OSError):
        yield context_for(route.ca_file)
    if door.security is not Security.NONE:
        yield unverified()


def unverified() -> ssl.SSLContext:
    """TLS with whoever answers: nothing secret is ever said on such a line."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _talk(
    door: Door, endpoints: Sequence[egress.Endpoint], context: ssl.SSLContext, deadline: float
) -> Seen:
    found = egress.connect(endpoints, seconds=_left(deadline))
    if isinstance(found, egress.NoWay):
        raise LineBroken(found.trouble, found.text)
    line = Line(found)
    try:
        return _conversation(door, line, context, deadline)
    finally:
        line.leave(seconds=min(_left(deadline), 0.5))
        line.drop()


def _conversation(door: Door, line: Line, context: ssl.SSLContext, deadline: float) -> Seen:
    trusted = context.verify_mode is ssl.CERT_REQUIRED
    speaks_tls = door.security is Security.TLS
    if speaks_tls:
        line.secure(context, door.host, seconds=_left(deadline))
    greeting = _greeting(line, deadline)
    protocol = protocol_of(greeting)
    if protocol or not greeting.startswith("220"):
        return Seen(door, greeting, frozenset(), protocol, speaks_tls, speaks_tls and trusted)
    offers = _offers(line, deadline)
    if door.security is Security.STARTTLS and "STARTTLS" in offers:
        if line.ask("STARTTLS", seconds=_left(deadline)).code != 220 or line.unread:
            return Seen(door, greeting, offers)
        line.secure(context, door.host, seconds=_left(deadline))
        speaks_tls, offers = True, _offers(line, deadline)
    return Seen(door, greeting, offers, "", speaks_tls, speaks_tls and trusted)


def _greeting(line: Line, deadline: float) -> str:
    """The first words, whoever says them. One who waits to be asked is asked like the web."""
    if line.is_silent(_left(deadline) / 2):
        line.say(["GET / HTTP/1.0", ""], seconds=_left(deadline))
        if line.is_silent(_left(deadline)):
            return ""
    first = line.unread.decode(errors="replace")
    return str(line.reply(seconds=_left(deadline))) if first[:3].isdigit() else first


def _offers(line: Line, deadline: float) -> frozenset[str]:
    line.seconds = _left(deadline)
    code, _ = line.ehlo()
    offered = frozenset(name.upper() for name in line.esmtp_features)
    return offered | {"EHLO"} if code == 250 else frozenset()


def _left(deadline: float) -> float:
    return max(deadline - time.monotonic(), 0.05)


def addresses_of(endpoints: Iterable[egress.Endpoint]) -> tuple[egress.IPAddress, ...]:
    """The addresses alone, for other ports of the same machine."""
    return tuple(ipaddress.ip_address(str(endpoint.ip)) for endpoint in endpoints)
