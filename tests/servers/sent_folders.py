"""A mail server's folders over IMAP, as a test puts messages into them."""

from __future__ import annotations

import imaplib
import os
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from tests.servers.authority import Authority
from tests.servers.dovecot import Dovecot
from tests.servers.presence import lacking

PASSWORDS = {
    "ben@nordwind.example": "ben's own harbour",
    "anna@nordwind.example": "anna's own harbour",
    "billing@nordwind.example": "the billing harbour",
}


class Kept(NamedTuple):
    """One message in a folder."""

    content: bytes
    flags: str
    at: datetime


class SentFolders:
    """A real Dovecot, started with the constructor. Its users begin without any folder."""

    host = "localhost"

    def __init__(self, folder: Path, authority: Authority) -> None:
        if os.geteuid() != 0:
            lacking("only root can start Dovecot with mailboxes")
        self.ca_file = authority.ca_file
        self._context = ssl.create_default_context(cafile=str(authority.ca_file))
        self._dovecot = Dovecot(
            folder, PASSWORDS, certificate=authority.certificate("localhost", "127.0.0.1")
        )

    def settings(self, security: str = "tls") -> Mapping[str, str | int]:
        """The settings with which a mailbox looks in here."""
        port = self._dovecot.tls_port if security == "tls" else self._dovecot.starttls_port
        return {"imap_host": self.host, "imap_port": port, "imap_security": security}

    def file(
        self, user: str, message: bytes, *, folder: str = "Sent", at: datetime | None = None
    ) -> None:
        """Put a message into a folder, which is made if it is not there, as of that time."""
        when = imaplib.Time2Internaldate(at) if at else ""
        with self._opened(user) as imap:
            imap.create(f'"{folder}"')
            answer, told = imap.append(f'"{folder}"', "", when, message)
            assert answer == "OK", told

    def empty(self, user: str) -> None:
        """Leave this user without any folder but the inbox."""
        with self._opened(user) as imap:
            _, listed = imap.list()
            for line in listed:
                name = line.partition(b'"." ')[2].decode() if isinstance(line, bytes) else "INBOX"
                if name != "INBOX":
                    answer, told = imap.delete(name)
                    assert answer == "OK", told

    def clear_inbox(self, user: str) -> None:
        """Leave nothing in this user's inbox."""
        with self._opened(user) as imap:
            _, (number,) = imap.select("INBOX")
            if number and int(number):
                imap.store("1:*", "+FLAGS", "\\Deleted")
                imap.expunge()

    def messages(self, user: str, folder: str) -> list[Kept]:
        """All that lies in a folder, the first first."""
        with self._opened(user) as imap:
            answer, told = imap.select(f'"{folder}"', readonly=True)
            assert answer == "OK", told
            _, fetched = imap.fetch("1:*", "(FLAGS INTERNALDATE BODY.PEEK[])")
        return [_kept(*part) for part in fetched if isinstance(part, tuple)]

    def stop(self) -> None:
        self._dovecot.stop()

    @contextmanager
    def _opened(self, user: str) -> Iterator[imaplib.IMAP4_SSL]:
        port = int(self.settings()["imap_port"])
        with imaplib.IMAP4_SSL("localhost", port, ssl_context=self._context) as imap:
            imap.login(user, PASSWORDS[user])
            yield imap


def _kept(about: bytes, content: bytes) -> Kept:
    moment = imaplib.Internaldate2tuple(about)
    assert moment is not None, about
    flags = about.partition(b"FLAGS (")[2].partition(b")")[0].decode()
    return Kept(content, flags, datetime.fromtimestamp(time.mktime(moment), UTC))
