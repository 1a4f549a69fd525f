"""An SMTP server of ours that does what a test tells it, and keeps a ledger.

One thread for each connection, on bare sockets and without any library of mail, so that it
shares no mistake with the code that it tests.
"""

from __future__ import annotations

import base64
import contextlib
import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from outtray.mail.address import Address
from outtray.mail.envelope import Envelope
from tests.servers.script import ANSWERS, DEADLINE, HangUp, Script
from tests.servers.wire import Wire, path_in

OFFERS = (
    "PIPELINING",
    "SIZE 52428800",
    "8BITMIME",
    "SMTPUTF8",
    "ENHANCEDSTATUSCODES",
    "AUTH PLAIN LOGIN",
)


class Received(NamedTuple):
    """One message that the server took responsibility for."""

    envelope: Envelope
    content: bytes


class ScriptedServer(Script):
    """A mail server on a free port of this machine."""

    host = "localhost"

    def __init__(self) -> None:
        super().__init__()
        self.received: list[Received] = []
        self.commands: list[str] = []
        self.logins: list[tuple[str, str]] = []
        self.good_tokens: set[str] | None = None
        self.challenge = '{"status":"invalid_token","schemes":"bearer"}'
        self.last_words: list[str] = []
        self.connections = 0
        self.keywords: tuple[str, ...] = OFFERS
        self.tls: ssl.SSLContext | None = None
        self.speaks_tls_at_once = False
        self._changed = threading.Condition()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._start(self._accept)

    def settings(self, *, username: str = "ben@nordwind.example") -> dict[str, str | int]:
        """The settings of a mailbox on this server."""
        security = "tls" if self.speaks_tls_at_once else "starttls" if self.tls else "none"
        return {"host": self.host, "port": self.port, "security": security, "username": username}

    def takes_tokens(self, *tokens: str, method: str = "XOAUTH2") -> None:
        """Take these tokens and no password. Any other one is refused by a challenge that says
        why, and after the client's last word by a reply."""
        self.good_tokens = set(tokens)
        self.keywords = (*OFFERS[:-1], f"AUTH {method}")

    def offers(self, *keywords: str) -> None:
        """Offer exactly this in answer to EHLO, besides STARTTLS if there is a certificate."""
        self.keywords = keywords

    def offers_starttls(self, certificate: tuple[Path, Path]) -> None:
        """Offer STARTTLS with this certificate and key."""
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(*certificate)

    def speaks_tls(self, certificate: tuple[Path, Path]) -> None:
        """Speak TLS from the first octet on."""
        self.offers_starttls(certificate)
        self.speaks_tls_at_once = True

    def wait_for_messages(self, number: int) -> list[Received]:
        """All received so far, once there are that many."""
        with self._changed:
            are_enough = self._changed.wait_for(lambda: len(self.received) >= number, DEADLINE)
            assert are_enough, f"only {len(self.received)} of {number} messages came"
            return list(self.received)

    def keep(self, received: Received) -> None:
        """Write into the ledger."""
        with self._changed:
            self.received.append(received)
            self._changed.notify_all()

    def stop(self) -> None:
        """Close everything and wait for every thread."""
        self.behaves()
        _close(self._listener)
        for sock in list(self._open):
            _close(sock)
        for thread in self._threads:
            thread.join(DEADLINE)

    def forget(self, sock: socket.socket) -> None:
        self._open.discard(sock)
        _close(sock)

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections += 1
            self._open.add(sock)
            self._start(_Conversation(self, sock).run)

    def _start(self, target: Callable[[], None]) -> None:
        thread = threading.Thread(target=target, daemon=True)
        self._threads.append(thread)
        thread.start()


