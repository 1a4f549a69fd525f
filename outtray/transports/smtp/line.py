"""One connection to a server: what is sent, what is read, how long and how much of it."""

from __future__ import annotations

import smtplib
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from outtray.mail.reply import Reply
from outtray.transports.base import Trouble
from outtray.transports.smtp.transcript import Redaction, Transcript
from outtray.transports.tls import begin_tls

# RFC 5321 §4.5.3.1.5 allows 512 octets; some servers say more, none says more than this.
MAX_REPLY_LINE = 4096
MAX_REPLY_LINES = 128  # an EHLO answer has about 20
MAX_REPLY_TEXT = 2000  # what is kept of it

_LAST_WORDS = 0.5  # seconds; they lie in our own buffer or nowhere
_CORK: int | None = getattr(socket, "TCP_CORK", None)  # Linux
_BLOCK = 256 * 1024  # octets that must leave within one `Patience.block`


class LineBroken(Exception):  # noqa: N818 - it is no error of ours
    """The line cannot be used any further. Turned into a value where the line is used.

    `last_words` is what the server still said before it hung up, if that could be read.
    """

    def __init__(self, trouble: Trouble, text: str, last_words: Reply | None = None) -> None:
        super().__init__(text)
        self.trouble = trouble
        self.text = text
        self.last_words = last_words


