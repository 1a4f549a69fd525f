"""A message that goes out once more, as a new one: the same letter, its own id and date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime

from outtray.mail.address import NamedAddress
from outtray.mail.headers import address_header

_HEAD_END = b"\r\n\r\n"
_NOBODY = "To: undisclosed-recipients:;\r\n"


def renewed(content: bytes, *, message_id: str, date: datetime) -> bytes:
    """The message with another Message-ID and Date; every other byte stays as it is."""
    head, end, body = content.partition(_HEAD_END)
    head = _replace(head, b"Message-ID", message_id)
    head = _replace(head, b"Date", format_datetime(date))
    return head + end + body


def readdressed(
    content: bytes,
    *,
    to: Sequence[NamedAddress],
    cc: Sequence[NamedAddress],
    message_id: str,
    date: datetime,
) -> bytes:
    """The same letter to others: with another To and Cc, and an id and a date of its own.

    Raises HeaderError for what must not become a header.
    """
    head, end, body = renewed(content, message_id=message_id, date=date).partition(_HEAD_END)
    head = _header(b"Cc").sub(b"", head + b"\r\n")
    copies = address_header("Cc", cc).encode() if cc else b""
    wanted = address_header("To", to) if to else "" if cc else _NOBODY
    head, count = _header(b"To").subn(lambda _: wanted.encode() + copies, head, count=1)
    if not count:
        head += wanted.encode() + copies
    return head.removesuffix(b"\r\n") + end + body


def _header(name: bytes) -> re.Pattern[bytes]:
    """A header with the lines that it was folded into, and its end."""
    return re.compile(rb"(?im)^" + name + rb":[^\r\n]*(?:\r\n[ \t][^\r\n]*)*\r\n")


def _replace(head: bytes, name: bytes, value: str) -> bytes:
    """Put a value in place of a header's, with the lines that it was folded into."""
    line = re.compile(rb"(?im)^" + name + rb":[^\r\n]*(?:\r\n[ \t][^\r\n]*)*")
    changed, count = line.subn(lambda _: name + b": " + value.encode(), head, count=1)
    if not count:
        raise ValueError(f"the message has no {name.decode()}")
    return changed
