"""One connection over IMAP (RFC 3501): what is read, how long and how much of it."""

from __future__ import annotations

import base64
import contextlib
import imaplib
import re
import socket
import ssl
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from outtray.lib.sealing import Secret
from outtray.transports.smtp.login import BEARER_METHODS
from outtray.transports.tls import begin_tls

MAX_OCTETS = 1024 * 1024  # of one look-up; a list of 5,000 folders has a quarter of it
_BLOCK = 16 * 1024

# An `astring` that needs no quotes (RFC 3501 §9).
_ATOM = re.compile(r"[^\x00-\x20\x7f-\U0010ffff(){%*\"\\]+")


_LISTED = re.compile(
    rb'\((?P<flags>[^)]*)\) (?:NIL|"(?:[^"\\]|\\.)*") (?P<name>"(?:[^"\\]|\\.)*"|[^ ]+)'
)
_UNJUDGED = re.compile(r"\[(UNAVAILABLE|INUSE|SERVERBUG)\]", re.IGNORECASE)
_SHIFTED = re.compile(r"&([^-]*)-")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class ImapBroken(Exception):  # noqa: N818 - it is no error of ours
    """The connection cannot be used any further. Turned into a value where it is used."""


class FolderShut(ImapBroken):
    """One folder cannot be looked into; the connection is still good."""


class LoginRefused(Exception):  # noqa: N818 - it is no error of ours
    """The server said no to user name and password."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder: its name for people, as it goes on the wire, and what it is for."""

    name: str
    wire: str
    uses: frozenset[str]

    @property
    def last_name(self) -> str:
        """Without the folders that it lies in, and so that names can be compared."""
        return re.split(r"[/.\\]", self.name)[-1].casefold()


class ImapLine(imaplib.IMAP4):
    """An open connection that ends by itself after so many seconds.

    imaplib speaks the protocol. Connecting, reading and securing are ours, because its own
    have no bound on time and little on size.
    """

    def __init__(self, sock: socket.socket, *, seconds: float) -> None:
        self.sock = sock
        self._deadline = time.monotonic() + seconds
        self._room = MAX_OCTETS
        self._unread = bytearray()
        super().__init__()

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        """The socket is open already: it came through the guarded door."""

    def read(self, size: int) -> bytes:
        while len(self._unread) < size:
            self._read_some()
        return self._taken(size)

    def readline(self) -> bytes:
        while (end := self._unread.find(b"\n")) < 0:
            self._read_some()
        return self._taken(end + 1)

    def shutdown(self) -> None:
        self.sock.close()

    def start_tls(self, context: ssl.SSLContext, host: str) -> None:
        """Begin TLS or break; what was said before does not count (RFC 3501 §6.2.1)."""
        if self.state != "NONAUTH" or "STARTTLS" not in self.offered():
            raise ImapBroken("the server does not offer STARTTLS")
        answer, _ = self.xatom("STARTTLS")
        if answer != "OK" or self._unread:
            raise ImapBroken("the server does not begin TLS as it should")
        self.sock.settimeout(self._seconds_left())
        self.sock = begin_tls(self.sock, context, host)
        self.untagged_responses.clear()

    def offered(self) -> frozenset[str]:
        """What the server can do; asked anew, because it changes with TLS and with the login."""
        _, told = self.capability()
        words = b" ".join(line for line in told if isinstance(line, bytes))
        return frozenset(words.decode("ascii", "replace").upper().split())

    def log_in(self, username: str, secret: Secret) -> None:
        """Log in, by one try with one method. Raises LoginRefused with the server's words."""
        offered = self.offered()
        try:
            if "AUTH=PLAIN" in offered:
                response = f"\0{username}\0{secret.value}".encode()  # RFC 4616 §2
                self.authenticate("PLAIN", lambda _: response)
            elif "LOGINDISABLED" not in offered and _fits_login(username, secret):
                self.login(username, secret.value)
            else:
                raise LoginRefused("the server takes no password by a method that we know")
        except self.abort:
            raise
        except self.error as refused:
            raise _not_let_in(_words(refused)) from refused

    def log_in_with_token(self, account: str, token: Secret) -> None:
        """Log in by OAuth. Raises LoginRefused with the server's words."""
        offered = self.offered()
        method = next((name for name in BEARER_METHODS if f"AUTH={name}" in offered), None)
        if method is None:
            raise LoginRefused("the server takes no token by a method that we know")
        said, last_word = BEARER_METHODS[method]
        words = iter((said(account, token).encode(), last_word.encode()))
        try:
            self.authenticate(method, lambda _: next(words, b""))
        except self.abort:
            raise
        except self.error as refused:
            raise _not_let_in(_words(refused)) from refused

    def folders(self) -> list[Folder]:
        """All folders, with their special uses where the server tells them (RFC 6154 §2)."""
        extended = {"SPECIAL-USE", "LIST-EXTENDED"} <= self.offered()
        self.xatom("LIST", '""', '"*"', *(("RETURN", "(SPECIAL-USE)") if extended else ()))
        _, told = self.response("LIST")
        return [folder for entry in told if (folder := _folder(entry))]

    def holds(self, folder: Folder, message_id: str, since: datetime) -> bool:
        """Whether the folder, which is only read, has a message with that Message-ID.

        A message counts from the day before: a server's day may have begun elsewhere.
        """
        answer, _ = self.select(folder.wire, readonly=True)
        if answer != "OK":
            raise FolderShut(f"the folder {folder.name} cannot be opened")
        day = since.astimezone(UTC) - timedelta(days=1)
        since_day = f"{day.day}-{_MONTHS[day.month - 1]}-{day.year}"
        criteria = ("SINCE", since_day, "HEADER", "Message-ID", quoted(message_id))
        answer, told = self.search(None, *criteria)
        if answer != "OK":
            raise FolderShut(f"the folder {folder.name} cannot be searched")
        return any(line.strip() for line in told if isinstance(line, bytes))

    def put(self, folder: Folder, message: bytes, at: datetime) -> None:
        """Put a message into the folder, as it is and as read, under the time when it was sent
        (RFC 3501 §6.3.11). What breaks off in between puts nothing there."""
        self.sock.settimeout(self._seconds_left())
        moment = imaplib.Time2Internaldate(at)
        answer, told = self.append(folder.wire, r"(\Seen)", moment, message)
        if answer != "OK":
            words = b" ".join(line for line in told if isinstance(line, bytes))
            raise ImapBroken(words.decode(errors="replace") or "the copy was not taken")

    def make_folder(self, name: str) -> Folder | None:
        """Make a folder, and show it in mail programs. None if it cannot be made."""
        wire = quoted(name)
        answer, _ = self.create(wire)
        if answer != "OK":
            return None
        self.subscribe(wire)
        return Folder(name, wire, frozenset())

    def leave(self) -> None:
        """Say goodbye without waiting for an answer, and close. Never raises."""
        with contextlib.suppress(OSError):
            self.sock.settimeout(1)
            self.sock.sendall(b"Z1 LOGOUT\r\n")
        self.shutdown()

    def _seconds_left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the server did not answer in time")
        return left

    def _read_some(self) -> None:
        self.sock.settimeout(self._seconds_left())
        octets = self.sock.recv(_BLOCK)
        if not octets:
            raise ImapBroken("the server closed the connection")
        self._room -= len(octets)
        if self._room < 0:
            raise ImapBroken("the server says more than a mail server has to say")
        self._unread += octets

    def _taken(self, size: int) -> bytes:
        octets = bytes(self._unread[:size])
        del self._unread[:size]
        return octets


