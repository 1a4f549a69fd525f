"""The work that the engine wakes delivery for: mailboxes with due mail, and what was left over."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Min, Q, QuerySet

from outtray.delivery.sitting import Worker, sit
from outtray.lib.clock import Clock
from outtray.mailboxes.models import Health
from outtray.outbox.expire import expire
from outtray.outbox.models import Email
from outtray.outbox.recover import recover, worker_name
from outtray.outbox.states import State


class DeliveryWork:
    """One key a mailbox: sit down with it while something is due."""

    name = "mailbox"

    def __init__(self, clock: Clock) -> None:
        self.clock = clock

    def due(self, at: datetime) -> Iterable[str]:
        mailboxes = Email.objects.due(at).filter(_can_send(at)).order_by()
        return [str(key) for key in mailboxes.values_list("mailbox_id", flat=True).distinct()]

    def next_due(self, at: datetime) -> datetime | None:
        later = Email.objects.filter(state=State.QUEUED, due_at__gt=at)
        return _earliest(later.filter(mailbox__health=Health.READY))

    def do(self, key: str, stop: threading.Event) -> None:
        name = worker_name(threading.current_thread().name)
        sit(UUID(key), Worker(name, self.clock, stop))


class UpkeepWork:
    """Frees the claims of dead workers and ends what must no longer go."""

    name = "upkeep"

    def __init__(self, clock: Clock) -> None:
        self.clock = clock

    def due(self, at: datetime) -> Iterable[str]:
        claimed = Email.objects.filter(state=State.SENDING)
        late = Email.objects.filter(state__in=(State.QUEUED, State.HELD), not_after__lte=at)
        return ["all"] if claimed.exists() or late.exists() else []

    def next_due(self, at: datetime) -> datetime | None:  # noqa: ARG002 - nothing announced
        return None

    def do(self, key: str, stop: threading.Event) -> None:  # noqa: ARG002 - quick, one key
        now = self.clock.now()
        recover(at=now)
        expire(at=now)


def _can_send(at: datetime) -> Q:
    return Q(mailbox__health=Health.READY) | Q(
        mailbox__health=Health.PAUSED, mailbox__paused_until__lte=at
    )


def _earliest(emails: QuerySet[Email]) -> datetime | None:
    earliest: datetime | None = emails.aggregate(earliest=Min("due_at"))["earliest"]
    return earliest
