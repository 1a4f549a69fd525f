"""The guarded door to other machines: every connection to a mail server is opened here.

The name is resolved once, each address is judged, and only judged addresses are connected
to. So a name that changes its mind between the look and the step leads nowhere.
"""

from __future__ import annotations

import errno
import ipaddress
import itertools
import os
import queue
import selectors
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from outtray.transports.base import Trouble

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

# Submission in clear or with TLS, relays' second door, and the web port some relays serve.
PORTS = frozenset({25, 465, 587, 2525, 443})
IMAP_PORTS = frozenset({143, 993})  # to look into a Sent folder, and for nothing else

# Where clouds answer with credentials, besides the link-local 169.254.169.254.
METADATA = frozenset(
    ipaddress.ip_address(text)
    for text in ("100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254")
)

_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052 §2.1

# A name with more addresses is not tried to its end: each may cost a whole time-out.
MAX_ADDRESSES = 6

_HEAD_START = 0.25  # seconds; RFC 8305 §5 recommends this "connection attempt delay"


@dataclass(frozen=True, slots=True)
class Rules:
    """What is admitted besides public addresses, and on which ports."""

    allow_local: bool = False
    allow_networks: tuple[str, ...] = ()
    ports: frozenset[int] = PORTS


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One judged address of a name."""

    ip: IPAddress
    port: int

    @property
    def is_local(self) -> bool:
        return _true_address(self.ip).is_loopback

    def __str__(self) -> str:
        host = f"[{self.ip}]" if self.ip.version == 6 else str(self.ip)
        return f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class NoWay:
    """There is no way to connect, and why."""

    trouble: Trouble
    text: str


def resolve(host: str, port: int, *, rules: Rules) -> tuple[Endpoint, ...] | NoWay:
    """The addresses of a name that we may connect to, in the order of the resolver."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as problem:
        return _not_resolved(host, problem)
    addresses = dict.fromkeys(ipaddress.ip_address(str(entry[4][0])) for entry in found)
    return judged(host, port, tuple(addresses), rules=rules)


def resolve_within(
    host: str, port: int, *, rules: Rules, seconds: float
) -> tuple[Endpoint, ...] | NoWay:
    """The same, for somebody who waits. The system's look-up knows no time-out: one that is
    late goes on by itself, and nobody listens to it any more."""
    answers: queue.SimpleQueue[tuple[Endpoint, ...] | NoWay] = queue.SimpleQueue()
    threading.Thread(
        target=lambda: answers.put(resolve(host, port, rules=rules)), daemon=True
    ).start()
    try:
        return answers.get(timeout=seconds)
    except queue.Empty:
        text = f"no name server has answered for {host} in time"
        return NoWay(Trouble.NAME_SERVICE_FAILED, text)


def judged(
    host: str, port: int, addresses: Sequence[IPAddress], *, rules: Rules
) -> tuple[Endpoint, ...] | NoWay:
    """Those of a name's addresses, at least one, that we may connect to."""
    objections = [objection(address, port, rules=rules) for address in addresses]
    endpoints = tuple(
        Endpoint(address, port)
        for address, against in zip(addresses, objections, strict=True)
        if not against
    )
    if not endpoints:
        return NoWay(
            Trouble.NOT_ALLOWED, f"{host} port {port} may not be connected to: {objections[0]}"
        )
    return endpoints[:MAX_ADDRESSES]


def objection(address: IPAddress, port: int, *, rules: Rules) -> str:
    """Why we may not connect there, or nothing. What an address embeds counts, not how it is
    written; and the words do not tell strangers the addresses of a house's own names."""
    address = _true_address(address)
    if address.is_loopback:
        return "" if rules.allow_local else "it is this machine itself"
    if _is_never_allowed(address):
        return "its address is reserved"
    if port not in rules.ports:
        deed = "read" if rules.ports == IMAP_PORTS else "sent"
        return f"mail is {deed} on the ports {', '.join(map(str, sorted(rules.ports)))}"
    if address.is_global or _is_listed(address, rules):
        return ""
    return "it lies in a private network that is not on the list of allowed networks"


@dataclass(frozen=True, slots=True)
class Reached:
    """An open connection, and why others of the name were not taken."""

    sock: socket.socket
    missed: tuple[NoWay, ...] = ()


def connect(endpoints: Sequence[Endpoint], *, seconds: float) -> socket.socket | NoWay:
    """Connect to the first that answers, as `race` does."""
    reached = race(endpoints, seconds=seconds)
    return reached if isinstance(reached, NoWay) else reached.sock


def race(endpoints: Sequence[Endpoint], *, seconds: float) -> Reached | NoWay:
    """Connect to whichever answers first, giving each that many seconds.

    RFC 8305 §5: the next begins a quarter of a second after the one before it, at once when
    that has failed. So an address that swallows everything costs no more than that.
    """
    with selectors.DefaultSelector() as selector:
        return _Race(endpoints, seconds, selector).run()


