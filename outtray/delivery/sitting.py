"""A sitting: one worker, one mailbox, one connection, many emails.

1. Claim what is due. 2. Open a session. 3. For each email: hand over the envelope, note
`transmitting`, hand over the content. 4. Store the outcome, at once. 5. Leave when nothing
is due, when told to stop, or when the mailbox cannot send.
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError

from outtray.delivery import schedule
from outtray.lib.blobs import BlobMissing
from outtray.lib.clock import Clock
from outtray.mail.address import Address
from outtray.mail.envelope import Envelope
from outtray.mailboxes import health
from outtray.mailboxes.models import Health, Mailbox
from outtray.mailboxes.routes import route_for
from outtray.outbox.claim import Claim, ClaimLost, begin_transmitting, claim_due, renew
from outtray.outbox.failures import to_json
from outtray.outbox.models import Recipient
from outtray.outbox.settle import Tried, give_back, settle
from outtray.outbox.states import Reason, RecipientState
from outtray.transports.base import (
    Failure,
    Outcome,
    Refusal,
    Route,
    Scope,
    Session,
    Source,
    Stage,
)
from outtray.transports.registry import TRANSPORTS

log = logging.getLogger("outtray.delivery")

BATCH = 20  # emails a claim: few enough that a dead worker's are soon free again
RENEW_AFTER = timedelta(minutes=1)
ENOUGH_LINES = 2  # fresh lines lost in a row: then it is the server, and the mailbox rests
STORE_AGAIN = 1.0  # seconds between tries to store an outcome that could not be stored


_MISSING = Failure(
    stage=Stage.CONTENT,
    scope=Scope.MESSAGE,
    is_temporary=False,
    source=Source.LOCAL,
    text="The stored message is no longer in the data folder.",
)


class Step(IntEnum):
    """The numbered steps of an attempt; a crash at each of them has a known consequence."""

    CLAIMED = 1
    CONNECTED = 2
    TRANSMITTING = 3
    ANSWERED = 4
    SETTLED = 5


def _unwatched(step: Step, claim: Claim) -> None:
    """Nobody watches the steps."""


@dataclass(slots=True)
class Worker:
    """Who sits: a name for its claims, its clock, how it is told to stop."""

    name: str
    clock: Clock
    stop: threading.Event
    watch: Callable[[Step, Claim], None] = field(default=_unwatched)


def sit(mailbox_id: UUID, worker: Worker) -> None:
    """Send what is due for this mailbox. Harmless at any time, by any number of workers."""
    mailbox = Mailbox.objects.get(pk=mailbox_id)
    if not _can_send(mailbox, at=worker.clock.now()):
        return
    claims = _claim(mailbox, worker)
    if not claims:
        return
    sitting = _Sitting(mailbox, route_for(mailbox), worker)
    try:
        while claims and sitting.work_through(claims):
            claims = _claim(mailbox, worker)
    finally:
        sitting.close()


def _can_send(mailbox: Mailbox, *, at: datetime) -> bool:
    if mailbox.health == Health.PAUSED:
        return mailbox.paused_until is not None and mailbox.paused_until <= at
    return mailbox.health == Health.READY


def _claim(mailbox: Mailbox, worker: Worker) -> list[Claim]:
    if worker.stop.is_set():
        return []
    claims = claim_due(mailbox.pk, BATCH, worker=worker.name, at=worker.clock.now())
    for claim in claims:
        worker.watch(Step.CLAIMED, claim)
    return claims


class _Sitting:
    """The open connection and what it is used for."""

    def __init__(self, mailbox: Mailbox, route: Route, worker: Worker) -> None:
        self.mailbox = mailbox
        self.route = route
        self.worker = worker
        self.session: Session | None = None
        self.is_fresh = True
        self.lines_lost = 0
        self.renewed_at = worker.clock.now()

    def work_through(self, claims: Sequence[Claim]) -> bool:
        """Attempt each claim in turn. False if the mailbox cannot go on."""
        for place, claim in enumerate(claims):
            rest = claims[place:]
            if self.worker.stop.is_set():
                give_back(rest, at=self.worker.clock.now())
                return False
            session = self._open(rest)
            if session is None:
                return False
            self.worker.watch(Step.CONNECTED, claim)
            self._renew(rest)
            stopped_by = self._attempt(claim, session)
            if stopped_by:
                self._pause(stopped_by, claims[place + 1 :])
                return False
        return True

    def close(self) -> None:
        if self.session:
            self.session.close()
            self.session = None

    def _open(self, claims: Sequence[Claim]) -> Session | None:
        """The session, opened if it is not, or no longer usable."""
        if self.session and self.session.usable:
            return self.session
        self.close()
        opened = TRANSPORTS[self.route.transport].open(self.route)
        if isinstance(opened, Refusal):
            self._unreachable(opened, claims)
            return None
        if self.mailbox.health == Health.PAUSED:
            health.resume(self.mailbox.pk, at=self.worker.clock.now())
        self.session, self.is_fresh = opened, True
        return opened

    def _renew(self, claims: Sequence[Claim]) -> None:
        now = self.worker.clock.now()
        if now - self.renewed_at >= RENEW_AFTER:
            renew(claims, at=now)
            self.renewed_at = now

    def _attempt(self, claim: Claim, session: Session) -> Failure | None:
        """Hand one email over and store what came of it. A failure that stops the mailbox."""
        started_at = self.worker.clock.now()
        recipients = _waiting(claim)

        def before_content() -> None:
            begin_transmitting(
                claim, server=self._server(), started_at=started_at, at=self.worker.clock.now()
            )
            self.worker.watch(Step.TRANSMITTING, claim)

        envelope = _envelope(claim, recipients)
        try:
            message = settings.BLOBS.get(claim.email.message)
            outcome = session.send(envelope, message, before_content=before_content)
        except BlobMissing:
            log.exception("message missing", extra={"email": claim.email.pk})
            outcome = Outcome((_MISSING,) * len(recipients))
        except ClaimLost:
            log.warning("claim lost before the content", extra={"email": claim.email.pk})
            self.close()
            return None
        self.worker.watch(Step.ANSWERED, claim)
        lost = schedule.line_gave_out(outcome.verdicts)
        if lost and not self.is_fresh:
            # Servers close a line after so many messages or seconds: no fault of this email.
            give_back([claim], at=self.worker.clock.now())
            return None
        self.is_fresh = False
        self._settle(claim, Tried(recipients, outcome, self._server(), started_at))
        self.worker.watch(Step.SETTLED, claim)
        self.lines_lost = self.lines_lost + 1 if lost else 0
        if lost and self.lines_lost >= ENOUGH_LINES:
            return lost
        return schedule.concerns_mailbox(outcome.verdicts)

    def _settle(self, claim: Claim, tried: Tried) -> None:
        """Store the outcome, however long it takes: until then nothing else is handed over."""
        decision = schedule.decide(
            tried.outcome.verdicts,
            _standing(claim),
            at=self.worker.clock.now(),
            chance=_chance(),
        )
        while True:
            try:
                settle(claim, tried, decision, at=self.worker.clock.now())
            except ClaimLost:
                log.warning("claim lost before the outcome", extra={"email": claim.email.pk})
                return
            except DatabaseError:
                log.exception("the outcome cannot be stored", extra={"email": claim.email.pk})
                if self.worker.clock.wait(self.worker.stop, STORE_AGAIN):
                    raise
            else:
                log.info("attempt ended", extra={"email": claim.email.pk, "state": decision.state})
                return

    def _unreachable(self, refusal: Refusal, claims: Sequence[Claim]) -> None:
        """No session: the mailbox rests, its emails wait. Those a day overdue fail and say why."""
        now = self.worker.clock.now()
        failure = refusal.failure
        too_old = [
            claim
            for claim in claims
            if now - claim.email.first_due_at >= schedule.GIVE_UP
            and failure.scope not in schedule.PAUSING
        ]
        for claim in too_old:
            recipients = _waiting(claim)
            outcome = Outcome((failure,) * len(recipients), refusal.transcript)
            self._settle(claim, Tried(recipients, outcome, self._server(), now))
        self._pause(failure, [claim for claim in claims if claim not in too_old])

    def _pause(self, failure: Failure, claims: Sequence[Claim]) -> None:
        now = self.worker.clock.now()
        before = (self.mailbox.pause_failure or {}).get("pauses", 0)
        pauses = before if self.mailbox.health == Health.PAUSED else 0
        pause = schedule.pause_for(failure, pauses=pauses, at=now, chance=_chance())
        health.pause(
            self.mailbox.pk,
            cause=f"{failure.stage}",
            failure={**(to_json(failure) or {}), "pauses": pauses + 1},
            until=pause.until,
            at=now,
        )
        give_back(claims, at=now, reason=Reason.MAILBOX)
        log.warning("mailbox paused", extra={"mailbox": self.mailbox.pk, "failure": failure.text})

    def _server(self) -> str:
        host, port = self.route.settings.get("host", ""), self.route.settings.get("port", "")
        return f"{host}:{port}" if host else self.route.transport


def _waiting(claim: Claim) -> list[Recipient]:
    """Those who have not been settled yet; only they are tried."""
    everyone = claim.email.recipients.all()
    return [recipient for recipient in everyone if recipient.state == RecipientState.WAITING]


def _envelope(claim: Claim, recipients: Sequence[Recipient]) -> Envelope:
    return Envelope(
        Address.parse(claim.email.envelope_sender),
        tuple(Address.parse(recipient.address) for recipient in recipients),
    )


def _standing(claim: Claim) -> schedule.Standing:
    everyone = claim.email.recipients.all()
    return schedule.Standing(
        tries=claim.email.tries,
        first_due_at=claim.email.first_due_at,
        accepted_before=any(r.state == RecipientState.ACCEPTED for r in everyone),
    )


def _chance() -> float:
    return random.random()  # noqa: S311 - jitter needs no secrecy
