"""A message that goes out once more, as a new one: the same letter, its own id and date."""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import format_datetime

_HEAD_END = b"\r\n\r\n"


def renewed(content: bytes, *, message_id: str, date: datetime) -> bytes:
    """The message with another Message-ID and Date; every other byte stays as it is."""
    head, end, body = content.partition(_HEAD_END)
    head = _replace(head, b"Message-ID", message_id)
    head = _replace(head, b"Date", format_datetime(date))
    return head + end + body


def _replace(head: bytes, name: bytes, value: str) -> bytes:
    """Put a value in place of a header's, with the lines that it was folded into."""
    line = re.compile(rb"(?im)^" + name + rb":[^\r\n]*(?:\r\n[ \t][^\r\n]*)*")
    changed, count = line.subn(lambda _: name + b": " + value.encode(), head, count=1)
    if not count:
        raise ValueError(f"the message has no {name.decode()}")
    return changed
