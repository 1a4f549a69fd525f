"""Deliver some emails here and now, without a serving process."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from uuid import UUID

from outtray.delivery.sitting import sit
from outtray.delivery.worker import Worker
from outtray.lib.clock import Clock
from outtray.outbox.models import Email
from outtray.outbox.recover import worker_name


def deliver_now(email_ids: Sequence[UUID], *, clock: Clock, stop: threading.Event) -> None:
    """Sit once with each mailbox of these emails. What is not due, or cannot go, stays queued."""
    worker = Worker(worker_name("once"), clock, stop)
    mailboxes = Email.objects.filter(pk__in=email_ids).order_by()
    for mailbox_id in mailboxes.values_list("mailbox_id", flat=True).distinct():
        sit(mailbox_id, worker)
