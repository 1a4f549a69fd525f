"""HTTP as the tests' web interfaces speak it, by hand, so that they can misbehave at any octet.

Steps are CONNECT, HEAD (the head of a request is read, nothing of its body), BODY (in its
middle), and whatever a server calls what it does with a whole request.
"""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus
from threading import Event
from urllib.parse import SplitResult, parse_qs, urlsplit

from tests.servers.ledger_deeds import USUAL, Deed, End, Plan
from tests.servers.listening import leave_with_the_end, reset_at_close
from tests.servers.script import HangUp
from tests.servers.wire import Wire

_PIECE = 512  # octets of a body that are read before something happens in its middle
_REQUEST = re.compile(r"([A-Z]+) (/\S*) HTTP/1\.1")


@dataclass(frozen=True, slots=True)
class Asked:
    """A whole request."""

    method: str
    target: SplitResult
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return self.target.path

    @property
    def query(self) -> dict[str, str]:
        return {name: values[-1] for name, values in parse_qs(self.target.query).items()}


def reply(status: int, body: object = b"", headers: Mapping[str, str] | None = None) -> bytes:
    """An answer as it goes over the line; what is no bytes goes as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = {
        "Date": formatdate(usegmt=True),
        "Content-Type": "application/json; charset=UTF-8",
        "Content-Length": str(len(content)),
        **(headers or {}),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n{head}\r\n".encode() + content


class HttpConversation:
    """One connection, of which a plan says what goes wrong."""

    def __init__(self, sock: socket.socket, plan: Callable[[], Plan], stopping: Event) -> None:
        self._wire = Wire(sock)
        self._plan = plan
        self._stopping = stopping

    def begin(self) -> None:
        """What happens to whoever connects. Raises HangUp where that ends it."""
        deed = self._deed("CONNECT")
        self._wait(deed.thinks)
        if deed.end is not End.NOT:
            raise self._hung_up(deed)

    def request(self) -> Asked:
        """The next request. Raises HangUp where none comes, or what came is enough."""
        first, *lines = self._wire.until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        found = _REQUEST.fullmatch(first)
        assert found, first
        pairs = (line.split(": ", 1) for line in lines)
        headers = {name.lower(): value for name, value in pairs}
        length = int(headers.get("content-length", 0))
        self._in_the_head(self._deed("HEAD"), length)
        return Asked(found[1], urlsplit(found[2]), headers, self._body(length))

    def answer(self, step: str, usual: bytes, *, take: Callable[[], None] = lambda: None) -> None:
        """Do what the plan says at this step; `take` is called if its answer is a yes."""
        deed = self._deed(step)
        if deed.end is End.BEFORE:
            raise HangUp
        self._wait(deed.thinks)
        octets = deed.reply or usual
        if octets.startswith(b"HTTP/1.1 2") or deed.takes:
            take()
        self._wait(deed.waits)
        if deed.end is End.UNANSWERED:
            raise HangUp
        self._say_last(deed, deed.unasked + octets)
        if deed.end is not End.NOT:
            raise self._hung_up(deed)

    def _in_the_head(self, deed: Deed, length: int) -> None:
        """An answer before the body is read is the last one. The rest is read all the same:
        whoever closes before that takes his answer back (RST)."""
        self._wait(deed.thinks)
        if deed.reply:
            self._say_last(deed, deed.reply)
            self._at_least(length)
        if deed is not USUAL and (deed.reply or deed.end is not End.NOT):
            raise self._hung_up(deed)

    def _body(self, length: int) -> bytes:
        deed = self._deed("BODY") if length else USUAL
        if deed is not USUAL:
            self._at_least(min(length - 1, _PIECE))
            self._wait(deed.thinks)
            if deed.end is not End.NOT:
                raise self._hung_up(deed)
        self._at_least(length)
        body, self._wire.unread = self._wire.unread[:length], self._wire.unread[length:]
        return body

    def _at_least(self, length: int) -> None:
        pieces, known = [self._wire.unread], len(self._wire.unread)
        while known < length:
            pieces.append(self._wire.sock.recv(1 << 20))
            if not pieces[-1]:
                raise HangUp
            known += len(pieces[-1])
        self._wire.unread = b"".join(pieces)

    def _hung_up(self, deed: Deed) -> HangUp:
        if deed.end is End.RESET:
            reset_at_close(self._wire.sock)
        return HangUp()

    def _deed(self, step: str) -> Deed:
        return self._plan().deed(step, "")

    def _say_last(self, deed: Deed, octets: bytes) -> None:
        if deed.end is End.TOGETHER:
            leave_with_the_end(self._wire.sock)
        self._say(octets, trickle=deed.trickle)

    def _say(self, octets: bytes, *, trickle: float = 0) -> None:
        if not trickle:
            self._wire.sock.sendall(octets)
            return
        for place in range(len(octets)):
            self._wire.sock.sendall(octets[place : place + 1])
            self._wait(trickle)

    def _wait(self, seconds: float) -> None:
        if seconds:
            self._stopping.wait(seconds)
