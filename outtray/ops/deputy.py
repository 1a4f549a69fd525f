"""A second process that delivers while there is much to do, on SQLite alone.

Python's threads share one core, and a month end would leave the other idle. So:

1. The serving process sees much that is due, in several mailboxes; from then on it leaves
half of the mailboxes to its deputy. 2. The deputy delivers for those, until nothing has been
due for a while. 3. The serving process takes them back.

A deputy that dies is a dead worker like any other: its claims are recovered. When the
serving process dies or stops, the deputy's standard input ends, and so does the deputy.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from outtray.delivery import meters
from outtray.delivery.work import DeliveryWork
from outtray.lib.clock import Clock
from outtray.mailboxes.waking import parts_of
from outtray.outbox.models import Email

log = logging.getLogger("outtray.ops")

MUCH = 200  # due emails in the deputy's half, from which on its start pays
IDLE = timedelta(seconds=20)  # without anything due: then it ends
LOOK = 0.5  # seconds between two looks whether it has ended
ENDS = 22.0  # seconds that it gets to finish the message in hand

COMMAND = (sys.executable, "-m", "outtray", "deputy")


def is_deputys(mailbox_id: UUID) -> bool:
    """Whether a mailbox is of the half that a deputy delivers for."""
    return mailbox_id.int % 2 == 1


class Deputy:
    """The deputy, seen from the serving process: work that lasts as long as it lives."""

    name = "deputy"

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._delivery = DeliveryWork(clock)
        self._process: subprocess.Popen[str] | None = None

    def leaves(self, mailbox_id: UUID) -> bool:
        """Whether the serving process delivers for this mailbox itself now."""
        return self._process is None or not is_deputys(mailbox_id)

    def due(self, at: datetime) -> Iterable[str]:
        if self._process is not None or not _has_cores():
            return []
        mailboxes = {parts_of(key)[0] for key in self._delivery.due(at)}
        its = [mailbox_id for mailbox_id in mailboxes if is_deputys(mailbox_id)]
        if not its or len(its) == len(mailboxes):
            return []
        waiting = Email.objects.due(at).order_by().filter(mailbox_id__in=its)
        return ["start"] if waiting[:MUCH].count() >= MUCH else []

    def do(self, key: str, stop: threading.Event) -> None:  # noqa: ARG002 - one key
        """Start it and stay until it has ended; at a stop, end it."""
        process = self._process = _started()
        try:
            while process.poll() is None:
                if self._clock.wait(stop, LOOK):
                    _end(process)
        finally:
            self._process = None
        if process.returncode:
            log.warning("the deputy ended early", extra={"status_code": process.returncode})


def _has_cores() -> bool:
    return settings.DEPUTY and len(os.sched_getaffinity(0)) > 1


def _started() -> subprocess.Popen[str]:
    process = subprocess.Popen(  # noqa: S603 - ourselves
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    threading.Thread(target=_hear, args=(process,), name="deputy", daemon=True).start()
    return process


def _hear(process: subprocess.Popen[str]) -> None:
    """What it has counted counts here, where Prometheus asks."""
    assert process.stdout
    with process.stdout as lines:
        for line in lines:
            meters.hear(line)


def _end(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    process.stdin.close()
    try:
        process.wait(ENDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
