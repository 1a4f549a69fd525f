"""What follows from a look into the Sent folder: sent, not sent, look again, or ask.

Finding an email settles it at once. Not finding it says little in the first minutes: a
server that scans what it was given may take ten of them (RFC 5321 §4.5.3.2.6) before it
files a copy. So absence counts only at the last look.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from outtray.transports.base import Found, Search

# A server that has just lost a line may still be at work on what it was given.
SETTLING = timedelta(seconds=15)


def _minutes(*waits: int) -> tuple[timedelta, ...]:
    return tuple(timedelta(minutes=passed) for passed in accumulate(waits))


# When to look again, after the email became unknown.
WHERE_FILED = _minutes(1, 5, 15, 60)
# Where a copy need not come at all, a person is not kept waiting for it.
ELSEWHERE = _minutes(1, 5)
# A server that cannot be reached may come back; after a day a person knows more.
WHILE_DOWN = _minutes(1, 5, 15, *[60] * 24)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What counts besides the look itself.

    `is_same_mailbox`: nothing of the mailbox was changed since the email was handed over, so
    the folder is the one in which it would lie.
    """

    unknown_since: datetime
    files_sent: bool
    is_same_mailbox: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """It lies in the Sent folder."""


@dataclass(frozen=True, slots=True)
class NotSent:
    """It provably never left."""


@dataclass(frozen=True, slots=True)
class LookAgain:
    """It is too early to tell."""

    look_up_at: datetime


@dataclass(frozen=True, slots=True)
class Ask:
    """The folder cannot tell."""


Verdict = Sent | NotSent | LookAgain | Ask


def verdict(search: Search, circumstances: Circumstances, *, at: datetime) -> Verdict:
    """What follows from this look."""
    if search.found is Found.FOUND:
        return Sent()
    looks = _looks(search, files_sent=circumstances.files_sent)
    times = (circumstances.unknown_since + passed for passed in looks)
    later = next((time for time in times if time > at), None)
    if later:
        return LookAgain(later)
    if search.found is Found.ABSENT and circumstances.is_same_mailbox:
        return NotSent()
    return Ask()


def _looks(search: Search, *, files_sent: bool) -> Sequence[timedelta]:
    if search.failure is None:
        return WHERE_FILED if files_sent else ELSEWHERE
    return WHILE_DOWN if search.failure.is_temporary else ()
