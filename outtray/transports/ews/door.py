"""The one connection to an Exchange server: guarded, verified, and the same for all requests.

exchangelib and requests only ever see the adapter: neither opens a connection, follows a
redirect, reads a proxy or an authority from the environment, or shares anything with another
route. The name is resolved once, and a lost line is opened again to the same addresses.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import urlsplit

from outtray.transports import egress
from outtray.transports.base import Route, Trouble
from outtray.transports.ews.challenge import holds_challenge
from outtray.transports.ews.patience import Patience
from outtray.transports.ews.settings import Settings
from outtray.transports.tls import begin_tls, context_for, meaning_of
from outtray.transports.web import PORTS, Answer, Connection, NoAnswer

# Its own reply to one request is bounded; of a message only what is asked for comes back.
AT_MOST = 4 * 1024 * 1024
_MAX_TOLD = 100
_MAX_LINE = 500


class Door:
    """How far the way to one server has come, and what it has said last."""

    def __init__(self, route: Route, settings: Settings, patience: Patience) -> None:
        self.settings = settings
        self.patience = patience
        self.last: Answer | NoAnswer | None = None
        self.told: list[str] = []  # what was said, to be shown to people
        self.challenge = ""
        self.certificate = b""
        self.tls = ""
        self.valid_until = ""
        self._ca_file = route.ca_file
        self._rules = egress.Rules(route.allow_local, route.allow_networks, PORTS)
        self._endpoints: tuple[egress.Endpoint, ...] = ()
        self._sock: socket.socket | None = None
        self._connection: Connection | None = None
        self._ends_at = time.monotonic() + patience.whole if patience.whole else None

    @property
    def is_open(self) -> bool:
        """Whether the line is there and the server waits for us."""
        return self._connection is not None and self._connection.usable

    def look_up(self) -> tuple[egress.Endpoint, ...] | egress.NoWay:
        """Find and judge the addresses of the name."""
        found = egress.resolve(self.settings.host, self.settings.port, rules=self._rules)
        if not isinstance(found, egress.NoWay):
            self._endpoints = found
        return found

    def connect(self) -> egress.NoWay | None:
        """Connect to the first that answers."""
        found = egress.connect(self._endpoints, seconds=self._at_most(self.patience.connect))
        if isinstance(found, egress.NoWay):
            return found
        self._sock = found
        return None

    def secure(self) -> NoAnswer | None:
        """Begin TLS with whoever the certificate proves to be that server."""
        assert self._sock is not None, "TLS needs a line"
        host, sock = self.settings.host, self._sock
        try:
            context = context_for(self._ca_file)
        except OSError as problem:
            text = f"the authorities in {self._ca_file}: {problem.strerror}"
            return NoAnswer(Trouble.SETTINGS, text)
        self._sock = None
        try:
            sock.settimeout(self._at_most(self.patience.handshake))
            secured = begin_tls(sock, context, host)
        except ssl.SSLError as problem:
            sock.close()
            return NoAnswer(*meaning_of(problem, host))
        except TimeoutError:
            sock.close()
            return NoAnswer(Trouble.TIMED_OUT, f"{host} did not finish the TLS handshake in time")
        except OSError as problem:
            sock.close()
            reason = problem.strerror or "the server closed the connection"
            return NoAnswer(Trouble.TLS_INTERRUPTED, f"TLS with {host} failed ({reason})")
        self.certificate = secured.getpeercert(binary_form=True) or b""
        self.tls = (secured.version() or "TLS").replace("v", " ")
        self.valid_until = _last_day(secured)
        self._connection = Connection(urlsplit(self.settings.uri), secured)
        return None

    def ask(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        content: bytes | None,
        seconds: float,
    ) -> Answer | NoAnswer:
        """One request, on the open line or on a new one where that was closed."""
        answer = self._ready() or self._asked(method, url, headers, content, seconds)
        if isinstance(answer, Answer):
            said = answer.headers.get("www-authenticate", "")
            self.challenge = said if holds_challenge(said) else self.challenge
        self.last = answer
        self.note(_shown(answer))
        return answer

    def note(self, line: str) -> None:
        """Keep for people what was said or happened; secrets never come here."""
        if len(self.told) < _MAX_TOLD:
            self.told.append(line[:_MAX_LINE])

    def look_unverified(self) -> bytes:
        """The certificate of whoever answers, or nothing. No word is said on that line."""
        found = egress.connect(self._endpoints, seconds=self._at_most(self.patience.connect))
        if isinstance(found, egress.NoWay):
            return b""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        with found, suppress(OSError):
            found.settimeout(self._at_most(self.patience.handshake))
            with begin_tls(found, context, self.settings.host) as secured:
                return secured.getpeercert(binary_form=True) or b""
        return b""

    def close(self) -> None:
        """Hang up. Never raises."""
        for line in (self._connection, self._sock):
            if line:
                line.close()
        self._connection = self._sock = None

    def _asked(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: bytes | None,
        seconds: float,
    ) -> Answer | NoAnswer:
        assert self._connection is not None
        return self._connection.ask(
            method,
            url,
            headers=headers,
            content=content,
            seconds=self._at_most(seconds),
            at_most=AT_MOST,
        )

    def _ready(self) -> NoAnswer | None:
        if self._ends_at and time.monotonic() >= self._ends_at:
            return NoAnswer(Trouble.TIMED_OUT, f"{self.settings.host} did not answer in time")
        if self.is_open:
            return None
        self.close()
        problem = self._opened()
        if problem and problem.trouble is Trouble.TLS_INTERRUPTED:
            problem = self._opened()  # nothing was said yet, so once more costs nothing
        return problem

    def _opened(self) -> NoAnswer | None:
        no_way = self.connect()
        if no_way:
            return NoAnswer(no_way.trouble, no_way.text)
        return self.secure()

    def _at_most(self, seconds: float) -> float:
        if self._ends_at is None:
            return seconds
        return max(0.1, min(seconds, self._ends_at - time.monotonic()))


def _shown(answer: Answer | NoAnswer) -> str:
    if isinstance(answer, NoAnswer):
        return f"-- {answer.text}"
    return f"S: {answer.status}" + (" wants a login" if answer.status == 401 else "")


def _last_day(secured: ssl.SSLSocket) -> str:
    not_after = str((secured.getpeercert() or {}).get("notAfter", ""))
    if not not_after:
        return "an unknown day"
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(not_after), UTC).date().isoformat()
