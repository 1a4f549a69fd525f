"""What a test tells the scripted server to do at each step.

Steps are GREETING, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, LISTENING (before any content is
read), CONTENT (what follows the final dot), RSET, QUIT. `RCPT <a@b.example>` and
`MAIL <a@b.example>` mean that address only.
"""

from __future__ import annotations

import threading
from collections.abc import Container
from dataclasses import dataclass, field

from tests.servers.processes import pause

DEADLINE = 20  # seconds that a test waits for a fact before it fails

ANSWERS = {
    "GREETING": "220 mail.example ESMTP",
    "STARTTLS": "220 2.0.0 Ready to start TLS",
    "AUTH": "235 2.7.0 Authentication successful",
    "MAIL": "250 2.1.0 Ok",
    "RCPT": "250 2.1.5 Ok",
    "DATA": "354 End data with <CR><LF>.<CR><LF>",
    "CONTENT": "250 2.0.0 Ok: queued",
    "RSET": "250 2.0.0 Ok",
    "QUIT": "221 2.0.0 Bye",
}


class HangUp(Exception):  # noqa: N818 - it is what happens, not an error
    """This connection ends here."""


@dataclass
class Stall:
    """A place where the server falls silent, until a test releases it."""

    reached: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)

    def wait_until_reached(self) -> None:
        assert self.reached.wait(DEADLINE), "the server never came to this step"

    def release(self) -> None:
        self.released.set()

    def release_soon(self) -> None:
        """Release it from elsewhere, a moment after the server came here: a late answer."""

        def release() -> None:
            self.wait_until_reached()
            pause(0.1)
            self.release()

        threading.Thread(target=release, daemon=True).start()


@dataclass
class Answer:
    """A reply, and how often it is given; None is always."""

    octets: bytes
    times: int | None


class Script:
    """Without a word from the test, everything is taken."""

    def __init__(self) -> None:
        self._answers: dict[str, Answer] = {}
        self._drops_before: set[str] = set()
        self._drops_after: set[str] = set()
        self._stalls: dict[str, Stall] = {}
        self._unasked: dict[str, bytes] = {}

    def answers(self, step: str, reply: str | bytes, *, times: int | None = None) -> None:
        """Answer a step like this, always or so many times. A text gets its line end here."""
        octets = reply if isinstance(reply, bytes) else f"{reply}\r\n".encode()
        self._answers[step] = Answer(octets, times)

    def drops_before(self, step: str) -> None:
        """Close the line instead of taking this step: it never happened."""
        self._drops_before.add(step)

    def drops_after(self, step: str) -> None:
        """Take the step (content goes into the ledger) and close the line without an answer."""
        self._drops_after.add(step)

    def stalls_at(self, step: str) -> Stall:
        """Take the step and fall silent until released; then answer."""
        return self._stalls.setdefault(step, Stall())

    def adds(self, step: str, octets: bytes) -> None:
        """Say something more a moment after the answer to a step, though nobody asks.

        To say nothing is to hang up then.
        """
        self._unasked[step] = octets

    def behaves(self) -> None:
        """Forget all that was told, and take everything from now on."""
        self._answers.clear()
        self._drops_before.clear()
        self._drops_after.clear()
        self._unasked.clear()
        stalls = list(self._stalls.values())
        self._stalls.clear()
        for stall in stalls:
            stall.release()

    def arrive_at(self, step: str, detail: str = "") -> None:
        """Hang up here, if told to do so before this step."""
        if _told(self._drops_before, step, detail):
            raise HangUp

    def has_taken(self, step: str, detail: str = "") -> None:
        """Fall silent or hang up here, if told to do so after this step."""
        stall = self._stalls.get(_told(self._stalls, step, detail))
        if stall:
            stall.reached.set()
            stall.released.wait()
        if _told(self._drops_after, step, detail):
            raise HangUp

    def unasked_after(self, step: str) -> bytes | None:
        """What is said after the answer to this step, when a moment has passed."""
        octets = self._unasked.get(step)
        if octets is not None:
            pause(0.05)
        return octets

    def reply_to(self, step: str, detail: str = "") -> bytes | None:
        """What the test wants answered, if anything."""
        key = _told(self._answers, step, detail)
        if not key:
            return None
        answer = self._answers[key]
        if answer.times is not None:
            answer.times -= 1
            if not answer.times:
                del self._answers[key]
        return answer.octets


def _told(keys: Container[str], step: str, detail: str) -> str:
    """The key under which this step is told of, the more exact one first."""
    return next((key for key in (f"{step} {detail}", step) if key in keys), "")
