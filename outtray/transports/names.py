"""Questions to name servers: MX, SRV, TXT and addresses, each within its time.

Who may be connected to is not judged here (`egress.py`).
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import dns.exception
import dns.name
import dns.nameserver
import dns.rdatatype
import dns.resolver

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

SECONDS = 1.5  # for an answer, over all name servers
MOST_RECORDS = 50  # of one name; more is nobody's honest set-up
_PORT = 53


class Kind(StrEnum):
    """What is asked for."""

    MX = "MX"
    SRV = "SRV"
    TXT = "TXT"
    CNAME = "CNAME"
    A = "A"
    AAAA = "AAAA"


@dataclass(frozen=True, slots=True)
class Server:
    """One record of SRV: a server, its port, and its turn among others."""

    host: str
    port: int
    priority: int
    weight: int


@dataclass(frozen=True, slots=True)
class NoWord:
    """No name server has answered: nothing is known of the name. `is_late`: not in time."""

    text: str
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """The name servers that are asked: these ("10.1.0.1" or "127.0.0.1:5353"), or the system's.

    An answer is a tuple, empty where the name or such records of it do not exist.
    """

    servers: tuple[str, ...] = ()

    def mail_hosts(self, domain: str, *, seconds: float = SECONDS) -> tuple[str, ...] | NoWord:
        """Who takes the domain's mail, the preferred first (RFC 5321 §5.1)."""
        records = self._ask(domain, Kind.MX, seconds)
        if isinstance(records, NoWord):
            return records
        ordered = sorted(records, key=lambda record: record.preference)
        return tuple(host for record in ordered if (host := _text(record.exchange)))

    def services(self, name: str, *, seconds: float = SECONDS) -> tuple[Server, ...] | NoWord:
        """The servers of a service, in the order to try them (RFC 2782).

        A target of "." says that there is decidedly none, and is left out.
        """
        records = self._ask(name, Kind.SRV, seconds)
        if isinstance(records, NoWord):
            return records
        servers = [
            Server(_text(record.target), record.port, record.priority, record.weight)
            for record in records
        ]
        servers.sort(key=lambda server: (server.priority, -server.weight))
        return tuple(server for server in servers if server.host)

    def texts(self, name: str, *, seconds: float = SECONDS) -> tuple[str, ...] | NoWord:
        """The text records of a name, the parts of each put together (RFC 7208 §3.3)."""
        records = self._ask(name, Kind.TXT, seconds)
        if isinstance(records, NoWord):
            return records
        return tuple(b"".join(record.strings).decode("latin-1") for record in records)

    def alias(self, name: str, *, seconds: float = SECONDS) -> str | NoWord:
        """What a name stands for, or nothing where it is no alias."""
        records = self._ask(name, Kind.CNAME, seconds)
        if isinstance(records, NoWord):
            return records
        return _text(records[0].target) if records else ""

    def addresses(self, host: str, *, seconds: float = SECONDS) -> tuple[IPAddress, ...] | NoWord:
        """The addresses of a host: IPv4, or where there is none IPv6. A literal is itself."""
        literal = _literal(host)
        if literal:
            return (literal,)
        for kind in (Kind.A, Kind.AAAA):
            records = self._ask(host, kind, seconds)
            if isinstance(records, NoWord) or records:
                break
        if isinstance(records, NoWord):
            return records
        return tuple(ipaddress.ip_address(record.address) for record in records)

    def _ask(self, name: str, kind: Kind, seconds: float) -> tuple[Any, ...] | NoWord:
        try:
            answer = self._resolver().resolve(
                dns.name.from_text(name),
                dns.rdatatype.from_text(kind),
                lifetime=seconds,
                raise_on_no_answer=False,
            )
        except dns.resolver.NXDOMAIN:
            return ()
        except dns.exception.Timeout:
            return NoWord(f"no name server told in time about {name}", is_late=True)
        except (dns.exception.DNSException, OSError, ValueError) as problem:
            return NoWord(f"{name} could not be looked up ({type(problem).__name__})")
        return tuple(answer)[:MOST_RECORDS]

    def _resolver(self) -> dns.resolver.Resolver:
        resolver = dns.resolver.Resolver(configure=not self.servers)
        if self.servers:
            resolver.nameservers = [_name_server(text) for text in self.servers]
        return resolver


def _name_server(text: str) -> dns.nameserver.Do53Nameserver:
    """Raises ValueError if it is not an address, with or without a port."""
    bare = _literal(text)
    if bare:
        return dns.nameserver.Do53Nameserver(str(bare), _PORT)
    place = urlsplit(f"//{text}")
    address = ipaddress.ip_address(place.hostname or "")
    return dns.nameserver.Do53Nameserver(str(address), place.port or _PORT)


def _literal(host: str) -> IPAddress | None:
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None


def _text(name: dns.name.Name) -> str:
    """The name as people write it: small letters, no dot at its end."""
    return name.to_text(omit_final_dot=True).lower() if len(name) > 1 else ""
