"""What was said on a line, bounded and without secrets, to be shown to people."""

from __future__ import annotations

import base64
from collections.abc import Iterable

MAX_LINES = 200  # about 90 recipients; the rest is counted
MAX_LINE = 500

HIDDEN = "[secret]"


class Redaction:
    """Takes a secret out of texts, also in the forms in which it goes over the line.

    A server can repeat a secret only after it was told; so this begins with the login, and a
    password that is also a word of the protocol does no harm before.
    """

    def __init__(self, secret: str = "", *, username: str = "", also: Iterable[str] = ()) -> None:
        forms = _forms(secret, username).union(also) if secret else set()
        self._hidden = sorted(forms, key=len, reverse=True)

    def clean(self, text: str) -> str:
        """The text without the secret and without control characters other than line feeds."""
        for hidden in self._hidden:
            text = text.replace(hidden, HIDDEN)
        return text if text.isprintable() else "".join(map(_shown, text))


class Transcript:
    """The lines of one conversation, `C:` ours and `S:` the server's."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._left_out = 0

    def ours(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._add(f"C: {line}")

    def theirs(self, code: int, text: str) -> None:
        for line in text.split("\n"):
            self._add(f"S: {code} {line}".rstrip())

    def note(self, text: str) -> None:
        """Something that was not said but happened."""
        self._add(f"-- {text}")

    def lines(self) -> tuple[str, ...]:
        """All lines so far."""
        if not self._left_out:
            return tuple(self._lines)
        return (*self._lines, f"-- {self._left_out} more lines")

    def start_again(self) -> None:
        """Forget what was said, for the next message on the same line."""
        self._lines.clear()
        self._left_out = 0
        self.note("on the same connection")

    def _add(self, line: str) -> None:
        if len(self._lines) >= MAX_LINES:
            self._left_out += 1
            return
        self._lines.append(line if len(line) <= MAX_LINE else line[: MAX_LINE - 1] + "…")


def _shown(sign: str) -> str:
    if sign.isprintable() or sign == "\n":
        return sign
    return " " if sign.isspace() else "?"


def _forms(secret: str, username: str) -> set[str]:
    """The secret as it is and as AUTH PLAIN and AUTH LOGIN encode it."""
    plain = f"\0{username}\0{secret}".encode()
    return {
        secret,
        base64.b64encode(secret.encode()).decode(),
        base64.b64encode(plain).decode(),
    }
