"""What an SMTP server says: code, enhanced code, text."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ENHANCED = re.compile(r"^([245])\.(\d{1,3})\.(\d{1,3})(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply of a server, with the lines joined by a line feed (RFC 5321 §4.2)."""

    code: int
    text: str

    @property
    def enhanced_code(self) -> str:
        """The enhanced status code (RFC 3463), or an empty text if the server gave none."""
        found = _ENHANCED.match(self.text)
        return found.group(0) if found else ""

    @property
    def is_positive(self) -> bool:
        return 200 <= self.code < 400

    @property
    def is_temporary(self) -> bool:
        """RFC 5321 §4.2.1: the first digit alone says whether trying again can help."""
        return 400 <= self.code < 500

    def __str__(self) -> str:
        return f"{self.code} {self.text}".strip()
