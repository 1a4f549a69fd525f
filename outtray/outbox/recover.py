"""Emails whose worker died: queued again if nothing was handed over, else `unknown`."""

from __future__ import annotations

import os
import socket
from datetime import datetime
from uuid import UUID

from django.db import transaction

from outtray.outbox.events import Code
from outtray.outbox.models import Attempt, Email, Recipient
from outtray.outbox.move import move
from outtray.outbox.states import Phase, Reason, RecipientState, State

NO_ANSWER = "The worker ended after handing the message over and before the answer was stored."


def worker_name(thread: str) -> str:
    """Who claims: host, process and thread, so that a dead process can be told at once."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{thread}"[:100]


def recover(*, at: datetime) -> int:
    """Free every claim that has run out or whose process on this host is gone; say how many."""
    claimed = Email.objects.filter(state=State.SENDING)
    return sum(
        _recover_one(email, at=at)
        for email in claimed.only("pk", "claim_token", "claimed_by", "claim_until")
        if (email.claim_until and email.claim_until <= at) or _is_dead(email.claimed_by)
    )


def recover_own(*, at: datetime) -> int:
    """Free every claim of this process, which is about to end; say how many."""
    own = worker_name("")
    claimed = Email.objects.filter(state=State.SENDING, claimed_by__startswith=own)
    return sum(_recover_one(email, at=at) for email in claimed.only("pk", "claim_token"))


def _is_dead(worker: str) -> bool:
    host, _, rest = worker.rpartition(":")[0].rpartition(":")
    if host != socket.gethostname()[:60] or not rest.isdigit():
        return False
    try:
        os.kill(int(rest), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _recover_one(email: Email, *, at: datetime) -> bool:
    assert email.claim_token is not None, "what is being sent is claimed"
    with transaction.atomic():
        attempts = Attempt.objects.filter(
            email_id=email.pk, claim_token=email.claim_token, phase=Phase.TRANSMITTING
        )
        if attempts.exists():
            return _make_unknown(email, email.claim_token, at=at)
        return move(
            email.pk,
            (State.SENDING, State.QUEUED),
            Code.RECOVERED,
            at=at,
            claim=email.claim_token,
            reason=Reason.NONE,
        )


def _make_unknown(email: Email, token: UUID, *, at: datetime) -> bool:
    moved = move(email.pk, (State.SENDING, State.UNKNOWN), Code.UNKNOWN, at=at, claim=token)
    if not moved:
        return False
    Attempt.objects.filter(email_id=email.pk, claim_token=token).update(
        phase=Phase.ENDED, ended_at=at, result=State.UNKNOWN, reply=NO_ANSWER
    )
    Recipient.objects.filter(email_id=email.pk, state=RecipientState.WAITING).update(
        state=RecipientState.UNKNOWN, reply=NO_ANSWER
    )
    return True