def quoted(text: str) -> str:
    """A text as a quoted string (RFC 3501 §9). Raises ValueError where it cannot be one."""
    if not text.isascii() or not text.isprintable():
        raise ValueError("this cannot be a quoted string")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _fits_login(username: str, secret: Secret) -> bool:
    """LOGIN takes visible ASCII, and imaplib quotes the password only."""
    return bool(_ATOM.fullmatch(username)) and secret.value.isascii() and secret.value.isprintable()


def _not_let_in(words: str) -> Exception:
    """A login that was not judged may be tried another time (RFC 5530 §3)."""
    return ImapBroken(words) if _UNJUDGED.search(words) else LoginRefused(words)


def _words(refused: imaplib.IMAP4.error) -> str:
    said = refused.args[0] if refused.args else ""
    return said.decode(errors="replace") if isinstance(said, bytes) else str(said)


def _folder(entry: object) -> Folder | None:
    """One line of a list. None for what can hold no messages, or cannot be read."""
    literal = entry[1] if isinstance(entry, tuple) else None
    line = entry[0] if isinstance(entry, tuple) else entry
    found = _LISTED.match(line) if isinstance(line, bytes) else None
    if not found:
        return None
    name = literal if literal is not None else _unquoted(found["name"])
    flags = frozenset(found["flags"].decode("ascii", "replace").lower().split())
    if "\\noselect" in flags or "\\nonexistent" in flags:
        return None
    text = name.decode("utf-8", "replace")
    # Letters beyond ASCII are not coded as they should be; that keeps nobody from the others.
    is_readable = text.isascii() and text.isprintable()
    return Folder(_decoded(text), quoted(text), flags) if is_readable else None


def _unquoted(octets: bytes) -> bytes:
    return re.sub(rb"\\(.)", rb"\1", octets[1:-1]) if octets.startswith(b'"') else octets


def _decoded(name: str) -> str:
    """A folder's name from modified UTF-7 (RFC 3501 §5.1.3), for people."""
    return _SHIFTED.sub(_shifted, name)


def _shifted(found: re.Match[str]) -> str:
    coded = found[1].replace(",", "/")
    try:
        octets = base64.b64decode(coded + "=" * (-len(coded) % 4))
        return octets.decode("utf-16-be") if coded else "&"
    except ValueError:
        return found[0]
