"""Sittings side by side: sessions that wait, letters that overtake, recipients in two rounds."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from outtray.delivery.parked import IDLE, Park
from outtray.delivery.sitting import sit
from outtray.delivery.work import DeliveryWork
from outtray.delivery.worker import Step, Worker
from outtray.engine import base
from outtray.mailboxes.models import Mailbox, MailboxEvent, Quota
from outtray.outbox.accept import Terms, accept
from outtray.outbox.claim import Claim
from outtray.outbox.models import Email
from outtray.outbox.recover import worker_name
from outtray.outbox.states import Lane, RecipientState, State
from outtray.people.models import Membership
from tests.builders import letter, queued, reload, user_email
from tests.conftest import TurnedClock
from tests.servers.scripted import ScriptedServer

THREE = ["a@kunde.example", "b@kunde.example", "c@kunde.example"]


@pytest.fixture
def mailbox(ben: Membership, clock: TurnedClock, smtp_server: ScriptedServer) -> Mailbox:
    return user_email(ben, at=clock.now(), port=smtp_server.port)


@pytest.fixture
def park() -> Iterator[Park]:
    park = Park()
    yield park
    park.close()


@pytest.fixture
def worker(clock: TurnedClock, park: Park) -> Worker:
    return Worker(worker_name("test"), clock, threading.Event(), park=park)


def bulk(mailbox: Mailbox, *, clock: TurnedClock) -> Email:
    terms = Terms(at=clock.now(), lane=Lane.BULK)
    return accept(letter(mailbox), mailbox=mailbox, terms=terms)


def test_the_next_sitting_takes_up_the_session_of_the_last(
    mailbox: Mailbox, clock: TurnedClock, worker: Worker, smtp_server: ScriptedServer
) -> None:
    for _ in range(3):
        queued(mailbox, at=clock.now())
        sit(mailbox.pk, worker)

    assert len(smtp_server.received) == 3
    assert smtp_server.connections == 1


def test_a_parked_session_that_the_server_has_closed_is_not_used(
    mailbox: Mailbox, clock: TurnedClock, worker: Worker, smtp_server: ScriptedServer
) -> None:
    smtp_server.drops_after("CONTENT")
    first = queued(mailbox, at=clock.now())
    sit(mailbox.pk, worker)
    smtp_server.behaves()

    second = queued(mailbox, at=clock.now())
    sit(mailbox.pk, worker)

    assert (reload(first).state, reload(second).state) == (State.UNKNOWN, State.SENT)
    assert smtp_server.connections == 2


def test_a_session_of_other_settings_is_not_taken_up(
    mailbox: Mailbox, clock: TurnedClock, worker: Worker, smtp_server: ScriptedServer
) -> None:
    queued(mailbox, at=clock.now())
    sit(mailbox.pk, worker)
    Mailbox.objects.update(changed_at=clock.turn(timedelta(seconds=1)))

    queued(mailbox, at=clock.now())
    sit(mailbox.pk, worker)

    assert smtp_server.connections == 2


def test_idle_sessions_are_closed(
    mailbox: Mailbox, clock: TurnedClock, worker: Worker, park: Park, smtp_server: ScriptedServer
) -> None:
    queued(mailbox, at=clock.now())
    sit(mailbox.pk, worker)
    assert not park.has_idle(at=clock.now())

    clock.turn(IDLE)
    assert park.has_idle(at=clock.now())
    park.close_idle(at=clock.now())

    assert "QUIT" in smtp_server.commands
    assert not park.has_idle(at=clock.now())


def test_where_there_is_no_more_room_the_longest_parked_is_closed(
    anna: Membership, ben: Membership, clock: TurnedClock, smtp_server: ScriptedServer
) -> None:
    park = Park(most=1)
    worker = Worker(worker_name("test"), clock, threading.Event(), park=park)
    for membership in (anna, ben):
        mailbox = user_email(membership, at=clock.now(), port=smtp_server.port)
        queued(mailbox, at=clock.now())
        sit(mailbox.pk, worker)

    assert smtp_server.commands.count("QUIT") == 1
    park.close()


def test_a_letter_by_hand_overtakes_a_run_within_the_next_claim(
    mailbox: Mailbox, clock: TurnedClock, smtp_server: ScriptedServer
) -> None:
    for _ in range(30):
        bulk(mailbox, clock=clock)
    by_hand: list[Email] = []

    def watch(step: Step, claim: Claim) -> None:
        if step == Step.SETTLED and not by_hand:
            by_hand.append(queued(mailbox, at=clock.now()))

    sit(mailbox.pk, Worker(worker_name("test"), clock, threading.Event(), watch))

    order = list(Email.objects.order_by("attempts__id").values_list("pk", flat=True))
    assert order.index(by_hand[0].pk) < 10
    assert len(smtp_server.received) == 31


def test_more_recipients_than_the_server_takes_at_once_follow_in_the_next_round(
    mailbox: Mailbox, clock: TurnedClock, worker: Worker, smtp_server: ScriptedServer
) -> None:
    email = queued(mailbox, at=clock.now(), to=THREE)
    smtp_server.answers("RCPT <c@kunde.example>", "452 4.5.3 Too many recipients", times=1)

    sit(mailbox.pk, worker)

    assert reload(email).state == State.SENT
    assert {each.state for each in email.recipients.all()} == {RecipientState.ACCEPTED}
    told = [
        [str(each) for each in received.envelope.recipients] for received in smtp_server.received
    ]
    assert told == [THREE[:2], THREE[2:]]
    assert [event.code for event in email.events.all()] == [
        "accepted", "claimed", "continued", "claimed", "sent"
    ]  # fmt: skip


def test_only_the_recipient_whose_wait_is_over_is_tried_again(
    mailbox: Mailbox, clock: TurnedClock, worker: Worker, smtp_server: ScriptedServer
) -> None:
    email = queued(mailbox, at=clock.now(), to=THREE)
    smtp_server.answers("RCPT <b@kunde.example>", "450 4.7.1 Greylisted, try again in 2 minutes")
    smtp_server.answers("RCPT <c@kunde.example>", "450 4.2.1 try again in 30 minutes")
    sit(mailbox.pk, worker)
    smtp_server.behaves()

    clock.turn(timedelta(minutes=3))
    sit(mailbox.pk, worker)

    states = [each.state for each in email.recipients.all()]
    assert states == [RecipientState.ACCEPTED, RecipientState.ACCEPTED, RecipientState.WAITING]
    due_at = reload(email).due_at
    assert timedelta(minutes=26) < due_at - clock.now() < timedelta(minutes=31)


def test_a_server_that_complains_is_sent_to_more_slowly(
    mailbox: Mailbox, clock: TurnedClock, worker: Worker, smtp_server: ScriptedServer
) -> None:
    queued(mailbox, at=clock.now())
    smtp_server.answers("MAIL", "450 4.7.1 Too many messages, slow down")

    sit(mailbox.pk, worker)

    assert Quota.objects.get(pk=mailbox.pk).slowed_to is not None
    assert MailboxEvent.objects.filter(mailbox=mailbox, code="slowed").exists()


def test_a_mailbox_may_use_as_many_connections_as_it_is_allowed(
    mailbox: Mailbox, clock: TurnedClock, worker: Worker, smtp_server: ScriptedServer
) -> None:
    woken: list[str] = []

    class Engine(base.NoEngine):
        def wake(self, work: str, key: str, *, urgent: bool = False) -> None:
            woken.append(key)

    Mailbox.objects.update(connections=2)
    for _ in range(60):
        bulk(mailbox, clock=clock)
    base.use(Engine())
    sit(mailbox.pk, worker)
    base.use(base.NoEngine())

    assert f"{mailbox.company_id}/{mailbox.pk}/2" in woken
    assert not any(key.endswith("/3") for key in woken)


def test_a_paced_mailbox_is_not_due_before_its_rest_is_over(
    mailbox: Mailbox, clock: TurnedClock, worker: Worker
) -> None:
    Mailbox.objects.update(messages_per_minute=30)
    work = DeliveryWork(clock)
    for _ in range(3):
        bulk(mailbox, clock=clock)
    again_at = sit(mailbox.pk, worker)

    assert list(work.due(clock.now())) == []
    assert again_at is not None
    clock.at = again_at
    assert len(list(work.due(clock.now()))) == 1
