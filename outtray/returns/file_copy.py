"""Put a copy of what was sent into the Sent folder, where the server does not do so itself.

The email has been sent whatever comes of this: nothing here sends, or changes its state.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Min

from outtray.lib.blobs import BlobMissing
from outtray.lib.clock import Clock
from outtray.lib.sealing import CannotOpen
from outtray.mailboxes import history
from outtray.mailboxes.models import Health, Mailbox
from outtray.mailboxes.routes import route_for
from outtray.mailboxes.waking import key_of, parts_of
from outtray.outbox.events import Code
from outtray.outbox.models import SentCopy
from outtray.outbox.move import record
from outtray.outbox.standstill import is_held
from outtray.transports.base import Copy, Failure, Filed, Files, Scope, Source, Stage, Trace
from outtray.transports.registry import TRANSPORTS

log = logging.getLogger("outtray.returns")

MOST = 20  # with one login
# Longer than any look takes: who is not done by then has died.
LEASE = timedelta(minutes=15)
WAITS = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=3))
# While a person has to act first, nothing is tried; but not for ever.
WHILE_PAUSED = timedelta(hours=1)
NOT_AFTER = timedelta(days=3)

Outcome = Filed | Failure


class FileCopyWork:
    """One key a mailbox: file the copies of what it has sent."""

    name = "file_copy"

    def __init__(self, clock: Clock) -> None:
        self.clock = clock

    def due(self, at: datetime) -> Iterable[str]:
        if is_held():
            return []
        due = SentCopy.objects.filter(due_at__lte=at)
        found = due.values_list("mailbox_id", "mailbox__company_id").distinct()
        return [key_of(mailbox_id, company_id) for mailbox_id, company_id in found]

    def do(self, key: str, stop: threading.Event) -> datetime | None:  # noqa: ARG002 - few copies
        if is_held():
            return None
        mailbox_id, _ = parts_of(key)
        mailbox = Mailbox.objects.select_related("credential").get(pk=mailbox_id)
        mine = _take(mailbox, at=self.clock.now())
        outcomes = _file(mailbox, mine, at=self.clock.now())
        for copy, outcome in zip(mine, outcomes, strict=True):
            _settle(copy, outcome, at=self.clock.now())
        waiting = SentCopy.objects.filter(mailbox=mailbox).aggregate(soonest=Min("due_at"))
        soonest: datetime | None = waiting["soonest"]
        return soonest


def _take(mailbox: Mailbox, *, at: datetime) -> list[SentCopy]:
    """Those that are due, for this worker alone."""
    due = SentCopy.objects.filter(mailbox=mailbox, due_at__lte=at).select_related("email")
    return [copy for copy in due.order_by("due_at")[:MOST] if _move(copy, at + LEASE)]


def _move(copy: SentCopy, due_at: datetime) -> bool:
    """Put it off, unless another worker was quicker."""
    mine = SentCopy.objects.filter(pk=copy.pk, due_at=copy.due_at)
    copy.due_at = due_at
    return bool(mine.update(due_at=due_at, tries=copy.tries))


def _file(mailbox: Mailbox, wanted: Sequence[SentCopy], *, at: datetime) -> Sequence[Outcome]:
    """What became of each; with one login at most, and none where it would be refused."""
    transport = TRANSPORTS[mailbox.transport]
    kept_out = _kept_out(mailbox)
    if not wanted or kept_out or not isinstance(transport, Files):
        return [kept_out or _local("this way of sending files no copies")] * len(wanted)
    try:
        route = route_for(mailbox)
        copies = [_copy(copy) for copy in wanted]
    except CannotOpen:
        return [_local("the stored password cannot be opened")] * len(wanted)
    except BlobMissing:
        return [_local("a stored message is not in the data folder")] * len(wanted)
    outcomes = transport.file_copies(route, copies)
    if any(_is_refused_login(outcome) for outcome in outcomes):
        told = next(outcome.text for outcome in outcomes if isinstance(outcome, Failure))
        detail = {"why": told}
        history.record(mailbox.pk, history.Code.SENT_FOLDER_CLOSED, at=at, detail=detail)
    return outcomes


def _copy(wanted: SentCopy) -> Copy:
    email = wanted.email
    return Copy(Trace(email.message_id, wanted.sent_at), settings.BLOBS.get(email.message))


def _kept_out(mailbox: Mailbox) -> Failure | None:
    """Why no login is made: it was refused before, and nothing was changed since."""
    if mailbox.health == Health.PAUSED and mailbox.paused_until is None:
        return _local("the mailbox waits for a person", is_temporary=True)
    refused_at = history.last(mailbox.pk, history.Code.SENT_FOLDER_CLOSED)
    if refused_at and refused_at >= mailbox.credential.changed_at:
        return _local("its login was refused before, and nothing was changed since")
    return None


def _is_refused_login(outcome: Outcome) -> bool:
    return (
        isinstance(outcome, Failure)
        and outcome.stage is Stage.LOGIN
        and outcome.source is Source.SERVER
    )


def _settle(copy: SentCopy, outcome: Outcome, *, at: datetime) -> None:
    log.info("copy", extra={"email": copy.pk, "filed": isinstance(outcome, Filed)})
    if isinstance(outcome, Filed):
        detail = {"folder": outcome.folder, "was_there": outcome.was_there}
        _end(copy, Code.FILED, detail, at=at)
        return
    again_at = _again(copy, outcome, at=at)
    if again_at:
        _move(copy, again_at)
    else:
        _end(copy, Code.NOT_FILED, {"why": outcome.text}, at=at)


def _again(copy: SentCopy, failure: Failure, *, at: datetime) -> datetime | None:
    """When to try again, if that can help."""
    if not failure.is_temporary or at - copy.sent_at >= NOT_AFTER:
        return None
    if failure.source is Source.LOCAL:
        return at + WHILE_PAUSED
    copy.tries += 1
    return at + WAITS[copy.tries - 1] if copy.tries <= len(WAITS) else None


def _end(copy: SentCopy, code: Code, detail: dict[str, object], *, at: datetime) -> None:
    """Nothing is left to do: once, also where two have come to this."""
    with transaction.atomic():
        deleted, _ = SentCopy.objects.filter(pk=copy.pk).delete()
        if deleted:
            record(copy.email_id, code, at=at, detail=detail)


def _local(text: str, *, is_temporary: bool = False) -> Failure:
    return Failure(
        stage=Stage.SETTINGS,
        scope=Scope.MAILBOX,
        is_temporary=is_temporary,
        source=Source.LOCAL,
        text=text,
    )
