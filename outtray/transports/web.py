"""The guarded door to web interfaces: every HTTP request of ours leaves here.

As with mail servers a name is resolved once and each address is judged (`egress.py`). Nothing
is redirected, nothing is read without bound, and all of a request has to end in time. For a
request that cannot be taken back, `NoAnswer.was_sent` tells whether it can have been heard.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Protocol, Self
from urllib.parse import SplitResult, urlsplit

from outtray.transports import egress
from outtray.transports.base import Route, Trouble
from outtray.transports.tls import begin_tls, context_for, meaning_of

PORTS = frozenset({443})
CONNECT = 10.0  # seconds for each address of a name
SECONDS = 30.0  # for a whole request
AT_MOST = 1024 * 1024  # octets of an answer
_DROPPED = (OSError, http.client.HTTPException, ValueError)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server answered; names of headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as JSON, or None where it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """No answer came. `was_sent` is False only if the server cannot have the whole request."""

    trouble: Trouble
    text: str
    was_sent: bool = False


class Resolve(Protocol):
    """The addresses of a name that may be connected to, judged by the rules."""

    def __call__(
        self, host: str, port: int, *, rules: egress.Rules
    ) -> tuple[egress.Endpoint, ...] | egress.NoWay: ...


@dataclass(frozen=True, slots=True)
class Web:
    """What requests of a route may reach, and who finds and judges the addresses of a name."""

    allow_local: bool = False
    allow_networks: tuple[str, ...] = ()
    ca_file: str = ""
    resolve: Resolve = egress.resolve

    @classmethod
    def of(cls, route: Route) -> Web:
        """As this route may."""
        return cls(route.allow_local, route.allow_networks, route.ca_file)

    def ask(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        seconds: float = SECONDS,
        at_most: int = AT_MOST,
    ) -> Answer | NoAnswer:
        """One request on a connection of its own."""
        connection = self.connect(url, seconds=min(seconds, CONNECT))
        if isinstance(connection, NoAnswer):
            return connection
        with connection:
            return connection.ask(
                method, url, headers=headers, content=content, seconds=seconds, at_most=at_most
            )

    def connect(self, url: str, *, seconds: float = CONNECT) -> Connection | NoAnswer:
        """A connection to the server of that address, for several requests."""
        place = _place(url)
        if isinstance(place, NoAnswer):
            return place
        sock = self._socket(place, seconds)
        if isinstance(sock, egress.NoWay):
            return NoAnswer(sock.trouble, sock.text)
        if place.scheme == "http":
            return Connection(place, sock)
        try:
            context = context_for(self.ca_file)
            with _at_most(sock, seconds):
                return Connection(place, begin_tls(sock, context, str(place.hostname)))
        except ssl.SSLError as problem:
            sock.close()
            return NoAnswer(*meaning_of(problem, str(place.hostname)))
        except OSError as problem:
            sock.close()
            reason = problem.strerror or "the server closed the connection"
            return NoAnswer(Trouble.TLS_INTERRUPTED, f"TLS with {place.hostname} failed ({reason})")

    @property
    def rules(self) -> egress.Rules:
        """What is admitted."""
        return egress.Rules(self.allow_local, self.allow_networks, PORTS)

    def _socket(self, place: SplitResult, seconds: float) -> socket.socket | egress.NoWay:
        host, port = str(place.hostname), _port(place)
        endpoints = self.resolve(host, port, rules=self.rules)
        if isinstance(endpoints, egress.NoWay):
            return endpoints
        if place.scheme == "http" and not all(endpoint.is_local for endpoint in endpoints):
            return egress.NoWay(Trouble.NOT_ALLOWED, f"{host} would be asked without encryption")
        return egress.connect(endpoints, seconds=seconds)


class Connection:
    """An open connection to one server. After any surprise it is closed."""

    def __init__(self, place: SplitResult, sock: socket.socket) -> None:
        self._origin = (place.scheme, place.hostname, _port(place))
        is_tls = place.scheme == "https"
        kind = http.client.HTTPSConnection if is_tls else http.client.HTTPConnection
        self._http = kind(str(place.hostname), _port(place))
        self._http.sock = sock
        self._http.auto_open = 0
        self._sock: socket.socket | None = sock

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def usable(self) -> bool:
        """Whether another request may go here: the server has neither closed nor spoken."""
        if self._sock is None:
            return False
        try:
            self._sock.settimeout(0)
            self._sock.recv(1)
        except (BlockingIOError, ssl.SSLWantReadError):
            return True
        except OSError:
            return False
        return False

    def ask(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        seconds: float = SECONDS,
        at_most: int = AT_MOST,
    ) -> Answer | NoAnswer:
        """One request to this server."""
        place = _place(url)
        if isinstance(place, NoAnswer):
            return place
        if (place.scheme, place.hostname, _port(place)) != self._origin:
            raise ValueError("a connection is for one server")
        if self._sock is None:
            return NoAnswer(Trouble.CONNECTION_CLOSED, "the connection is no longer usable")
        request = _Request(method, place, headers or {}, content)
        with _at_most(self._sock, seconds) as clock:
            answer = self._asked(request, at_most, clock)
        if isinstance(answer, NoAnswer) or answer.headers.get("connection", "").lower() == "close":
            self.close()
        return answer

    def close(self) -> None:
        """Close it. Never raises."""
        self._sock = None
        with suppress(OSError):
            self._http.close()

    def _asked(self, request: _Request, at_most: int, clock: _Clock) -> Answer | NoAnswer:
        host = str(request.place.hostname)
        was_sent = False
        try:
            # A server may answer before it has read all, and then hang up: that answer counts.
            with suppress(BrokenPipeError, ConnectionResetError):
                self._http.request(
                    request.method, request.target, body=request.content, headers=request.headers
                )
                was_sent = True
            with closing(self._http.getresponse()) as response:
                body = response.read(at_most + 1)
            if len(body) > at_most:
                text = f"{host} answered with more than {at_most} octets"
                return NoAnswer(Trouble.REPLY_TOO_LONG, text, was_sent)
            # What is told in several lines is one list (RFC 9110 §5.3), as ways to log in are.
            named = {name.lower(): response.getheader(name, "") for name in response.headers}
            return Answer(response.status, named, body)
        except _DROPPED as problem:
            if clock.is_over or isinstance(problem, TimeoutError):
                return NoAnswer(Trouble.TIMED_OUT, f"{host} did not answer in time", was_sent)
            return NoAnswer(*_dropped(problem, host), was_sent)


class _Request:
    """A request, as it goes on the line."""

    def __init__(
        self, method: str, place: SplitResult, headers: Mapping[str, str], content: bytes | None
    ) -> None:
        self.method = method
        self.place = place
        self.target = f"{place.path or '/'}?{place.query}" if place.query else place.path or "/"
        self.headers = {"Accept-Encoding": "identity", "User-Agent": "Outtray", **headers}
        self.content = content


@dataclass(slots=True)
class _Clock:
    is_over: bool = False


@contextmanager
def _at_most(sock: socket.socket, seconds: float) -> Iterator[_Clock]:
    """Cut the line when the time is over, however slowly octets trickle in."""
    clock = _Clock()
    sock.settimeout(seconds)
    same_line = socket.socket(fileno=os.dup(sock.fileno()))

    def cut() -> None:
        clock.is_over = True
        with suppress(OSError):
            same_line.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield clock
    finally:
        timer.cancel()
        timer.join()
        same_line.close()


def _place(url: str) -> SplitResult | NoAnswer:
    try:
        place = urlsplit(url)
        port = place.port
    except ValueError:
        return NoAnswer(Trouble.SETTINGS, "the address of the web interface is malformed")
    if place.scheme not in {"http", "https"} or not place.hostname or port == 0:
        return NoAnswer(Trouble.SETTINGS, "the address of the web interface is malformed")
    return place


def _port(place: SplitResult) -> int:
    return place.port or (443 if place.scheme == "https" else 80)


def _dropped(problem: BaseException, host: str) -> tuple[Trouble, str]:
    # Many a server closes its line without the good-bye that TLS asks for.
    is_just_closed = isinstance(problem, ssl.SSLEOFError | ssl.SSLZeroReturnError)
    if isinstance(problem, ssl.SSLError) and not is_just_closed:
        return meaning_of(problem, host)
    if isinstance(problem, http.client.HTTPException) and not isinstance(
        problem, http.client.RemoteDisconnected
    ):
        return Trouble.NOT_A_MAIL_SERVER, f"{host} does not answer as a web server does"
    return Trouble.CONNECTION_CLOSED, f"{host} closed the connection"
