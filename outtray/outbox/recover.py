"""Emails whose worker died: queued again if nothing was handed over, else `unknown`."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from outtray.outbox.claim import is_in_hand, to_try
from outtray.outbox.events import Code
from outtray.outbox.models import Attempt, Email, Recipient
from outtray.outbox.move import move
from outtray.outbox.states import Phase, Reason, RecipientState, State

_SEEN = ("pk", "claim_token", "claimed_by", "claim_until", "mailbox", "mailbox__transport")

NO_ANSWER = "The worker ended after handing the message over and before the answer was stored."


@dataclass(frozen=True, slots=True)
class Recovered:
    """An email that a dead worker had, and the state it is in now: `queued` or `unknown`."""

    email_id: UUID
    transport: str
    state: State


def worker_name(thread: str) -> str:
    """Who claims: place, process and thread, so that a dead process can be told at once."""
    return f"{_place()}:{os.getpid()}:{thread}"[:100]


@cache
def _place() -> str:
    """Where a process id means a process: this start of this host, and its process namespace.

    A host name alone does not do: copies of a machine and containers may share it.
    """
    parts = [socket.gethostname()[:40].replace(":", "")]
    for file in (Path("/proc/sys/kernel/random/boot_id"), Path("/proc/self/ns/pid")):
        with suppress(OSError):
            text = str(file.readlink()) if file.is_symlink() else file.read_text()
            parts.append("".join(filter(str.isalnum, text))[-10:])
    return ".".join(parts)


def recover(*, at: datetime) -> list[Recovered]:
    """Free every claim that has run out or whose process on this host is gone."""
    return _recover(
        (
            email
            for email in _claimed()
            if (email.claim_until and email.claim_until <= at) or _is_dead(email)
        ),
        at=at,
    )


def recover_own(*, at: datetime) -> list[Recovered]:
    """Free every claim of this process, which is about to end."""
    return _recover(_claimed().filter(claimed_by__startswith=worker_name("")), at=at)


def _claimed() -> QuerySet[Email]:
    """By the index of claims: without a word of it SQLite looks through all emails there are."""
    claimed = Email.objects.filter(state=State.SENDING, claim_until__isnull=False)
    return claimed.select_related("mailbox").only(*_SEEN)


def _recover(emails: Iterable[Email], *, at: datetime) -> list[Recovered]:
    freed = ((email, _recover_one(email, at=at)) for email in emails)
    return [Recovered(email.pk, email.mailbox.transport, state) for email, state in freed if state]


def _is_dead(email: Email) -> bool:
    """Whether its worker's process is gone, or no longer works on it."""
    place, _, process = email.claimed_by.rpartition(":")[0].rpartition(":")
    if place != _place() or not process.isdigit():
        return False
    if int(process) == os.getpid():
        return email.claim_token is not None and not is_in_hand(email.claim_token)
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _recover_one(email: Email, *, at: datetime) -> State | None:
    """Its new state. None if its claim is no longer what we saw: then somebody is at work.

    The row is locked before we ask how far the attempt came. Asked the other way round, a
    worker that is slow rather than dead could begin to transmit in between.
    """
    assert email.claim_token is not None, "what is being sent is claimed"
    with transaction.atomic():
        claimed = Email.objects.select_for_update().filter(
            pk=email.pk, claim_token=email.claim_token
        )
        if list(claimed.values_list("claim_until", flat=True)) != [email.claim_until]:
            return None
        attempts = Attempt.objects.filter(
            email_id=email.pk, claim_token=email.claim_token, phase=Phase.TRANSMITTING
        )
        if attempts.exists():
            return State.UNKNOWN if _make_unknown(email, email.claim_token, at=at) else None
        moved = move(
            email.pk,
            (State.SENDING, State.QUEUED),
            Code.RECOVERED,
            at=at,
            claim=email.claim_token,
            reason=Reason.NONE,
        )
        return State.QUEUED if moved else None


def _make_unknown(email: Email, token: UUID, *, at: datetime) -> bool:
    moved = move(
        email.pk, (State.SENDING, State.UNKNOWN), Code.UNKNOWN, at=at, claim=token, look_up_at=at
    )
    if not moved:
        return False
    attempt = Attempt.objects.get(email_id=email.pk, claim_token=token)
    Attempt.objects.filter(pk=attempt.pk).update(
        phase=Phase.ENDED, ended_at=at, result=State.UNKNOWN, reply=NO_ANSWER
    )
    recipients = Recipient.objects.filter(email_id=email.pk).order_by("position")
    tried = [each.pk for each in to_try(list(recipients), at=attempt.started_at)]
    recipients.filter(pk__in=tried).update(state=RecipientState.UNKNOWN, reply=NO_ANSWER)
    return True