class Line(smtplib.SMTP):
    """A connection whose every wait and every reply is bounded, and written down.

    From smtplib come EHLO and what a server offers; reading and sending are ours, because
    smtplib's has no total time-out, no bound on a reply's lines, and reads ahead of TLS.
    """

    ehlo_msg = "EHLO"

    def __init__(self, sock: socket.socket) -> None:
        super().__init__(local_hostname=_name_of(sock))
        self.sock = sock
        self.redaction = Redaction()
        self.transcript = Transcript()
        self.seconds: float = 0  # for the next reply, the whole of it
        self.last_reply = Reply(0, "")
        self.is_mid_transaction = False
        self.host = ""  # as it was asked for, or as it calls itself
        self._unread = bytearray()

    @property
    def is_open(self) -> bool:
        return self.sock is not None

    @property
    def unread(self) -> bytes:
        """What the server said and nobody asked for."""
        return bytes(self._unread)

    def ask(self, command: str, *, seconds: float, shown: str = "") -> Reply:
        """Send one command and read its reply. `shown` stands for it in the transcript."""
        self.say([command], seconds=seconds, shown=[shown or command])
        return self.reply(seconds=seconds)

    def say(
        self, commands: Sequence[str], *, seconds: float, shown: Sequence[str] | None = None
    ) -> None:
        """Send commands in one flight, without waiting for an answer (RFC 2920)."""
        flight = "\r\n".join((*commands, ""))
        if not len(commands) == flight.count("\r") == flight.count("\n"):
            raise ValueError("a command must not contain line breaks")
        self.transcript.ours(commands if shown is None else shown)
        self.write(flight.encode(), seconds=seconds)

    def write(self, octets: bytes, *, seconds: float) -> None:
        """Send octets, each block within that many seconds.

        If this raises, the system did not take all of them: their end was never sent.
        """
        sock = self._socket()
        view = memoryview(octets)
        try:
            for start in range(0, len(view), _BLOCK):
                sock.settimeout(seconds)
                sock.sendall(view[start : start + _BLOCK])
        except OSError as problem:
            last_words = self._last_words()
            broken = self._broken_by(problem)
            raise LineBroken(broken.trouble, broken.text, last_words) from problem

    @contextmanager
    def in_one(self) -> Iterator[None]:
        """Let what is written in several pieces leave as if it were one, where the system can:
        a server that finds all of it at once answers all of it at once."""
        self._cork(1)
        try:
            yield
        finally:
            self._cork(0)

    def _cork(self, is_on: int) -> None:
        if self.sock is not None and _CORK is not None:
            self.sock.setsockopt(socket.IPPROTO_TCP, _CORK, is_on)

    def reply(self, *, seconds: float) -> Reply:
        """Read one whole reply (RFC 5321 §4.2) within that many seconds."""
        deadline = time.monotonic() + seconds
        texts: list[str] = []
        first = 0
        while True:
            line = self._read_line(deadline)
            code, is_last, text = self._parsed(line)
            first = first or code
            if code != first:
                # RFC 5321 §4.2.1 wants one code; which of two is meant cannot be known.
                told = f"the server's reply has two codes, {first} and {code}"
                raise self.broken(Trouble.NOT_A_MAIL_SERVER, told)
            texts.append(text)
            if is_last:
                break
            if len(texts) >= MAX_REPLY_LINES:
                raise self.broken(Trouble.REPLY_TOO_LONG, "the server's reply did not end")
        reply = Reply(code, self.redaction.clean("\n".join(texts))[:MAX_REPLY_TEXT])
        self.transcript.theirs(reply.code, reply.text)
        self.last_reply = reply
        return reply

    def is_silent(self, seconds: float) -> bool:
        """Whether nothing is said for that long. What is said is kept for the next reply.

        With no seconds it is a look that does not wait; under TLS it also sees what is not
        said by the server but belongs to TLS, and does not take that for words.
        """
        if self._unread:
            return False
        sock = self._socket()
        sock.settimeout(seconds)
        try:
            self._unread += sock.recv(MAX_REPLY_LINE)
        except (TimeoutError, BlockingIOError, ssl.SSLWantReadError):
            return True
        except OSError as problem:
            raise self._broken_by(problem) from problem
        return False

    def hears(self, seconds: float) -> bool:
        """Whether something is there to be read within that long. Raises LineBroken."""
        return b"\n" in self._unread or not self.is_silent(seconds)

    def is_as_left(self) -> bool:
        """Whether the line is open and the server said nothing unasked, say 421 or good-bye.

        If it did, the line is closed: what follows could be taken for the answer to
        something else.
        """
        if not self.is_open:
            return False
        try:
            is_silent = self.is_silent(0)
        except LineBroken:
            return False
        if not is_silent:
            self.drop()
        return is_silent

    def secure(self, context: ssl.SSLContext, host: str, *, seconds: float) -> ssl.SSLSocket:
        """Begin TLS, and forget all that was learned before (RFC 3207 §4.2).

        Raises ssl.SSLError or OSError as they come: what they mean depends on the caller.
        """
        sock = self._socket()
        sock.settimeout(seconds)
        secured = begin_tls(sock, context, host)
        self.sock = secured
        self.ehlo_resp = self.helo_resp = None
        self.esmtp_features = {}
        self.does_esmtp = False
        return secured

    def broken(self, trouble: Trouble, text: str) -> LineBroken:
        """Close the line for good; the caller raises what this returns."""
        self.transcript.note(text)
        self.drop()
        return LineBroken(trouble, text)

    def drop(self) -> None:
        """Close without a word."""
        sock, self.sock = self.sock, None
        if sock is not None:
            sock.close()

    def leave(self, *, seconds: float) -> None:
        """Say goodbye if the line is open, and close. Never raises."""
        if not self.is_open:
            return
        try:
            self.say(["QUIT"], seconds=seconds)
            self.reply(seconds=seconds)
        except LineBroken:
            return
        self.drop()

    def send(self, s: object) -> None:
        """For smtplib's own commands, of which only EHLO is used."""
        text = s.decode() if isinstance(s, bytes) else str(s)
        self.say([text.removesuffix("\r\n")], seconds=self.seconds)

    def getreply(self) -> tuple[int, bytes]:
        """For smtplib's own commands."""
        reply = self.reply(seconds=self.seconds)
        return reply.code, reply.text.encode()

    def _socket(self) -> socket.socket:
        if self.sock is None:
            raise LineBroken(Trouble.CONNECTION_CLOSED, "the connection is closed")
        return self.sock

    def _last_words(self) -> Reply | None:
        """What a server said before it hung up on us or stopped to listen, say 421 or 552. It
        has arrived by now."""
        try:
            return self.reply(seconds=_LAST_WORDS)
        except LineBroken:
            return None

    def _read_line(self, deadline: float) -> bytes:
        while (end := self._unread.find(b"\n")) < 0:
            if len(self._unread) > MAX_REPLY_LINE:
                raise self.broken(Trouble.REPLY_TOO_LONG, "the server's reply is too long")
            self._unread += self._read_some(deadline)
        line = bytes(self._unread[:end])
        del self._unread[: end + 1]
        if len(line) > MAX_REPLY_LINE:
            raise self.broken(Trouble.REPLY_TOO_LONG, "the server's reply is too long")
        return line.rstrip(b"\r")

    def _read_some(self, deadline: float) -> bytes:
        sock = self._socket()
        left = deadline - time.monotonic()
        if left <= 0:
            raise self.broken(Trouble.TIMED_OUT, "the server did not answer in time")
        try:
            sock.settimeout(left)
            octets = sock.recv(MAX_REPLY_LINE)
        except OSError as problem:
            raise self._broken_by(problem) from problem
        if not octets:
            raise self.broken(Trouble.CONNECTION_CLOSED, "the server closed the connection")
        return octets

    def _parsed(self, line: bytes) -> tuple[int, bool, str]:
        """Code, whether this line ends the reply, and its text."""
        code, sign, text = line[:3], line[3:4], line[4:]
        if not code.isdigit() or code[:1] not in b"2345" or sign not in {b"", b" ", b"-"}:
            said = self.redaction.clean(_words(line[:80]))
            raise self.broken(
                Trouble.NOT_A_MAIL_SERVER, f"this is not an answer of a mail server: {said!r}"
            )
        return int(code), sign != b"-", _words(text).strip()

    def _broken_by(self, problem: OSError) -> LineBroken:
        if isinstance(problem, TimeoutError):
            return self.broken(Trouble.TIMED_OUT, "the server did not answer in time")
        reason = problem.strerror or str(problem)
        return self.broken(Trouble.CONNECTION_CLOSED, f"the connection broke off ({reason})")


def _words(octets: bytes) -> str:
    """In UTF-8 (RFC 6531 §3.7.4), or as servers of western Europe wrote before it."""
    try:
        return octets.decode()
    except UnicodeDecodeError:
        return octets.decode("latin-1")


def _name_of(sock: socket.socket) -> str:
    """How we introduce ourselves: by address literal (RFC 5321 §4.1.4), as mail programs do."""
    ip = sock.getsockname()[0]
    return f"[IPv6:{ip}]" if ":" in ip else f"[{ip}]"
