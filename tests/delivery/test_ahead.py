"""An outcome is stored in one transaction with the beginning of the next attempt, or at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import OperationalError

from outtray.delivery import held
from outtray.delivery.parked import Park
from outtray.delivery.sitting import sit
from outtray.delivery.worker import Step, Worker
from outtray.mailboxes.models import Health, Mailbox
from outtray.outbox.claim import Claim
from outtray.outbox.models import Attempt, Email
from outtray.outbox.states import Phase, State
from outtray.people.models import Membership
from outtray.transports.smtp import flight
from tests.builders import queued, reload, user_email
from tests.conftest import TurnedClock
from tests.servers.script import DEADLINE
from tests.servers.scripted import ScriptedServer

ONE, TWO = "eins@kunde.example", "zwei@kunde.example"
Watch = Callable[[Step, Claim], None]
Sit = Callable[[Watch], None]


@pytest.fixture
def mailbox(ben: Membership, clock: TurnedClock, smtp_server: ScriptedServer) -> Mailbox:
    return user_email(ben, at=clock.now(), port=smtp_server.port)


@pytest.fixture
def two(mailbox: Mailbox, clock: TurnedClock) -> tuple[Email, Email]:
    first, second = (queued(mailbox, at=clock.now(), to=(each,)) for each in (ONE, TWO))
    return first, second


@pytest.fixture
def stop() -> threading.Event:
    return threading.Event()


@pytest.fixture
def sits(mailbox: Mailbox, clock: TurnedClock, stop: threading.Event) -> Sit:
    """Have a worker sit once, with somebody who watches its steps."""

    def sits(watch: Watch) -> None:
        park = Park()
        sit(mailbox.pk, Worker("first", clock, stop, watch=watch, park=park))
        park.close()

    return sits


def test_an_outcome_and_the_next_beginning_are_one_write(
    two: tuple[Email, Email],
    sits: Sit,
    smtp_server: ScriptedServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(flight, "MOMENT", DEADLINE)
    first, second = two
    seen: list[str] = []

    def watch(step: Step, claim: Claim) -> None:
        if step == Step.ANSWERED and claim.email == first:
            seen.append(reload(first).state)
        if step == Step.SETTLED and claim.email == first:
            seen.extend((reload(first).state, Attempt.objects.get(email=second).phase))

    sits(watch)

    assert seen == [State.SENDING, State.SENT, Phase.TRANSMITTING]
    assert [reload(email).state for email in two] == [State.SENT] * 2
    assert [reload(email).attempts.get().phase for email in two] == [Phase.ENDED] * 2
    assert len(smtp_server.received) == 2


def test_an_outcome_does_not_wait_for_a_server_that_thinks_about_the_next_envelope(
    two: tuple[Email, Email], sits: Sit, smtp_server: ScriptedServer
) -> None:
    first, second = two
    stall = smtp_server.stalls_at(f"RCPT <{TWO}>")
    seen: list[object] = []

    def watch(step: Step, claim: Claim) -> None:
        if step == Step.ANSWERED and claim.email == first:
            stall.wait_until_reached()
        if step == Step.SETTLED and claim.email == first:
            seen.extend((reload(first).state, Attempt.objects.filter(email=second).exists()))
            stall.release()

    sits(watch)

    assert seen == [State.SENT, False]
    assert reload(second).state == State.SENT


def test_an_outcome_is_stored_where_the_next_envelope_is_refused(
    two: tuple[Email, Email], sits: Sit, smtp_server: ScriptedServer
) -> None:
    smtp_server.answers(f"RCPT <{TWO}>", "550 5.1.1 No such user")

    sits(lambda step, claim: None)

    assert [reload(email).state for email in two] == [State.SENT, State.FAILED]


@pytest.mark.parametrize("place", [0, 1])
def test_a_claim_that_was_lost_costs_the_other_nothing(
    two: tuple[Email, Email], sits: Sit, smtp_server: ScriptedServer, place: int
) -> None:
    lost, kept = two[place], two[1 - place]

    def watch(step: Step, claim: Claim) -> None:
        if step == Step.ANSWERED and claim.email == two[0]:
            Email.objects.filter(pk=lost.pk).update(claim_token=uuid4())

    sits(watch)

    assert (reload(lost).state, reload(kept).state) == (State.SENDING, State.SENT)
    assert len(smtp_server.received) == 2 - place


def test_a_write_of_both_that_fails_is_made_one_after_the_other(
    two: tuple[Email, Email],
    sits: Sit,
    smtp_server: ScriptedServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def cannot(write: Callable[[], object]) -> object:
        raise OperationalError("disk I/O error")

    monkeypatch.setattr(held, "together", cannot)

    sits(lambda step, claim: None)

    assert [reload(email).state for email in two] == [State.SENT] * 2
    assert len(smtp_server.received) == 2


def test_whoever_stops_stores_the_outcome_and_gives_back_what_was_announced(
    two: tuple[Email, Email], sits: Sit, smtp_server: ScriptedServer, stop: threading.Event
) -> None:
    def watch(step: Step, claim: Claim) -> None:
        if step == Step.ANSWERED:
            stop.set()

    sits(watch)

    assert [reload(email).state for email in two] == [State.SENT, State.QUEUED]
    assert len(smtp_server.received) == 1


def test_a_mailbox_that_an_answer_stops_keeps_no_line_with_an_envelope_on_it(
    two: tuple[Email, Email],
    mailbox: Mailbox,
    clock: TurnedClock,
    smtp_server: ScriptedServer,
    stop: threading.Event,
) -> None:
    smtp_server.answers("CONTENT", "530 5.7.0 Authentication required")
    park = Park()

    sit(mailbox.pk, Worker("first", clock, stop, park=park))

    mailbox.refresh_from_db()
    assert mailbox.health == Health.PAUSED
    assert [reload(email).state for email in two] == [State.QUEUED] * 2
    assert park.take(mailbox, 1) is None
    assert smtp_server.received == []
