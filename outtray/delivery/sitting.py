"""A sitting: one worker, one mailbox, one connection, many emails.

1. Claim what is due and what the pace allows. 2. Take up the session, or open one. 3. For
each email: hand over the envelope, note `transmitting`, hand over the content, behind which
the next envelope leaves where the server can take it. 4. Store the outcome, at once or with
the next `transmitting`. 5. Leave when nothing may go, when the time is up so that others have
their turn, when told to stop, or when the mailbox cannot send.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from outtray.delivery import meters, schedule
from outtray.delivery.attempt import Ready, attempt, chance, make_ready, refused, store
from outtray.delivery.blame import blamed
from outtray.delivery.held import Held
from outtray.delivery.opening import open_session
from outtray.delivery.pauses import is_over_when_open, pause_for
from outtray.delivery.worker import Step, Worker
from outtray.lib.blobs import BlobMissing
from outtray.mailboxes import health, pace
from outtray.mailboxes.models import Health, Mailbox
from outtray.mailboxes.waking import wake_mailbox
from outtray.outbox import rows, standstill
from outtray.outbox.claim import Claim, claim_due, let_go, renew
from outtray.outbox.failures import from_json, to_json
from outtray.outbox.queries import next_due
from outtray.outbox.settle import give_back
from outtray.outbox.states import Reason
from outtray.transports.base import Accepted, Failure, Refusal, Session, Verdict

log = logging.getLogger("outtray.delivery")

FIRST_BATCH = 5  # emails a claim, until it is known how long one takes
BATCH = 40  # at most: few enough that a dead worker's are soon free again
BATCH_TIME = timedelta(milliseconds=400)  # so that a letter by hand overtakes within a second
TURN = timedelta(seconds=1)  # then others have theirs
RENEW_AFTER = timedelta(minutes=1)
ENOUGH_LINES = 2  # fresh lines lost in a row: then it is the server, and the mailbox rests
SEEN_FOR = timedelta(seconds=1)  # before that a sitting tells nothing about its pace


def sit(mailbox_id: UUID, worker: Worker, connection: int = 1) -> datetime | None:
    """Send what is due for this mailbox. Harmless at any time, by any number of workers.

    Answers when there will be more to do, as far as that is known.
    """
    begun = worker.clock.now()
    (mailbox,) = rows.select(Mailbox, {"id": mailbox_id})
    if not _can_send(mailbox, at=begun) or standstill.is_held():
        return None
    sitting = _Sitting(mailbox, worker, connection)
    try:
        return sitting.run()
    finally:
        sitting.leave()
        meters.sitting_ended(mailbox.transport, (worker.clock.now() - begun).total_seconds())


def _can_send(mailbox: Mailbox, *, at: datetime) -> bool:
    if mailbox.health == Health.PAUSED:
        return mailbox.paused_until is not None and mailbox.paused_until <= at
    return mailbox.health == Health.READY


class _Sitting:
    """The open connection and what it is used for."""

    def __init__(self, mailbox: Mailbox, worker: Worker, connection: int) -> None:
        self.mailbox = mailbox
        self.just_seen: Mailbox | None = mailbox
        self.worker = worker
        self.connection = connection
        self.session: Session | None = None
        self.is_fresh = False
        self.lines_lost = 0
        self.begun = self.renewed_at = worker.clock.now()
        self.attempts = 0
        self.held = Held(worker)
        self.ready: Ready | None = None  # what was announced
        self.is_ahead = False

    def run(self) -> datetime | None:
        """Claim and attempt, until there is a reason to leave."""
        limit = FIRST_BATCH if self.mailbox.health == Health.READY else 1
        while claims := self._claim(limit):
            if not self._work_through(claims):
                return None
            now = self.worker.clock.now()
            rest_until = claims[0].rest_until
            if rest_until and rest_until > now:
                return rest_until
            if now - self.begun >= TURN:
                return now
            limit = self._next_limit(now)
        return self._next_time() if self.connection == 1 else None

    def leave(self) -> None:
        """Part with the session: kept for the next sitting, if it can be."""
        session, self.session = self.session, None
        if session is None:
            return
        if self.worker.park is None or self.worker.stop.is_set() or self.is_ahead:
            session.close()
        else:
            at = self.worker.clock.now()
            self.worker.park.keep(session, self.mailbox, self.connection, at=at)

    def _claim(self, limit: int) -> list[Claim]:
        if self.worker.stop.is_set():
            return []
        seen, self.just_seen = self.just_seen, None
        claims = claim_due(
            self.mailbox.pk,
            limit,
            worker=self.worker.name,
            at=self.worker.clock.now(),
            seen=seen,
        )
        for claim in claims:
            self.worker.watch(Step.CLAIMED, claim)
        # One after the other, so that a refused password is not tried by several at once.
        has_more = len(claims) == limit and self.session is not None
        if has_more and self.connection < self.mailbox.connections:
            wake_mailbox(self.mailbox.pk, self.mailbox.company_id, connection=self.connection + 1)
        return claims

    def _next_limit(self, now: datetime) -> int:
        """As many as take no longer than a letter by hand may wait."""
        each = (now - self.begun) / max(1, self.attempts)
        return max(1, min(BATCH, int(BATCH_TIME / each))) if each else BATCH

    def _next_time(self) -> datetime | None:
        """When the next email of this mailbox is due, and its pace lets it go."""
        first = next_due(self.mailbox.pk)
        rest = pace.rest_until(self.mailbox.pk)
        return max(first, rest) if first and rest else first

    def _work_through(self, claims: Sequence[Claim]) -> bool:
        """Attempt each claim in turn. False if the mailbox cannot go on."""
        left = list(claims)
        try:
            while left:
                if self.worker.stop.is_set():
                    give_back(left, at=self.worker.clock.now())
                    return False
                session = self._open(left)
                if session is None:
                    return False
                claim = left[0]
                self.worker.watch(Step.CONNECTED, claim)
                self._renew(left)
                stopped_by = self._attempt(claim, session, *left[1:2])
                del left[0]
                if stopped_by:
                    self._pause(stopped_by, left)
                    return False
        finally:
            self.held.store()
            let_go(claims)
        return True

    def _open(self, claims: Sequence[Claim]) -> Session | None:
        """The session in hand, the one that was parked, or a new one."""
        if self.session and self.session.usable:
            return self.session
        self.held.store()
        if self.session is None and self.worker.park:
            self.session = self.worker.park.take(self.mailbox, self.connection)
        if self.session and self.session.usable:
            self.is_fresh = False
            return self.session
        self._close()
        if not self._may_log_in():
            give_back(claims, at=self.worker.clock.now(), reason=Reason.MAILBOX)
            return None
        opened = open_session(self.mailbox)
        if isinstance(opened, Refusal):
            self._unreachable(opened, claims)
            return None
        self.session, self.is_fresh = opened, True
        self._resume(is_proven=False)
        return opened

    def _may_log_in(self) -> bool:
        """Another connection may have been refused meanwhile, or the settings changed."""
        able = health.can_log_in(self.worker.clock.now())
        unchanged = Mailbox.objects.filter(
            able, pk=self.mailbox.pk, validated_settings=self.mailbox.validated_settings
        )
        return unchanged.exists()

    def _close(self) -> None:
        session, self.session = self.session, None
        if session:
            session.close()

    def _resume(self, *, is_proven: bool) -> None:
        """A rest is over when what stopped the mailbox is seen to have passed."""
        if self.mailbox.health != Health.PAUSED:
            return
        failure = from_json(self.mailbox.pause_failure)
        if is_proven or failure is None or is_over_when_open(failure):
            health.resume(self.mailbox.pk, at=self.worker.clock.now())
            self.mailbox.refresh_from_db()

    def _renew(self, claims: Sequence[Claim]) -> None:
        now = self.worker.clock.now()
        if now - self.renewed_at >= RENEW_AFTER:
            renew(claims, at=now)
            self.renewed_at = now

    def _announce(self, session: Session, claim: Claim) -> None:
        """Let the next envelope leave with the content before it, where that can be done."""
        try:
            self.ready = make_ready(claim, at=self.worker.clock.now())
        except BlobMissing:
            return  # its own attempt will tell
        session.announce(self.ready.envelope, self.ready.message, while_waiting=self.held.store)

    def _attempt(self, claim: Claim, session: Session, *following: Claim) -> Failure | None:
        """One attempt and its outcome, stored or held. A failure that stops the mailbox."""
        self.attempts += 1
        ready, self.ready = self.ready, None
        if following and not self.worker.stop.is_set():
            self._announce(session, *following)
        tried = attempt(
            claim, session, self.worker, server=self._server(), begin=self.held.begin, ready=ready
        )
        self.held.store()
        self.is_ahead = bool(tried and tried.outcome.goes_on)
        if tried is None:
            self._close()
            return None
        tried = blamed(claim, tried)
        verdicts = tried.outcome.verdicts
        lost = schedule.line_gave_out(verdicts)
        if lost and not self.is_fresh and not claim.is_transmitting:
            # Servers close a line after so many messages or seconds: no fault of this email.
            give_back([claim], at=self.worker.clock.now())
            return None
        self.is_fresh = False
        if self.is_ahead and all(isinstance(verdict, Accepted) for verdict in verdicts):
            self.held.hold(claim, tried)
        else:
            store(claim, tried, self.worker)
        self._learn(verdicts)
        self.lines_lost = self.lines_lost + 1 if lost else 0
        if lost and self.lines_lost >= ENOUGH_LINES:
            return lost
        return schedule.concerns_mailbox(verdicts)

    def _learn(self, verdicts: Sequence[Verdict]) -> None:
        """What the answer tells of the mailbox: that it can send, or that it is too fast."""
        if any(isinstance(verdict, Accepted) for verdict in verdicts):
            self._resume(is_proven=True)
        complaint = schedule.complaint(verdicts)
        if complaint:
            now = self.worker.clock.now()
            for_so_long = max(now - self.begun, SEEN_FOR)
            seen = self.attempts / (for_so_long / timedelta(minutes=1))
            pace.slow_down(self.mailbox, seen_per_minute=seen, why=complaint.text, at=now)

    def _unreachable(self, refusal: Refusal, claims: Sequence[Claim]) -> None:
        """No session: the mailbox rests, its emails wait. Those a day overdue fail and say why."""
        now = self.worker.clock.now()
        failure = refusal.failure
        for claim in claims:
            claim.email.first_due_at = self._tried_since(claim)
        too_old = [
            claim
            for claim in claims
            if now - claim.email.first_due_at >= schedule.GIVE_UP
            and failure.scope not in schedule.PAUSING
        ]
        for claim in too_old:
            store(claim, refused(claim, refusal, server=self._server(), at=now), self.worker)
        self._pause(failure, [claim for claim in claims if claim not in too_old])

    def _tried_since(self, claim: Claim) -> datetime:
        """Since when nothing but the server has been in the way of this email."""
        email = claim.email
        has_attempts = claim.number > 1
        due_at = email.first_due_at if has_attempts else email.due_at
        return max(due_at, self.mailbox.paused_at or self.worker.clock.now())

    def _pause(self, failure: Failure, claims: Sequence[Claim]) -> None:
        now = self.worker.clock.now()
        before = (self.mailbox.pause_failure or {}).get("pauses", 0)
        pauses = before if self.mailbox.health == Health.PAUSED else 0
        pause = pause_for(failure, pauses=pauses, at=now, chance=chance())
        health.pause(
            self.mailbox.pk,
            cause=pause.kind,
            failure={**(to_json(failure) or {}), "pauses": pauses + 1},
            until=pause.until,
            at=now,
            as_of=self.mailbox,
        )
        give_back(claims, at=now, reason=Reason.MAILBOX)
        log.warning("mailbox paused", extra={"mailbox": self.mailbox.pk, "failure": failure.text})

    def _server(self) -> str:
        host, port = self.mailbox.settings.get("host", ""), self.mailbox.settings.get("port", "")
        return f"{host}:{port}" if host else self.mailbox.transport
