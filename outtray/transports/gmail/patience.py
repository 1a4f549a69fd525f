"""How long each kind of request may take, in seconds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """`answer` holds from the first octet of a message to the end of its answer: at 100 KB a
    second the largest takes six minutes to leave."""

    connect: float = 10
    look: float = 20
    answer: float = 600

    def at_most(self, other: Patience) -> Patience:
        """The shorter of the two, each time."""
        return Patience(
            connect=min(self.connect, other.connect),
            look=min(self.look, other.look),
            answer=min(self.answer, other.answer),
        )


PATIENCE = Patience()
# Somebody sits and waits; a test message that stays unanswered so long has failed the test.
WATCHED = Patience(connect=5, look=5, answer=10)
