"""What a mail server may do wrong, as values, and who decides when it does.

Steps are GREETING, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, BODY (in the middle of the
content), CONTENT (what follows the final dot), RSET, QUIT.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class End(StrEnum):
    """How a step ends the connection, if it does."""

    NOT = ""
    BEFORE = "before"  # hangs up instead of taking the step: it never happened
    UNANSWERED = "unanswered"  # takes the step, and hangs up without a word
    CLOSED = "closed"  # answers, and hangs up
    TOGETHER = "together"  # the same, so that whoever has the answer can see the end
    RESET = "reset"  # answers, and resets the line (RST)


@dataclass(frozen=True, slots=True)
class Deed:
    """What the server does at one step. Without anything set it does what is usual.

    `thinks` are seconds before the step is taken, `waits` seconds between that and the
    answer, `trickle` seconds between two octets of the answer. `unasked` is said before it.
    `takes`: it takes what it is given, whatever its answer says.
    """

    thinks: float = 0
    waits: float = 0
    trickle: float = 0
    reply: bytes = b""
    unasked: bytes = b""
    end: End = End.NOT
    takes: bool = False


USUAL = Deed()
Menu = Mapping[str, tuple[Deed, ...]]


def says(reply: str, end: End = End.NOT) -> Deed:
    """Answers like this."""
    return Deed(reply=f"{reply}\r\n".encode(), end=end)


def floods(code: int, octets: int) -> Deed:
    """Answers with that many octets in lines that never seem to end."""
    line = f"{code}-".encode() + b"x" * 70 + b"\r\n"
    return Deed(reply=line * (octets // len(line)) + f"{code} Ok\r\n".encode())


class Plan(Protocol):
    """Decides what happens at each step."""

    def deed(self, step: str, detail: str) -> Deed:
        """What to do now. `detail` is the address of MAIL and RCPT."""


class Told:
    """A plan that a test tells, step by step; all else is usual."""

    def __init__(self) -> None:
        self._deeds: dict[str, list[Deed]] = {}
        self._always: dict[str, Deed] = {}
        self._lock = threading.Lock()

    def always(self, step: str, deed: Deed) -> None:
        """Do this whenever the step comes."""
        self._always[step] = deed

    def once(self, step: str, deed: Deed) -> None:
        """Do this at the next such step, after those told before."""
        self._deeds.setdefault(step, []).append(deed)

    def deed(self, step: str, detail: str) -> Deed:
        with self._lock:
            for key in (f"{step} {detail}", step):
                if self._deeds.get(key):
                    return self._deeds[key].pop(0)
                if key in self._always:
                    return self._always[key]
        return USUAL


class Seeded:
    """A plan that draws from a menu: at each step, with that chance, one of its misdeeds.

    The menu's delays should be longer than the client's patience, so that some answers come
    when nobody listens any more.
    """

    def __init__(self, seed: int, menu: Menu, *, share: float) -> None:
        self._random = random.Random(seed)
        self._share = share
        self._menu = menu
        self._lock = threading.Lock()

    def deed(self, step: str, detail: str) -> Deed:
        with self._lock:
            if self._random.random() >= self._share:
                return USUAL
            return self._random.choice(self._menu.get(step, (USUAL,)))


# Only clear refusals of recipients for the time being.
TEMPORARY: Menu = {"RCPT": (says("450 4.2.0 Not now"),)}
_HANGS_UP = Deed(end=End.BEFORE)
_TAKES_AND_HANGS_UP = Deed(end=End.UNANSWERED)
_UNASKED_YES = Deed(unasked=b"250 2.0.0 Unasked\r\n")
_UNASKED_GOODBYE = Deed(unasked=b"421 4.4.2 Idle for too long\r\n", end=End.CLOSED)
_CLOSING = says("421 4.3.2 Closing the channel", End.CLOSED)


def menu(slow: float) -> Menu:
    """What can go wrong at each step; `slow` are the seconds of a delay.

    No server here says a clear no to the content and takes it all the same: from such a one
    nobody could tell that he must not try again.
    """
    late, thinking = Deed(waits=slow), Deed(thinks=slow)
    return {
        "GREETING": (_CLOSING, _HANGS_UP, says("554 5.3.2 No service"), late, Deed(trickle=0.001)),
        "EHLO": (_CLOSING, _HANGS_UP, floods(250, 1_000_000), says("501 5.5.4 Odd name")),
        "AUTH": (says("454 4.7.0 Temporary failure"), _HANGS_UP, says("535 5.7.8 Refused")),
        "MAIL": (
            *(_CLOSING, _HANGS_UP, _TAKES_AND_HANGS_UP, late),
            says("451 4.3.0 Try again later"),
            says("452 4.3.1 Disk full"),
            says("552 5.3.4 Too large"),
            Deed(end=End.RESET),
            _UNASKED_GOODBYE,
        ),
        "RCPT": (
            *(_CLOSING, _HANGS_UP, _TAKES_AND_HANGS_UP, late),
            says("450 4.2.2 Mailbox full"),
            says("451 4.7.1 Greylisted, try again in 1 hour"),
            says("452 4.5.3 Too many recipients"),
            says("550 5.1.1 No such user"),
            Deed(trickle=0.001),
            _UNASKED_YES,
        ),
        "DATA": (
            *(_CLOSING, _HANGS_UP, _TAKES_AND_HANGS_UP),
            says("451 4.3.0 Try again later"),
            says("554 5.7.1 Not from here"),
            Deed(end=End.RESET),
            _UNASKED_YES,
        ),
        "BODY": (_HANGS_UP, Deed(thinks=slow / 4), Deed(end=End.RESET)),
        "CONTENT": (
            *(_CLOSING, _HANGS_UP, _TAKES_AND_HANGS_UP, _TAKES_AND_HANGS_UP, late, thinking),
            Deed(end=End.RESET),
            Deed(end=End.CLOSED),
            Deed(waits=slow, end=End.RESET),
            _UNASKED_YES,
            Deed(trickle=0.001),
            floods(250, 1_000_000),
            says("354 Go on"),
            says("250-begun", End.CLOSED),
            says("rubbish"),
            says("451 4.3.0 Try again later"),
            says("452 4.3.1 Disk full"),
            says("550 5.7.1 Looks like spam"),
        ),
        "RSET": (_HANGS_UP, says("451 4.3.0 Not now")),
        "QUIT": (_HANGS_UP, Deed(waits=slow)),
    }
