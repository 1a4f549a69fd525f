"""The last resort: is there a mail server under one of the usual names?

It is greeted by EHLO and left again: no address is told, no sign-in tried.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from functools import partial

from outtray.mail.address import Address
from outtray.transports import egress
from outtray.transports.base import Trouble
from outtray.transports.detection.deadline import Deadline
from outtray.transports.detection.values import Heard, MailServer, Nothing, Reach
from outtray.transports.tls import begin_tls, context_for

_AT_MOST = 16 * 1024  # octets of what a server says
_USUAL = ("mail", "smtp")


def candidates(
    address: Address, mail_hosts: Sequence[str], reach: Reach
) -> Mapping[str, Callable[[], Heard | Nothing]]:
    """A question for each usual name and for the host that takes the domain's mail, the most
    likely first."""
    usual = [f"{name}.{address.domain}" for name in _USUAL]
    hosts = dict.fromkeys([*usual, *mail_hosts[:1]])
    servers = [MailServer(host, port, security) for port, security in reach.doors for host in hosts]
    return {f"{server.host}:{server.port}": partial(greet, server, reach) for server in servers}


def greet(server: MailServer, reach: Reach) -> Heard | Nothing:
    """Whether a mail server with a valid certificate is there, which offers a sign-in."""
    rules = egress.Rules(reach.allow_local, reach.allow_networks)
    endpoints = reach.resolve(server.host, server.port, rules=rules)
    if isinstance(endpoints, egress.NoWay):
        return Nothing(endpoints.text, is_late=endpoints.trouble is Trouble.TIMED_OUT)
    sock = egress.connect(endpoints[:1], seconds=reach.seconds)
    if isinstance(sock, egress.NoWay):
        return Nothing(sock.text)
    try:
        with closing(_Greeting(sock, Deadline(reach.seconds))) as greeting:
            offers = greeting.walk(server, reach.ca_file)
    except (OSError, ValueError):
        return Nothing(f"{server.host} port {server.port} does not greet as a mail server does")
    if not any(offer.startswith("AUTH") for offer in offers):
        return Nothing(f"{server.host} port {server.port} offers no sign-in")
    told = f"{server.host} answers on port {server.port}"
    return Heard(told, smtp=server, is_foreign=True)


class _Greeting:
    """A few words with a server, all of them before one deadline."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock = sock
        self._deadline = deadline
        self._unread = b""

    def walk(self, server: MailServer, ca_file: str) -> list[str]:
        """Greet, encrypt, greet again; what is offered then. Raises OSError or ValueError."""
        if server.security == "tls":
            self._encrypt(server.host, ca_file)
            self._reply("220")
            return self._ehlo()
        self._reply("220")
        if "STARTTLS" not in self._ehlo():
            raise ValueError("not encrypted")
        self._say("STARTTLS")
        self._reply("220")
        if self._unread:
            raise ValueError("spoke before the handshake")
        self._encrypt(server.host, ca_file)
        return self._ehlo()

    def close(self) -> None:
        self._sock.close()

    def _ehlo(self) -> list[str]:
        self._say("EHLO [127.0.0.1]")
        return [line[4:].strip().upper() for line in self._reply("250")[1:]]

    def _encrypt(self, host: str, ca_file: str) -> None:
        self._be_quick()
        self._sock = begin_tls(self._sock, context_for(ca_file), host)

    def _say(self, words: str) -> None:
        self._be_quick()
        self._sock.sendall(f"{words}\r\n".encode())

    def _reply(self, code: str) -> list[str]:
        """The lines of the next reply. Raises ValueError if it has another code."""
        lines: list[str] = []
        while not lines or lines[-1][3:4] == "-":
            lines.append(self._line())
            if lines[-1][:3] != code:
                raise ValueError(lines[-1][:100])
        return lines

    def _line(self) -> str:
        heard = 0
        while b"\n" not in self._unread:
            self._be_quick()
            octets = self._sock.recv(4096)
            heard += len(octets)
            if not octets or heard > _AT_MOST:
                raise ValueError("no reply")
            self._unread += octets
        line, _, self._unread = self._unread.partition(b"\n")
        return line.decode("latin-1").rstrip("\r")

    def _be_quick(self) -> None:
        left = self._deadline.left
        if not left:
            raise TimeoutError
        self._sock.settimeout(left)
