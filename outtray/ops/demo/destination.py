"""Where the demo sends to: its own mail server, or one that was named."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from dataclasses import dataclass

from outtray.lib.errors import Refused
from outtray.lib.sealing import Secret
from outtray.mail.address import Address, AddressError

USER_ADDRESS = "ben@nordwind.example"
COMPANY_ADDRESS = "billing@nordwind.example"


@dataclass(frozen=True, slots=True)
class Login:
    """A user name of the mail server, and its password."""

    username: str
    password: Secret


@dataclass(frozen=True, slots=True)
class Destination:
    """A mail server, and as whom the two mailboxes of the demo use it."""

    host: str
    port: int
    security: str
    user: Login
    company: Login
    ca_file: str = ""

    def settings(self, login: Login) -> dict[str, object]:
        return {
            "host": self.host,
            "port": self.port,
            "security": self.security,
            "username": login.username,
        }

    @property
    def user_address(self) -> str:
        return _sender(self.user, otherwise=USER_ADDRESS)

    @property
    def company_address(self) -> str:
        return _sender(self.company, otherwise=COMPANY_ADDRESS)

    @property
    def networks(self) -> list[str]:
        """Private addresses of the server: who names it here has thereby admitted them."""
        return [f"{address}" for address in _addresses(self.host) if address.is_private]


def outside(
    server: str, *, security: str | None, username: str, password: Secret, ca_file: str
) -> Destination:
    """A server named as HOST:PORT. Both mailboxes use the one login that was given.

    Without a word on security it is TLS on port 465, nothing on this machine without a
    login, and STARTTLS otherwise.
    """
    host, port = _host_and_port(server)
    login = Login(username, password)
    chosen = security or _usual_security(host, port, login)
    return Destination(host, port, chosen, user=login, company=login, ca_file=ca_file)


def _host_and_port(server: str) -> tuple[str, int]:
    host, _, port = server.rpartition(":")
    if not host or not port.isdigit() or not 1 <= int(port) <= 65535:
        raise Refused("bad_server", f"{server!r} is not HOST:PORT, such as localhost:587.")
    return host.strip("[]"), int(port)


def _usual_security(host: str, port: int, login: Login) -> str:
    if port == 465:
        return "tls"
    local = [address.is_loopback for address in _addresses(host)]
    return "none" if local and all(local) and not login.username else "starttls"


def _sender(login: Login, *, otherwise: str) -> str:
    """Most servers let a login send only as its own address, where it is one."""
    try:
        return str(Address.parse(login.username))
    except AddressError:
        return otherwise


def _addresses(host: str) -> Iterator[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return
    for entry in found:
        yield ipaddress.ip_address(str(entry[4][0]).partition("%")[0])
