"""How long each kind of request may take, in seconds."""

from __future__ import annotations

from dataclasses import dataclass

_SLOWEST = 50_000  # octets a second, below which a line is of no use for files


@dataclass(frozen=True, slots=True)
class Patience:
    """`look` for what can be asked again, `answer` for what sends. What a request carries has
    to leave first, so large ones get more time. `all` bounds the requests of one client
    together, where somebody sits and waits."""

    connect: float = 10
    look: float = 30
    answer: float = 300  # Microsoft's own front ends give up before
    all: float | None = None

    def to_leave(self, content: bytes | None) -> float:
        """The time that a slow line needs for this content."""
        return len(content or b"") / _SLOWEST


PATIENCE = Patience()
# Somebody sits and waits; a test message that stays unanswered so long has failed the test.
WATCHED = Patience(connect=5, look=5, answer=10, all=13)