class _Conversation:
    """One connection, from the greeting to its end."""

    def __init__(self, server: ScriptedServer, sock: socket.socket) -> None:
        self._server = server
        self._raw = sock
        self._wire = Wire(sock)
        self._is_secured = False
        self._sender = ""
        self._recipients: list[str] = []

    def run(self) -> None:
        try:
            with contextlib.suppress(HangUp, OSError):
                self._converse()
        finally:
            self._wire.sock.close()
            self._server.forget(self._raw)

    def _converse(self) -> None:
        if self._server.speaks_tls_at_once:
            self._secure()
        self._answer("GREETING")
        while True:
            line = self._wire.line()
            self._server.commands.append(line)
            verb, _, rest = line.partition(" ")
            handler = _HANDLERS.get(verb.upper())
            if handler:
                handler(self, rest)
            else:
                self._say(b"500 5.5.2 Command unrecognized\r\n")

    def _ehlo(self, _rest: str) -> None:
        keywords = list(self._server.keywords)
        if self._server.tls and not self._is_secured:
            keywords.append("STARTTLS")
        lines = ["mail.example", *keywords]
        signs = ["-"] * (len(lines) - 1) + [" "]
        text = "".join(f"250{sign}{line}\r\n" for sign, line in zip(signs, lines, strict=True))
        self._answer("EHLO", usual=text.encode())

    def _starttls(self, _rest: str) -> None:
        if self._answer("STARTTLS").startswith(b"220"):
            self._secure()

    def _auth(self, rest: str) -> None:
        method, _, initial = rest.partition(" ")
        if "OAUTH" in method:
            self._bearer(method, _decoded(initial))
            return
        if method == "PLAIN":
            _, username, password = _decoded(initial or self._ask(b"334 \r\n")).split("\0")
        else:
            username = _decoded(initial or self._ask(b"334 VXNlcm5hbWU6\r\n"))
            password = _decoded(self._ask(b"334 UGFzc3dvcmQ6\r\n"))
        self._server.logins.append((username, password))
        self._answer("AUTH")

    def _bearer(self, method: str, said: str) -> None:
        server = self._server
        server.logins.append((method, said))
        token = said.partition("Bearer ")[2].partition("\1")[0]
        if server.good_tokens is None or token in server.good_tokens:
            self._answer("AUTH")
            return
        challenge = base64.b64encode(server.challenge.encode())
        server.last_words.append(self._ask(b"334 " + challenge + b"\r\n"))
        self._answer("AUTH", usual=b"535 5.7.8 Username and Password not accepted\r\n")

    def _mail(self, rest: str) -> None:
        address = path_in(rest)
        if self._answer("MAIL", f"<{address}>").startswith(b"2"):
            self._sender, self._recipients = address, []

    def _rcpt(self, rest: str) -> None:
        address = path_in(rest)
        usual = b"" if self._sender else b"503 5.5.1 MAIL first\r\n"
        if self._answer("RCPT", f"<{address}>", usual=usual).startswith(b"2"):
            self._recipients.append(address)

    def _data(self, _rest: str) -> None:
        usual = b"" if self._recipients else b"554 5.5.1 No valid recipients\r\n"
        if not self._answer("DATA", usual=usual).startswith(b"354"):
            return
        self._server.arrive_at("CONTENT")
        self._server.has_taken("LISTENING")
        content = self._wire.content()
        reply = self._reply("CONTENT")
        if reply.startswith(b"2") and self._recipients:
            recipients = tuple(Address.parse(text) for text in self._recipients)
            envelope = Envelope(Address.parse(self._sender), recipients)
            self._server.keep(Received(envelope, content))
        self._sender, self._recipients = "", []
        self._server.has_taken("CONTENT")
        self._say(reply)
        self._go_on_after("CONTENT")

    def _rset(self, _rest: str) -> None:
        self._sender, self._recipients = "", []
        self._answer("RSET")

    def _quit(self, _rest: str) -> None:
        self._answer("QUIT")
        raise HangUp

    def _answer(self, step: str, detail: str = "", *, usual: bytes = b"") -> bytes:
        self._server.arrive_at(step, detail)
        reply = self._reply(step, detail, usual=usual)
        self._server.has_taken(step, detail)
        self._say(reply)
        self._go_on_after(step)
        return reply

    def _go_on_after(self, step: str) -> None:
        unasked = self._server.unasked_after(step)
        if unasked is not None:
            self._say(unasked)
        if unasked == b"":
            raise HangUp

    def _reply(self, step: str, detail: str = "", *, usual: bytes = b"") -> bytes:
        told = self._server.reply_to(step, detail)
        if told is not None:
            return told
        return usual or f"{ANSWERS[step]}\r\n".encode()

    def _ask(self, challenge: bytes) -> str:
        self._say(challenge)
        return self._wire.line()

    def _say(self, octets: bytes) -> None:
        self._wire.sock.sendall(octets)

    def _secure(self) -> None:
        assert self._server.tls is not None
        self._wire.sock = self._server.tls.wrap_socket(self._wire.sock, server_side=True)
        self._is_secured = True


_HANDLERS: dict[str, Callable[[_Conversation, str], None]] = {
    "EHLO": _Conversation._ehlo,
    "STARTTLS": _Conversation._starttls,
    "AUTH": _Conversation._auth,
    "MAIL": _Conversation._mail,
    "RCPT": _Conversation._rcpt,
    "DATA": _Conversation._data,
    "RSET": _Conversation._rset,
    "QUIT": _Conversation._quit,
}


def _decoded(text: str) -> str:
    return base64.b64decode(text).decode()


def _close(sock: socket.socket) -> None:
    """End both directions, so that a thread waiting in accept or recv wakes up."""
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
    sock.close()
