"""An outcome that is stored in one transaction with the beginning of the next attempt.

Each email needs two: its outcome, and before its content leaves that it is about to. Where
the next envelope has left with the content before, its answers come with the answer to that
content, and both are due at the same moment.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

import django.db

from outtray.delivery import attempt
from outtray.delivery.worker import Worker
from outtray.outbox.claim import Claim, ClaimLost, Write, begin_transmitting, beginning
from outtray.outbox.settle import Tried, settlement
from outtray.outbox.together import together

log = logging.getLogger("outtray.delivery")


class Held:
    """At most one outcome, and that of an email which everybody accepted."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._held: tuple[Claim, Tried] | None = None

    def hold(self, claim: Claim, tried: Tried) -> None:
        """Keep it for the moment until the next attempt begins."""
        self._held = claim, tried

    def store(self) -> None:
        """Store what is held by itself, if there is any: the next attempt takes its time."""
        held, self._held = self._held, None
        if held:
            attempt.store(*held, self._worker)

    def begin(self, claim: Claim, *, server: str, started_at: datetime) -> None:
        """Note that this one is transmitting, and store what is held. Raises ClaimLost."""
        now = self._worker.clock.now
        if self._held:
            at = now()
            held, tried = self._held
            decision = attempt.decide(held, tried, at=at)
            ending = settlement(held, tried, decision, at=at)
            mine = beginning(claim, server=server, started_at=started_at, at=at)
            written = _written(ending, mine)
            if written:
                self._held = None
                is_stored, claim.is_transmitting = written
                if is_stored:
                    attempt.stored(held, tried, decision, self._worker)
                else:
                    attempt.lost(held)
                if not claim.is_transmitting:
                    raise ClaimLost(claim.email.pk)
                return
            self.store()
        begin_transmitting(claim, server=server, started_at=started_at, at=now())


def _written(*writes: Write) -> Sequence[bool]:
    """In one transaction all that still fit: which did. Nothing if it failed."""
    try:
        return together(lambda: [_fitted(each) for each in writes])
    except django.db.Error:
        log.exception("an outcome cannot be stored with the next beginning")
        return ()


def _fitted(write: Write) -> bool:
    try:
        write()
    except ClaimLost:
        return False
    return True
