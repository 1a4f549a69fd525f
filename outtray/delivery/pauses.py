"""How long a mailbox rests after a failure that stops it, and what proves the rest over.

A refused password is never tried again by itself: one login with it says all, and each
further one brings the lock-out nearer. Everything else is probed again, as soon as that is
useful and as seldom as that is polite: the next sitting is the probe.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from outtray.delivery.schedule import JITTER, wait_after
from outtray.transports.base import Failure, Scope, Source, Stage, Trouble


class Kind(StrEnum):
    """What stops a mailbox, as far as it decides how long."""

    PASSWORD = "password"  # noqa: S105 - a kind of trouble
    CONFIGURATION = "configuration"
    SENDER = "sender"
    QUOTA = "quota"
    LOGINS = "logins"
    SERVER = "server"


@dataclass(frozen=True, slots=True)
class Pause:
    """The mailbox cannot send: until a time, or, without one, until a person has acted."""

    failure: Failure
    until: datetime | None
    kind: Kind = Kind.SERVER


HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

# The wait after the first probe that failed, after the second, and after all others.
WAITS: Mapping[Kind, Sequence[timedelta]] = {
    # Before the login no password is at stake: certificates and names are put right any time.
    Kind.CONFIGURATION: (HOUR,),
    # The account was let in and may not send: asking often looks like the abuse it is held for.
    Kind.SENDER: (2 * HOUR, 6 * HOUR, 12 * HOUR),
    # Each probe is one more login at a server that counts them.
    Kind.LOGINS: (timedelta(minutes=15), HOUR, 4 * HOUR),
}

# A limit whose window the server does not name.
_UNNAMED_WINDOW = (HOUR, 4 * HOUR)
_WINDOWS: Mapping[str, timedelta] = {
    "day": DAY,
    "hour": HOUR,
    "minute": timedelta(minutes=5),
}
_NAMED_WINDOW = re.compile(
    r"(?P<day>24 ?-?h|dai?ly|\bdays?\b|month|täglich|\btages)"
    r"|(?P<hour>\bhour|\b1 ?h\b|stunde|stünd)"
    r"|(?P<minute>\bminute|minüt)",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"l[ií]mit|quota|cuota|kontingent|exceed|überschritten|dépass|too (many|much|fast)|\brate\b"
    rf"|{_NAMED_WINDOW.pattern}",
    re.IGNORECASE,
)

_BEFORE_LOGIN = frozenset(
    {Stage.SETTINGS, Stage.DNS, Stage.CONNECT, Stage.GREETING, Stage.TLS, Stage.EHLO}
)
_OPENING = _BEFORE_LOGIN | {Stage.LOGIN, Stage.TOKEN}
_NO_PASSWORD_SENT = frozenset({Trouble.LOGIN_NOT_OFFERED, Trouble.LOGIN_METHOD_MISSING})
_NOT_LOGGED_IN = frozenset({534, 535})  # RFC 4954 §6, at whatever stage they are told
_LOGINS = re.compile(r"log-?[io]n|sign-?in|authenticat|\bauth\b", re.IGNORECASE)


def pause_for(failure: Failure, *, pauses: int, at: datetime, chance: float) -> Pause:
    """How long a mailbox rests after this failure and that many rests before it.

    `chance` from 0 to 1 spreads those that failed together, so that they do not return
    together.
    """
    kind = kind_of(failure)
    if kind == Kind.PASSWORD or failure.stage == Stage.SETTINGS:
        return Pause(failure, None, kind)
    return Pause(failure, at + _wait(kind, failure, pauses=pauses, chance=chance), kind)


def kind_of(failure: Failure) -> Kind:
    """What stops the mailbox."""
    if _is_password(failure):
        return Kind.PASSWORD
    if _is_logins(failure):
        return Kind.LOGINS
    if failure.scope == Scope.MAILBOX and failure.is_temporary:
        return Kind.QUOTA if _is_limit(failure) else Kind.SENDER
    if failure.is_temporary or failure.scope not in (Scope.MAILBOX, Scope.SENDER):
        return Kind.SERVER
    return Kind.CONFIGURATION if failure.stage in _OPENING else Kind.SENDER


def is_over_when_open(failure: Failure) -> bool:
    """Whether an open session proves that this has passed.

    A refused sender or a used-up quota is told after the login: there only an accepted
    email proves it.
    """
    return failure.stage in _OPENING


def _is_password(failure: Failure) -> bool:
    """The server took the login and said no for good, whatever it calls that; or a sign-in by
    OAuth has ended, which only a new one mends."""
    if failure.stage == Stage.TOKEN:
        return not failure.is_temporary
    refused = failure.source == Source.SERVER and not failure.is_temporary
    return refused and (failure.stage == Stage.LOGIN or failure.code in _NOT_LOGGED_IN)


def _is_logins(failure: Failure) -> bool:
    """The login was not judged: too many of them, or whoever judges them is out of order."""
    if failure.stage == Stage.LOGIN:
        return failure.is_temporary or failure.trouble not in _NO_PASSWORD_SENT
    says_so = failure.enhanced_code == "4.7.0" and bool(_LOGINS.search(failure.text))
    return failure.scope == Scope.SERVER and failure.is_temporary and says_so


def _is_limit(failure: Failure) -> bool:
    """Too much in a time, rather than an account that is blocked until it is trusted again."""
    by_code = failure.enhanced_code.endswith((".4.5", ".7.233"))  # Gmail, Exchange Online
    return bool(by_code or failure.wait or _LIMIT.search(failure.text))


def _wait(kind: Kind, failure: Failure, *, pauses: int, chance: float) -> timedelta:
    """The server's own wait where it said one; never less than it said."""
    said = timedelta(seconds=failure.wait)
    if kind == Kind.SERVER:
        return _later(said, chance) if said else wait_after(pauses, chance=chance)
    if kind == Kind.QUOTA:
        return _later(said or _window(failure, pauses), chance)
    return _later(max(said, _nth(WAITS[kind], pauses)), chance)


def _window(failure: Failure, pauses: int) -> timedelta:
    """How long until the window of a limit is surely over."""
    named = _NAMED_WINDOW.search(failure.text)
    if named and named.lastgroup:
        return _WINDOWS[named.lastgroup]
    return _nth(_UNNAMED_WINDOW, pauses)


def _nth(waits: Sequence[timedelta], pauses: int) -> timedelta:
    return waits[min(pauses, len(waits) - 1)]


def _later(wait: timedelta, chance: float) -> timedelta:
    return wait * (1 + JITTER * chance)
