"""A mail server that keeps a ledger, and misbehaves in whatever way its plan says.

An acceptance is written down exactly when the server commits to its 250, also if that reply
never reaches the client: what counts is not what we believe to have sent, but what arrived.
On bare sockets and without any library of mail, as `scripted.py`.
"""

from __future__ import annotations

import contextlib
import os
import re
import socket
import ssl
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers.ledger_deeds import Deed, End, Plan, Told
from tests.servers.listening import Listening, reset_at_close
from tests.servers.script import ANSWERS, HangUp
from tests.servers.scripted import OFFERS
from tests.servers.wire import Wire, path_in

Line = tuple[str, str]  # Message-ID and recipient


class Ledger:
    """Who accepted what, in order; in a file too, if there is one, line by line."""

    def __init__(self, file: Path | None = None) -> None:
        self._lines: list[Line] = []
        self._lock = threading.Lock()
        self._file = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600) if file else None

    def keep(self, message_id: str, recipients: list[str]) -> None:
        """Write one acceptance. On return a killed process does not forget it any more."""
        lines = [(message_id, recipient) for recipient in recipients]
        with self._lock:
            if self._file is not None:
                os.write(self._file, "".join(f"{i}\t{r}\n" for i, r in lines).encode())
            self._lines.extend(lines)

    def lines(self) -> list[Line]:
        with self._lock:
            return list(self._lines)

    def counted(self) -> Counter[Line]:
        """How often each recipient got each message."""
        return Counter(self.lines())

    def begin_anew(self) -> None:
        with self._lock:
            self._lines.clear()

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)


@dataclass
class Rules:
    """What the server allows: recipients a message, messages a time, and no strangers.

    A greylisting server refuses the first try of each pair of sender and recipient.
    """

    recipients_per_message: int = 0
    messages: int = 0
    window: float = 0
    greylists: bool = False
    _taken_at: deque[float] = field(default_factory=deque)
    _known: set[tuple[str, str]] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def sender(self) -> str:
        """The refusal of one more message, if there is one."""
        if not self.messages:
            return ""
        with self._lock:
            now = time.monotonic()
            while self._taken_at and self._taken_at[0] <= now - self.window:
                self._taken_at.popleft()
            if len(self._taken_at) >= self.messages:
                return "450 4.4.5 Hourly sending limit reached, try again later"
        return ""

    def recipient(self, sender: str, address: str, before: int) -> str:
        """The refusal of one more recipient, if there is one."""
        if self.recipients_per_message and before >= self.recipients_per_message:
            return "452 4.5.3 Too many recipients"
        if self.greylists:
            with self._lock:
                if (sender, address) not in self._known:
                    self._known.add((sender, address))
                    return "451 4.7.1 Greylisted, try again in 300 seconds"
        return ""

    def count(self) -> None:
        """One more message was taken."""
        with self._lock:
            self._taken_at.append(time.monotonic())


class LedgerServer(Listening):
    """Listens on a free port of this machine from the constructor on, until `stop`."""

    host = "localhost"

    def __init__(self, ledger: Ledger | None = None) -> None:
        self.ledger = ledger or Ledger()
        self.told = Told()
        self.plan: Plan = self.told
        self.rules = Rules()
        self.keywords: tuple[str, ...] = OFFERS
        self.tls: ssl.SSLContext | None = None
        self.strips_starttls = False
        super().__init__(lambda sock: _Conversation(self, sock).run())

    def settings(self, *, username: str = "ben@nordwind.example") -> dict[str, str | int]:
        """The settings of a mailbox on this server."""
        security = "starttls" if self.tls else "none"
        return {"host": self.host, "port": self.port, "security": security, "username": username}

    def shows(self, certificate: tuple[Path, Path]) -> None:
        """Offer STARTTLS with this certificate and key."""
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(*certificate)

    def follow(self, plan: Plan) -> None:
        """Do from now on what this plan says."""
        self.plan = plan

    def behaves(self) -> None:
        """Take everything from now on."""
        self.plan = self.told = Told()

    def stop(self) -> None:
        """Close everything and wait for every thread."""
        super().stop()
        self.ledger.close()


