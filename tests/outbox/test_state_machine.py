"""Whatever is done to emails in whatever order: no arrow that is not drawn, nothing doubled.

Two workers and a person do all that can be done, at random. The machine keeps beside them
what the mail server truly accepted, which neither of them always learns.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from outtray.delivery.attempt import store
from outtray.delivery.worker import Worker
from outtray.lib.errors import Refused
from outtray.mailboxes.models import Mailbox
from outtray.outbox import resolve
from outtray.outbox.cancel import cancel
from outtray.outbox.claim import Claim, ClaimLost, begin_transmitting, claim_due, renew
from outtray.outbox.expire import expire
from outtray.outbox.hold import hold, release
from outtray.outbox.models import Email, Recipient
from outtray.outbox.recover import recover
from outtray.outbox.requeue import requeue
from outtray.outbox.schedule import reschedule, send_now
from outtray.outbox.settle import Tried, give_back
from outtray.outbox.states import ARROWS, RecipientState, State
from outtray.outbox.why import why_not_sent
from outtray.people.models import Membership
from outtray.transports.base import (
    Accepted,
    Failure,
    Outcome,
    Scope,
    Source,
    Stage,
    Unanswered,
    Verdict,
)
from tests.builders import queued, user_email
from tests.conftest import TurnedClock

# The name of a process on another machine: only the end of its lease shows that it is gone.
WORKERS = ("elsewhere:1:one", "elsewhere:2:two")
FOR_GOOD = frozenset({State.SENT, State.CANCELLED, State.EXPIRED})

PLACES = st.integers(0, 20)
WORKER = st.sampled_from(WORKERS)
MINUTES = st.sampled_from((0, 1, 4, 6, 21, 61, 1500))


def no(scope: Scope, *, is_temporary: bool, stage: Stage = Stage.RECIPIENT) -> Failure:
    return Failure(stage, scope, is_temporary, Source.SERVER, "no", 450 if is_temporary else 550)


BEFORE_CONTENT = st.sampled_from(
    [
        no(scope, is_temporary=is_temporary)
        for scope in (Scope.RECIPIENT, Scope.SERVER, Scope.SENDER)
        for is_temporary in (True, False)
    ]
)
AFTER_CONTENT: st.SearchStrategy[Verdict] = st.sampled_from(
    [
        Accepted("250 Ok"),
        Unanswered("the line broke"),
        no(Scope.MESSAGE, is_temporary=True, stage=Stage.ANSWER),
        no(Scope.MESSAGE, is_temporary=False, stage=Stage.ANSWER),
    ]
)


@dataclass
class Hand:
    """A claimed email in a worker's hand, and whether its content is on the way."""

    claim: Claim
    is_transmitting: bool = False

    def recipients(self) -> list[Recipient]:
        everyone = self.claim.email.recipients.all()
        return [each for each in everyone if each.state == RecipientState.WAITING]


Snapshot = dict[UUID, tuple[str, int]]


