"""One attempt: hand an email over, and store what came of it at once."""

from __future__ import annotations

import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Protocol

import django.db
from django.conf import settings
from django.db import close_old_connections

from outtray.delivery import meters, schedule
from outtray.delivery.worker import Step, Worker
from outtray.lib.blobs import BlobMissing
from outtray.mail.address import Address
from outtray.mail.envelope import Envelope
from outtray.outbox.claim import Claim, ClaimLost, to_try
from outtray.outbox.decision import Decision
from outtray.outbox.models import Recipient
from outtray.outbox.settle import Tried, settle
from outtray.outbox.states import RecipientState
from outtray.transports.base import Failure, Outcome, Refusal, Scope, Session, Source, Stage

log = logging.getLogger("outtray.delivery")

STORE_AGAIN = 1.0  # seconds between tries to store an outcome that could not be stored


class Begin(Protocol):
    """Notes that the next step of an attempt cannot be taken back. Raises ClaimLost."""

    def __call__(self, claim: Claim, *, server: str, started_at: datetime) -> None: ...


# Temporary, because a shared folder that is not mounted here comes back, and another machine
# may have it. After a day the email fails and says so.
_MISSING = Failure(
    stage=Stage.CONTENT,
    scope=Scope.MESSAGE,
    is_temporary=True,
    source=Source.LOCAL,
    text="The stored message is not in the data folder.",
)


@dataclass(frozen=True, slots=True)
class Ready:
    """What is handed over for a claim, and for whom."""

    recipients: Sequence[Recipient]
    envelope: Envelope
    message: bytes


def make_ready(claim: Claim, *, at: datetime) -> Ready:
    """Raises BlobMissing."""
    recipients = to_try(claim.recipients, at=at)
    return Ready(recipients, _envelope(claim, recipients), settings.BLOBS.get(claim.email.message))


def attempt(
    claim: Claim,
    session: Session,
    worker: Worker,
    *,
    server: str,
    begin: Begin,
    ready: Ready | None = None,
) -> Tried | None:
    """Hand one email over. None if the claim was lost before the content: nothing went.

    `begin` notes that it is transmitting; `ready` is what was announced for it.
    """
    started_at = worker.clock.now()
    recipients = ready.recipients if ready else to_try(claim.recipients, at=started_at)

    def before_content() -> None:
        begin(claim, server=server, started_at=started_at)
        worker.watch(Step.TRANSMITTING, claim)

    try:
        it = ready or make_ready(claim, at=started_at)
        outcome = session.send(it.envelope, it.message, before_content=before_content)
    except BlobMissing:
        log.exception("message missing", extra={"email": claim.email.pk})
        outcome = Outcome((_MISSING,) * len(recipients))
    except ClaimLost:
        log.warning("claim lost before the content", extra={"email": claim.email.pk})
        return None
    worker.watch(Step.ANSWERED, claim)
    return Tried(recipients, outcome, server, started_at)


def refused(claim: Claim, refusal: Refusal, *, server: str, at: datetime) -> Tried:
    """An attempt that found no session to be handed over in."""
    recipients = to_try(claim.recipients, at=at)
    outcome = Outcome((refusal.failure,) * len(recipients), refusal.transcript)
    return Tried(recipients, outcome, server, at)


def store(claim: Claim, tried: Tried, worker: Worker) -> None:
    """Store the outcome, however long it takes: until then nothing else is handed over."""
    decision = decide(claim, tried, at=worker.clock.now())
    while True:
        try:
            settle(claim, tried, decision, at=worker.clock.now())
        except ClaimLost:
            lost(claim)
            return
        except django.db.Error:
            log.exception("the outcome cannot be stored", extra={"email": claim.email.pk})
            meters.cannot_store(claim.email.pk)
            if worker.clock.wait(worker.stop, STORE_AGAIN):
                raise
            close_old_connections()
        else:
            break
    stored(claim, tried, decision, worker)


def decide(claim: Claim, tried: Tried, *, at: datetime) -> Decision:
    """What follows from the outcome."""
    standing = _standing(claim, tried.recipients)
    return schedule.decide(tried.outcome.verdicts, standing, at=at, chance=chance())


def lost(claim: Claim) -> None:
    """Tell that another worker has taken the email over, and knows its outcome better."""
    log.warning("claim lost before the outcome", extra={"email": claim.email.pk})
    meters.stored(claim.email.pk)


def stored(claim: Claim, tried: Tried, decision: Decision, worker: Worker) -> None:
    """Tell that the outcome is stored."""
    meters.stored(claim.email.pk)
    worker.watch(Step.SETTLED, claim)
    _tell(claim, tried, decision, seconds=(worker.clock.now() - tried.started_at).total_seconds())


def _tell(claim: Claim, tried: Tried, decision: Decision, *, seconds: float) -> None:
    failure = next((v for v in tried.outcome.verdicts if isinstance(v, Failure)), None)
    meters.attempt_ended(
        claim.transport,
        decision.state,
        failure.scope if failure else "",
        is_temporary=failure.is_temporary if failure else None,
        seconds=seconds,
    )
    log.info(
        "attempt ended",
        extra={
            "email": claim.email.pk,
            "mailbox": claim.email.mailbox_id,
            "attempt": claim.number,
            "worker": claim.worker,
            "server": tried.server,
            "state": decision.state,
            "scope": failure.scope if failure else None,
            "seconds": round(seconds, 3),
        },
    )


def _envelope(claim: Claim, recipients: Sequence[Recipient]) -> Envelope:
    return Envelope(
        _address(claim.email.envelope_sender),
        tuple(_address(recipient.address) for recipient in recipients),
    )


@lru_cache(maxsize=1000)  # a mailbox's own in each of its emails
def _address(text: str) -> Address:
    return Address.parse(text)


def _standing(claim: Claim, tried: Sequence[Recipient]) -> schedule.Standing:
    everyone = claim.recipients
    others = [each for each in everyone if each.state == RecipientState.WAITING]
    times = [each.again_at for each in others if each not in tried and each.again_at]
    return schedule.Standing(
        tries=[recipient.tries for recipient in tried],
        first_due_at=claim.email.first_due_at,
        accepted_before=any(each.state == RecipientState.ACCEPTED for each in everyone),
        others_at=min(times, default=None),
    )


def chance() -> float:
    """From 0 to 1, for the jitter."""
    return random.random()  # noqa: S311 - jitter needs no secrecy
