"""The work that the engine wakes delivery for: mailboxes with due mail, and what was left over."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from outtray.delivery import clock_back, meters
from outtray.delivery.parked import Park
from outtray.delivery.sitting import sit
from outtray.delivery.worker import Worker
from outtray.lib.clock import Clock
from outtray.mailboxes.health import can_log_in
from outtray.mailboxes.models import Mailbox
from outtray.mailboxes.waking import WORK, key_of, parts_of
from outtray.outbox import standstill
from outtray.outbox.expire import expire
from outtray.outbox.models import Email
from outtray.outbox.recover import recover, worker_name
from outtray.outbox.states import Lane, State

CLOCK = "clock"


class DeliveryWork:
    """One key for each connection of a mailbox: sit down with it while something is due."""

    name = WORK

    def __init__(self, clock: Clock, park: Park | None = None) -> None:
        self.clock = clock
        self.park = park

    def due(self, at: datetime) -> Iterable[str]:
        """Asked mailbox by mailbox, so that what waits for a paused one costs nothing."""
        if standstill.is_held():
            return []
        rested = Q(quota__isnull=True) | Q(quota__rest_until__isnull=True)
        found = Mailbox.objects.filter(
            can_log_in(at), rested | Q(quota__rest_until__lte=at), _has_due(at)
        )
        return [key_of(*each) for each in found.values_list("pk", "company_id")]

    def do(self, key: str, stop: threading.Event) -> datetime | None:
        name = worker_name(threading.current_thread().name)
        mailbox_id, connection = parts_of(key)
        return sit(mailbox_id, Worker(name, self.clock, stop, park=self.park), connection)


class UpkeepWork:
    """Frees the claims of dead workers, ends what must no longer go, closes idle sessions.

    At first, and after the clock was put back, it also draws in what waits for times of a
    clock that was ahead.
    """

    name = "upkeep"

    def __init__(self, clock: Clock, park: Park | None = None) -> None:
        self.clock = clock
        self.park = park
        self._looked_at: datetime | None = None

    def due(self, at: datetime) -> Iterable[str]:
        before, self._looked_at = self._looked_at, at
        if (before is None or at < before) and clock_back.has_left_times(at):
            yield CLOCK
        # By the index of claims: without this SQLite looks through all emails there ever were.
        claimed = Email.objects.filter(state=State.SENDING, claim_until__isnull=False)
        late = Email.objects.filter(state__in=(State.QUEUED, State.HELD), not_after__lte=at)
        has_idle = self.park is not None and self.park.has_idle(at=at)
        if has_idle or claimed.exists() or late.exists():
            yield "all"

    def do(self, key: str, stop: threading.Event) -> None:  # noqa: ARG002 - it is quick
        now = self.clock.now()
        if key == CLOCK:
            clock_back.draw_in(now)
            return
        _recover(now)
        expire(at=now)
        if self.park:
            self.park.close_idle(at=now)


def _recover(at: datetime) -> None:
    """Free the claims of dead workers, and count what became unknown: they cannot any more."""
    for recovered in recover(at=at):
        if recovered.state == State.UNKNOWN:
            meters.attempt_ended(recovered.transport, recovered.state)


def _has_due(at: datetime) -> Q:
    """Lane by lane, as the index has them."""
    due = Email.objects.due(at).filter(mailbox_id=OuterRef("pk"))
    return Q(Exists(due.filter(lane=Lane.INTERACTIVE))) | Q(Exists(due.filter(lane=Lane.BULK)))