class _Conversation:
    """One connection, from the greeting to its end."""

    def __init__(self, server: LedgerServer, sock: socket.socket) -> None:
        self._server = server
        self._wire = Wire(sock)
        self._is_secured = False
        self._sender = ""
        self._recipients: list[str] = []

    def run(self) -> None:
        with contextlib.suppress(HangUp, OSError):
            self._answer("GREETING")
            while True:
                verb, _, rest = self._wire.line().partition(" ")
                handler = _HANDLERS.get(verb.upper())
                if handler:
                    handler(self, rest)
                else:
                    self._say(b"500 5.5.2 Command unrecognized\r\n")
        self._wire.sock.close()

    def _ehlo(self, _rest: str) -> None:
        keywords = list(self._server.keywords)
        if self._server.tls and not self._is_secured and not self._server.strips_starttls:
            keywords.append("STARTTLS")
        *first, last = ["mail.example", *keywords]
        lines = [*(f"250-{line}\r\n" for line in first), f"250 {last}\r\n"]
        self._answer("EHLO", usual="".join(lines).encode())

    def _starttls(self, _rest: str) -> None:
        if self._answer("STARTTLS") and self._server.tls:
            self._wire.sock = self._server.tls.wrap_socket(self._wire.sock, server_side=True)
            self._is_secured = True

    def _auth(self, rest: str) -> None:
        method, _, initial = rest.partition(" ")
        if method != "PLAIN":
            self._say(b"504 5.5.4 PLAIN only\r\n")
            return
        if not initial:
            self._say(b"334 \r\n")
            self._wire.until(b"\r\n")
        self._answer("AUTH")

    def _mail(self, rest: str) -> None:
        address = path_in(rest)
        if self._answer("MAIL", f"<{address}>", refusal=self._server.rules.sender()):
            self._sender, self._recipients = address, []

    def _rcpt(self, rest: str) -> None:
        address = path_in(rest)
        refusal = "503 5.5.1 MAIL first"
        if self._sender:
            rules, before = self._server.rules, len(self._recipients)
            refusal = rules.recipient(self._sender, address, before)
        if self._answer("RCPT", f"<{address}>", refusal=refusal):
            self._recipients.append(address)

    def _data(self, _rest: str) -> None:
        refusal = "" if self._recipients else "554 5.5.1 No valid recipients"
        if not self._answer("DATA", refusal=refusal):
            return
        self._in_the_middle(self._server.plan.deed("BODY", ""))
        message_id = _message_id(self._wire.content())
        recipients, self._sender, self._recipients = self._recipients, "", []
        self._answer("CONTENT", take=lambda: self._keep(message_id, recipients))

    def _keep(self, message_id: str, recipients: list[str]) -> None:
        self._server.rules.count()
        self._server.ledger.keep(message_id, recipients)

    def _in_the_middle(self, deed: Deed) -> None:
        """What happens while content comes: some of it is read, or nothing for a while."""
        self._wait(deed.thinks)
        if deed.end is End.NOT:
            return
        self._wire.unread += self._wire.sock.recv(512)
        if deed.end is End.RESET:
            reset_at_close(self._wire.sock)
        raise HangUp

    def _rset(self, _rest: str) -> None:
        self._sender, self._recipients = "", []
        self._answer("RSET")

    def _quit(self, _rest: str) -> None:
        self._answer("QUIT")
        raise HangUp

    def _answer(
        self,
        step: str,
        detail: str = "",
        *,
        usual: bytes = b"",
        refusal: str = "",
        take: Callable[[], None] = lambda: None,
    ) -> bool:
        """Do what the plan says at this step; True if its answer was a yes."""
        deed = self._server.plan.deed(step, detail)
        if deed.end is End.BEFORE:
            raise HangUp
        self._wait(deed.thinks)
        answer = f"{refusal or ANSWERS.get(step, '')}\r\n".encode()
        reply = deed.reply or (answer if refusal else usual or answer)
        is_yes = reply.startswith((b"2", b"354") if step == "DATA" else b"2")
        if is_yes:
            take()
        self._wait(deed.waits)
        if deed.end is End.UNANSWERED:
            raise HangUp
        self._say(deed.unasked + reply, trickle=deed.trickle)
        if deed.end is End.RESET:
            reset_at_close(self._wire.sock)
        if deed.end is not End.NOT:
            raise HangUp
        return is_yes

    def _say(self, octets: bytes, *, trickle: float = 0) -> None:
        if not trickle:
            self._wire.sock.sendall(octets)
            return
        for place in range(len(octets)):
            self._wire.sock.sendall(octets[place : place + 1])
            self._wait(trickle)

    def _wait(self, seconds: float) -> None:
        if seconds:
            self._server.stopping.wait(seconds)


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


def _message_id(content: bytes) -> str:
    header = content.partition(b"\r\n\r\n")[0]
    found = re.search(rb"^Message-ID:\s*(\S+)", header, re.MULTILINE | re.IGNORECASE)
    return found.group(1).decode() if found else ""
