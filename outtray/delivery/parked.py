"""Open sessions between two sittings of their mailboxes.

A mailbox that keeps to a pace sits down every few seconds; without this it would log in for
each message. Whoever takes a session has it alone, and it has been looked at.
"""

from __future__ import annotations

import math
import resource
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from outtray.mailboxes.models import Mailbox
from outtray.transports.base import Session

IDLE = timedelta(seconds=45)  # most servers wait five minutes, the impatient ones one
GOODBYES = 3.0  # seconds for all of them when the process ends; the rest is just closed
SHARE = 0.6  # of the files that the process may have open


@dataclass(frozen=True, slots=True)
class Parked:
    """A session, the settings' date that it was opened under, and when it was put here."""

    session: Session
    changed_at: datetime
    since: datetime


class Park:
    """Sessions that wait, at most one for each connection of a mailbox. Safe for threads."""

    def __init__(self, most: int | None = None) -> None:
        self._most = int(_files() * SHARE) if most is None else most
        self._lock = threading.Lock()
        self._parked: OrderedDict[tuple[UUID, int], Parked] = OrderedDict()

    def take(self, mailbox: Mailbox, connection: int) -> Session | None:
        """The session of this mailbox, if one is parked that still fits and can be used."""
        with self._lock:
            parked = self._parked.pop((mailbox.pk, connection), None)
        if parked is None:
            return None
        if parked.changed_at == mailbox.changed_at and parked.session.usable:
            return parked.session
        parked.session.close()
        return None

    def keep(self, session: Session, mailbox: Mailbox, connection: int, *, at: datetime) -> None:
        """Park a session; where there is no room, the one that has waited longest is closed."""
        if not session.usable:
            session.close()
            return
        key = (mailbox.pk, connection)
        with self._lock:
            excess = [self._parked.pop(key, None)]
            self._parked[key] = Parked(session, mailbox.changed_at, at)
            while len(self._parked) > self._most:
                excess.append(self._parked.popitem(last=False)[1])
        _close(parked for parked in excess if parked)

    def has_idle(self, *, at: datetime) -> bool:
        """Whether a session has waited too long."""
        with self._lock:
            oldest = next(iter(self._parked.values()), None)
        return oldest is not None and at - oldest.since >= IDLE

    def close_idle(self, *, at: datetime) -> None:
        """Close what has waited too long."""
        with self._lock:
            idle = [key for key, parked in self._parked.items() if at - parked.since >= IDLE]
            closed = [self._parked.pop(key) for key in idle]
        _close(closed)

    def close(self) -> None:
        """Close all. Politely, as long as that takes no more than a moment."""
        with self._lock:
            closed = list(self._parked.values())
            self._parked.clear()
        _close(closed, seconds=GOODBYES)


def _close(parked: Iterable[Parked], *, seconds: float = math.inf) -> None:
    ends_at = time.monotonic() + seconds
    for each in parked:
        if time.monotonic() > ends_at:
            return
        each.session.close()


def _files() -> int:
    """How many files this process may have open; more, where that is for us to say."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = hard if hard != resource.RLIM_INFINITY else max(soft, 65_536)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return min(wanted, 65_536)
