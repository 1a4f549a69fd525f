"""Ways to ask the wrong server, or none: what is there, what is typed, what must be said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.servers.misconfigured import own_address

# Here a right mail server answers on 587, whatever else listens beside it.
NEIGHBOUR = own_address()
RIGHT_DOOR: Mapping[str, str | int] = {"port": 587, "security": "starttls"}
RIGHT_PORT: Mapping[str, str | int] = {"port": 587}

_WEB = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"


@dataclass(frozen=True, slots=True)
class StrangeWay:
    """`first_words` None is where nothing listens at all."""

    causes: tuple[str, ...]
    first_words: bytes | None = None
    answer: bytes = b""
    over_tls: bool = False
    hangs_up: bool = False
    typed: Mapping[str, Any] = field(default_factory=dict)
    offer: Mapping[str, str | int] | None = None


_TLS = {"security": "tls"}

STRANGE_WAYS: Mapping[str, StrangeWay] = {
    "a web server": StrangeWay(("wrong_port",), b"", _WEB, offer=RIGHT_PORT),
    "a web server, asked for TLS": StrangeWay(
        ("wrong_port",), b"", _WEB, typed=_TLS, offer=RIGHT_DOOR
    ),
    "a web server with TLS": StrangeWay(
        ("wrong_port",), b"", _WEB, over_tls=True, typed=_TLS, offer=RIGHT_DOOR
    ),
    "a web server with TLS, asked in clear text": StrangeWay(
        ("wrong_port",), b"", _WEB, over_tls=True, offer=RIGHT_PORT
    ),
    "a POP3 server": StrangeWay(("wrong_port",), b"+OK Dovecot ready.\r\n", offer=RIGHT_PORT),
    "a POP3 server with TLS": StrangeWay(
        ("wrong_port",), b"+OK ready.\r\n", over_tls=True, typed=_TLS, offer=RIGHT_DOOR
    ),
    "an IMAP server with TLS, asked in clear text": StrangeWay(
        ("wrong_port",), b"* OK IMAP4rev1 ready\r\n", over_tls=True, offer=RIGHT_PORT
    ),
    "an IMAP server, asked for TLS": StrangeWay(
        ("wrong_port",), b"* OK [CAPABILITY IMAP4rev1] ready\r\n", typed=_TLS, offer=RIGHT_DOOR
    ),
    "an SSH server": StrangeWay(("wrong_port",), b"SSH-2.0-OpenSSH_9.6\r\n", offer=RIGHT_PORT),
    "an FTP server": StrangeWay(
        ("wrong_port",), b"220 (vsFTPd 3.0.5)\r\n", b"530 Please login\r\n", offer=RIGHT_PORT
    ),
    "something that nobody knows": StrangeWay(
        ("wrong_port",), b"\x05\x00\x00hello\r\n", offer=RIGHT_PORT
    ),
    "a silent port": StrangeWay(("wrong_port", "connection_dropped"), b"", offer=RIGHT_PORT),
    "a port that hangs up at once": StrangeWay(
        ("connection_dropped", "wrong_port"), b"", hangs_up=True, offer=RIGHT_PORT
    ),
    "a port where nothing listens": StrangeWay(
        ("service_not_listening", "wrong_port"), typed={"port": 465, **_TLS}, offer=RIGHT_DOOR
    ),
    "a name that does not exist": StrangeWay(
        ("wrong_host", "dns_temporary_failure"), typed={"host": "nowhere.invalid"}
    ),
    "the address of a web page": StrangeWay(
        ("wrong_host",),
        typed={"host": "https://mail.nordwind.example/"},
        offer={"host": "mail.nordwind.example"},
    ),
    "a port that is not for sending": StrangeWay(
        ("wrong_port",),
        typed={"host": "192.0.2.1", "port": 993, **_TLS},
        offer={"port": 465, "security": "tls"},
    ),
    "a private network that is not allowed": StrangeWay(
        ("not_allowed_here",), typed={"host": "10.1.2.3", "port": 587}
    ),
    "another machine without encryption": StrangeWay(
        ("tls_required",),
        typed={"host": "192.0.2.1", "port": 587, "security": "none"},
        offer={"security": "starttls"},
    ),
    "IPv6, where only IPv4 is served": StrangeWay(
        ("service_not_listening", "wrong_host"),
        typed={"host": "::1", "port": 2525},
    ),
}
