"""The work that the engine wakes delivery for: mailboxes with due mail, and what was left over."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Min, Q, QuerySet

from outtray.delivery.sitting import Worker, sit
from outtray.lib.clock import Clock
from outtray.mailboxes.models import Health
from outtray.mailboxes.waking import WORK, key_of, parts_of
from outtray.outbox.expire import expire
from outtray.outbox.models import Email
from outtray.outbox.recover import recover, worker_name
from outtray.outbox.states import State


class DeliveryWork:
    """One key a mailbox: sit down with it while something is due."""

    name = WORK

    def __init__(self, clock: Clock) -> None:
        self.clock = clock

    def due(self, at: datetime) -> Iterable[str]:
        mailboxes = Email.objects.due(at).filter(_can_send(at)).order_by()
        found = mailboxes.values_list("mailbox_id", "company_id").distinct()
        return [key_of(mailbox_id, company_id) for mailbox_id, company_id in found]

    def do(self, key: str, stop: threading.Event) -> datetime | None:
        name = worker_name(threading.current_thread().name)
        mailbox_id, _ = parts_of(key)
        sit(mailbox_id, Worker(name, self.clock, stop))
        later = Email.objects.filter(mailbox_id=mailbox_id, state=State.QUEUED)
        return _earliest(later.filter(mailbox__health=Health.READY))


class UpkeepWork:
    """Frees the claims of dead workers and ends what must no longer go."""

    name = "upkeep"

    def __init__(self, clock: Clock) -> None:
        self.clock = clock

    def due(self, at: datetime) -> Iterable[str]:
        claimed = Email.objects.filter(state=State.SENDING)
        late = Email.objects.filter(state__in=(State.QUEUED, State.HELD), not_after__lte=at)
        return ["all"] if claimed.exists() or late.exists() else []

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