class _Race:
    """Several connections under way, of which the first to stand is kept."""

    def __init__(
        self, endpoints: Sequence[Endpoint], seconds: float, selector: selectors.BaseSelector
    ) -> None:
        self._waiting = list(_alternating(endpoints))
        self._seconds = seconds
        self._selector = selector
        self._missed: list[NoWay] = []
        self._deadlines: dict[socket.socket, float] = {}
        self._next_at = 0.0

    def run(self) -> Reached | NoWay:
        try:
            while self._waiting or self._deadlines:
                if self._waiting and time.monotonic() >= self._next_at:
                    self._begin(self._waiting.pop(0))
                winner = self._winner()
                if winner:
                    return Reached(winner, tuple(self._missed))
        finally:
            for sock in list(self._deadlines):
                self._forget(sock).close()
        return self._most_telling()

    def _begin(self, endpoint: Endpoint) -> None:
        family = socket.AF_INET6 if endpoint.ip.version == 6 else socket.AF_INET
        try:
            sock = socket.socket(family, socket.SOCK_STREAM)
        except OSError as problem:
            self._miss(endpoint, problem)
            return
        sock.settimeout(0)
        code = sock.connect_ex((str(endpoint.ip), endpoint.port))
        if code not in {0, errno.EINPROGRESS, errno.EWOULDBLOCK}:
            sock.close()
            self._miss(endpoint, _problem(code))
            return
        self._selector.register(sock, selectors.EVENT_WRITE, endpoint)
        self._deadlines[sock] = time.monotonic() + self._seconds
        self._next_at = time.monotonic() + _HEAD_START

    def _winner(self) -> socket.socket | None:
        """The first connection that stands, after a wait until something may have changed."""
        if not self._deadlines:
            return None
        soonest = min(self._deadlines.values())
        until = min(soonest, self._next_at) if self._waiting else soonest
        for key, _ in self._selector.select(max(0.0, until - time.monotonic())):
            sock, endpoint = key.fileobj, key.data
            assert isinstance(sock, socket.socket)
            self._forget(sock)
            code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if not code:
                sock.settimeout(self._seconds)
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return sock
            sock.close()
            self._miss(endpoint, _problem(code))
        self._give_up_late_ones()
        return None

    def _give_up_late_ones(self) -> None:
        now = time.monotonic()
        for sock, deadline in list(self._deadlines.items()):
            if deadline <= now:
                endpoint = self._selector.get_key(sock).data
                self._forget(sock).close()
                self._miss(endpoint, TimeoutError())

    def _forget(self, sock: socket.socket) -> socket.socket:
        self._selector.unregister(sock)
        del self._deadlines[sock]
        return sock

    def _miss(self, endpoint: Endpoint, problem: OSError) -> None:
        self._missed.append(_not_connected(endpoint, problem))
        self._next_at = 0.0

    def _most_telling(self) -> NoWay:
        """A machine that refuses is there; one that cannot be reached may not be."""
        for trouble in (Trouble.CONNECTION_REFUSED, Trouble.TIMED_OUT):
            for missed in self._missed:
                if missed.trouble is trouble:
                    return missed
        nowhere = NoWay(Trouble.UNREACHABLE, "there is no address to connect to")
        return self._missed[-1] if self._missed else nowhere


def _alternating(endpoints: Sequence[Endpoint]) -> Iterator[Endpoint]:
    """In the given order, but changing between the two kinds of address (RFC 8305 §4)."""
    first = endpoints[0].ip.version if endpoints else 0
    preferred = [endpoint for endpoint in endpoints if endpoint.ip.version == first]
    others = [endpoint for endpoint in endpoints if endpoint.ip.version != first]
    for pair in itertools.zip_longest(preferred, others):
        yield from (endpoint for endpoint in pair if endpoint)


def _problem(code: int) -> OSError:
    """The error of that number, of its own class."""
    return OSError(code, os.strerror(code))


def _true_address(address: IPAddress) -> IPAddress:
    """The IPv4 address inside an IPv6 one (mapped, 6to4, Teredo, NAT64), else itself."""
    if address.version == 4:
        return address
    inner = address.ipv4_mapped or address.sixtofour
    if inner is None and address.teredo:
        inner = address.teredo[1]
    if inner is None and address in _NAT64:
        inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return inner or address


def _is_listed(address: IPAddress, rules: Rules) -> bool:
    networks = (ipaddress.ip_network(text, strict=False) for text in rules.allow_networks)
    return any(address in network for network in networks)


def _is_never_allowed(address: IPAddress) -> bool:
    return (
        address.is_link_local
        or address.is_multicast
        or address.is_unspecified
        or address.is_reserved
        or address in METADATA
    )


def _not_resolved(host: str, problem: OSError | UnicodeError) -> NoWay:
    if isinstance(problem, UnicodeError):
        return NoWay(Trouble.NAME_NOT_FOUND, f"{host!r} is not a name that can be looked up")
    if problem.errno in {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", None)}:
        return NoWay(Trouble.NAME_NOT_FOUND, f"the name {host} was not found ({problem.strerror})")
    return NoWay(
        Trouble.NAME_SERVICE_FAILED,
        f"the name {host} could not be looked up just now ({problem.strerror})",
    )


def _not_connected(endpoint: Endpoint, problem: OSError) -> NoWay:
    if isinstance(problem, TimeoutError):
        return NoWay(Trouble.TIMED_OUT, f"{endpoint} did not answer in time")
    if isinstance(problem, ConnectionRefusedError):
        return NoWay(Trouble.CONNECTION_REFUSED, f"{endpoint} refused the connection")
    return NoWay(Trouble.UNREACHABLE, f"{endpoint} cannot be reached ({problem.strerror})")
