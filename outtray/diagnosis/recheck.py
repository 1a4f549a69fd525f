"""Validate again by itself what has passed: weekly, with one login and a mail to itself.

Passwords end, and whoever changes a server tells nobody. A mailbox that has not sent for a
while is found out so before an invoice has to go.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from datetime import datetime

from outtray.diagnosis.probes import run_probe, unowned_probe
from outtray.lib.clock import SYSTEM, Clock
from outtray.lib.errors import Refused
from outtray.lib.sealing import CannotOpen
from outtray.mailboxes.drafts import draft_of
from outtray.mailboxes.models import Mailbox
from outtray.mailboxes.rechecks import due_for_recheck, take_recheck
from outtray.mailboxes.waking import key_of, parts_of
from outtray.outbox.standstill import is_held

log = logging.getLogger("outtray.diagnosis")

_MOST = 100  # of one sweep; the next comes soon


class RecheckWork:
    """One key a mailbox whose turn it is."""

    name = "recheck"

    def __init__(self, clock: Clock = SYSTEM) -> None:
        self._clock = clock

    def due(self, at: datetime) -> Iterable[str]:
        if is_held():
            return []
        found = due_for_recheck(at).order_by("recheck_at").values_list("pk", "company_id")
        return [key_of(mailbox_id, company_id) for mailbox_id, company_id in found[:_MOST]]

    def do(self, key: str, stop: threading.Event) -> None:  # noqa: ARG002 - a probe is short
        mailbox_id, _ = parts_of(key)
        mailbox = Mailbox.objects.select_related("credential", "company").get(pk=mailbox_id)
        at = self._clock.now()
        if is_held() or not take_recheck(mailbox, at=at):
            return
        try:
            probe = unowned_probe(draft_of(mailbox), mailbox, company=mailbox.company, at=at)
        except (Refused, CannotOpen) as problem:
            # Delivery meets the same, and says so where the emails are.
            log.warning("recheck not begun", extra={"mailbox": mailbox.pk, "failure": str(problem)})
            return
        probe.save()
        run_probe(probe.pk, clock=self._clock)
