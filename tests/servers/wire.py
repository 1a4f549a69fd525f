"""What the mail servers of the tests read: commands, and messages up to their final dot."""

from __future__ import annotations

import re
import socket

from tests.servers.script import HangUp


class Wire:
    """A connection and what has been read of it ahead. `sock` is exchanged when TLS begins."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.unread = b""

    def line(self) -> str:
        return self.until(b"\r\n").decode(errors="replace")

    def content(self) -> bytes:
        """The message without doubled dots and without the final one (RFC 5321 §4.5.2)."""
        lines = []
        while (line := self.until(b"\r\n")) != b".":
            lines.append(line.removeprefix(b".") if line.startswith(b".") else line)
        return b"".join(line + b"\r\n" for line in lines)

    def until(self, end: bytes) -> bytes:
        """What comes before `end`. Raises HangUp where nothing more comes."""
        while end not in self.unread:
            octets = self.sock.recv(65536)
            if not octets:
                raise HangUp
            self.unread += octets
        found, _, self.unread = self.unread.partition(end)
        return found


def path_in(rest: str) -> str:
    """The address between the angle brackets of MAIL or RCPT."""
    found = re.search(r"<(.*)>", rest)
    return found.group(1) if found else ""