class Life(RuleBasedStateMachine):
    """Emails, and all that happens to them. The mailbox is given by the test."""

    mailbox: Mailbox

    def __init__(self) -> None:
        super().__init__()
        self.clock = TurnedClock(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
        self.hands: dict[str, list[Hand]] = {worker: [] for worker in WORKERS}
        self.truth: Counter[tuple[str, str]] = Counter()  # what the server has accepted
        self.before: Snapshot = {}
        self.undone = transaction.atomic()
        self.undone.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    @initialize(recipients=st.lists(st.integers(1, 3), min_size=1, max_size=3))
    def accept(self, recipients: list[int]) -> None:
        for email, number in enumerate(recipients):
            to = [f"customer{email}-{place}@kunde.example" for place in range(number)]
            accepted = queued(self.mailbox, at=self.clock.now(), to=to)
            if email == 1:
                Email.objects.filter(pk=accepted.pk).update(
                    not_after=self.clock.now() + timedelta(hours=3)
                )
        self.before = self._now()

    # --- what a worker does

    @rule(worker=WORKER, limit=st.integers(1, 3))
    def claim(self, worker: str, limit: int) -> None:
        claims = claim_due(self.mailbox.pk, limit, worker=worker, at=self.clock.now())
        self.hands[worker] += map(Hand, claims)

    @rule(worker=WORKER, place=PLACES)
    def begin(self, worker: str, place: int) -> None:
        hand = self._hand(worker, place)
        if hand is None or hand.is_transmitting:
            return
        now = self.clock.now()
        try:
            begin_transmitting(hand.claim, server="mail.example", started_at=now, at=now)
            hand.is_transmitting = True
        except ClaimLost:
            self.hands[worker].remove(hand)

    @rule(worker=WORKER, place=PLACES, data=st.data())
    def settle(self, worker: str, place: int, data: st.DataObject) -> None:
        hand = self._hand(worker, place)
        if hand is None:
            return
        recipients = hand.recipients()
        count = len(recipients)
        if hand.is_transmitting:
            refused = data.draw(st.lists(st.booleans(), min_size=count, max_size=count))
            answer, early = data.draw(AFTER_CONTENT), data.draw(BEFORE_CONTENT)
            everybody_refused = all(refused)
            verdicts: list[Verdict] = [
                early if no_way and not everybody_refused else answer for no_way in refused
            ]
            self._accept_in_truth(hand, recipients, verdicts, data)
        else:
            verdicts = [data.draw(BEFORE_CONTENT)] * count
        self.hands[worker].remove(hand)
        tried = Tried(recipients, Outcome(tuple(verdicts)), "mail.example", self.clock.now())
        store(hand.claim, tried, Worker(worker, self.clock, threading.Event()))

    def _accept_in_truth(
        self, hand: Hand, recipients: list[Recipient], verdicts: list[Verdict], data: st.DataObject
    ) -> None:
        is_taken = data.draw(st.booleans())  # where no answer tells
        for recipient, verdict in zip(recipients, verdicts, strict=True):
            if isinstance(verdict, Accepted) or (isinstance(verdict, Unanswered) and is_taken):
                self.truth[hand.claim.email.message_id, recipient.address] += 1

    @rule(worker=WORKER)
    def give_rest_back(self, worker: str) -> None:
        rest = [hand for hand in self.hands[worker] if not hand.is_transmitting]
        self.hands[worker] = [hand for hand in self.hands[worker] if hand.is_transmitting]
        give_back([hand.claim for hand in rest], at=self.clock.now())

    @rule(worker=WORKER)
    def renew_all(self, worker: str) -> None:
        renew([hand.claim for hand in self.hands[worker]], at=self.clock.now())

    @rule(worker=WORKER, data=st.data())
    def crash(self, worker: str, data: st.DataObject) -> None:
        """What was on the way may arrive all the same."""
        for hand in self.hands[worker]:
            if hand.is_transmitting:
                recipients = hand.recipients()
                unanswered: list[Verdict] = [Unanswered("")] * len(recipients)
                self._accept_in_truth(hand, recipients, unanswered, data)
        self.hands[worker] = []

    # --- what happens by itself

    @rule(minutes=MINUTES)
    def turn(self, minutes: int) -> None:
        self.clock.turn(timedelta(minutes=minutes))

    @rule()
    def recover_dead(self) -> None:
        recover(at=self.clock.now())

    @rule()
    def expire_late(self) -> None:
        expire(at=self.clock.now())

    # --- what a person does

    @rule(verb=st.sampled_from((hold, release, cancel, requeue, send_now)), place=PLACES)
    def act(self, verb: Callable[..., None], place: int) -> None:
        self._try(verb, self._email(place), by=None)

    @rule(minutes=st.integers(-5, 300), place=PLACES)
    def give_another_time(self, minutes: int, place: int) -> None:
        due_at = self.clock.now() + timedelta(minutes=minutes)
        self._try(reschedule, self._email(place), by=None, due_at=due_at)

    @rule(place=PLACES)
    def send_again(self, place: int) -> None:
        self._try(resolve.send_again, self._email(place), by=None)

    @rule(place=PLACES)
    def say_it_arrived(self, place: int) -> None:
        self._try(resolve.arrived, self._email(place), by=None)

    # --- what the look-up does

    @rule(place=PLACES)
    def find(self, place: int) -> None:
        email_id = self._email(place)
        if self._is_in_truth(email_id):
            resolve.found(email_id, where="Sent", at=self.clock.now())

    @rule(place=PLACES)
    def miss(self, place: int) -> None:
        """Only where it is provable: nothing was taken, and nothing is on the way."""
        email_id = self._email(place)
        on_the_way = [hand.claim.email.pk for hand in self._all_hands() if hand.is_transmitting]
        if not self._is_in_truth(email_id) and email_id not in on_the_way:
            resolve.absent(email_id, at=self.clock.now())

    @rule(place=PLACES, is_hopeless=st.booleans())
    def find_nothing_certain(self, place: int, is_hopeless: bool) -> None:
        email_id, now = self._email(place), self.clock.now()
        if is_hopeless:
            resolve.ask_person(email_id, why="no folder", at=now)
        else:
            later = now + timedelta(minutes=5)
            resolve.look_again(email_id, look_up_at=later, why="not yet", at=now)

    # --- what must always be so

    @invariant()
    def only_drawn_arrows_are_followed_and_each_leaves_its_event(self) -> None:
        now = self._now()
        for pk, (state, events) in now.items():
            before, events_before = self.before.get(pk, (state, 0))
            if state != before:
                assert (State(before), State(state)) in ARROWS
                assert before not in FOR_GOOD
                assert events > events_before
            assert events >= events_before
        self.before = now

    @invariant()
    def what_is_sending_is_claimed_and_nothing_else_is(self) -> None:
        for email in Email.objects.all():
            is_sending = email.state == State.SENDING
            claim = (email.claim_token, email.claimed_by or None, email.claim_until)
            assert [part is not None for part in claim] == [is_sending] * 3

    @invariant()
    def every_email_says_what_it_waits_for_or_has_ended(self) -> None:
        ended = FOR_GOOD | {State.FAILED}
        for email in Email.objects.select_related("mailbox"):
            waits_for = why_not_sent(email, at=self.clock.now())
            assert (waits_for is None) == (email.state in ended)

    @invariant()
    def recipients_fit_their_email(self) -> None:
        for email in Email.objects.prefetch_related("recipients"):
            states = {recipient.state for recipient in email.recipients.all()}
            if email.state == State.SENT:
                assert RecipientState.ACCEPTED in states
                assert states <= {RecipientState.ACCEPTED, RecipientState.FAILED}
            if email.state == State.UNKNOWN:
                assert RecipientState.UNKNOWN in states
            if email.state in (State.QUEUED, State.SENDING, State.HELD):
                assert RecipientState.WAITING in states

    @invariant()
    def nobody_gets_a_message_twice(self) -> None:
        assert [line for line, times in self.truth.items() if times > 1] == []

    # --- helpers

    def _now(self) -> Snapshot:
        emails = Email.objects.prefetch_related("events")
        return {email.pk: (email.state, len(email.events.all())) for email in emails}

    def _all_hands(self) -> Iterator[Hand]:
        for hands in self.hands.values():
            yield from hands

    def _hand(self, worker: str, place: int) -> Hand | None:
        hands = self.hands[worker]
        return hands[place % len(hands)] if hands else None

    def _email(self, place: int) -> UUID:
        ids = list(Email.objects.order_by("pk").values_list("pk", flat=True))
        return ids[place % len(ids)]

    def _is_in_truth(self, email_id: UUID) -> bool:
        unknown = Recipient.objects.filter(email=email_id, state=RecipientState.UNKNOWN)
        lines = unknown.values_list("email__message_id", "address")
        return any(self.truth[message_id, address] for message_id, address in lines)

    def _try(self, verb: Callable[..., Any], email_id: UUID, **details: object) -> None:
        """A refusal is a normal answer, and changes nothing."""
        before = self._now()
        try:
            verb(email_id, at=self.clock.now(), **details)
        except Refused:
            assert self._now() == before


@pytest.fixture
def mailbox(ben: Membership, at: datetime) -> Mailbox:
    return user_email(ben, at=at)


def test_no_arrow_is_followed_that_is_not_drawn(mailbox: Mailbox) -> None:
    machine = type("Life", (Life,), {"mailbox": mailbox})

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=25,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
