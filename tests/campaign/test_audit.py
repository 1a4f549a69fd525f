"""The audit notices what must never be: it is the judge of the campaign."""

from __future__ import annotations

from collections import Counter

import pytest

from outtray.outbox.models import Attempt, Email, Recipient
from outtray.outbox.states import RecipientState, State
from outtray.people.models import Membership
from tests.builders import CUSTOMER, queued, reload, user_email
from tests.campaign.audit import Findings, audit
from tests.conftest import Run, TurnedClock
from tests.servers.ledger import Line
from tests.servers.scripted import ScriptedServer


@pytest.fixture
def email(
    ben: Membership, clock: TurnedClock, smtp_server: ScriptedServer, run_until_idle: Run
) -> Email:
    """One that was sent, truly."""
    email = queued(user_email(ben, at=clock.now(), port=smtp_server.port), at=clock.now())
    run_until_idle()
    return reload(email)


def judged(email: Email, *, times: int, clock: TurnedClock) -> Findings:
    ledger: Counter[Line] = Counter({(email.message_id, CUSTOMER): times} if times else {})
    return audit([email.message_id], ledger, at=clock.now())


def test_what_arrived_once_and_says_so_is_right(email: Email, clock: TurnedClock) -> None:
    found = judged(email, times=1, clock=clock)

    assert (found.emails, found.accepted, found.lost, found.doubled) == (1, 1, 0, 0)
    assert found.wrong == []


def test_what_arrived_twice_is_doubled(email: Email, clock: TurnedClock) -> None:
    found = judged(email, times=3, clock=clock)

    assert found.doubled == 2
    assert found.wrong


def test_what_says_sent_and_never_arrived_is_lost(email: Email, clock: TurnedClock) -> None:
    found = judged(email, times=0, clock=clock)

    assert found.lost == 1
    assert found.wrong


def test_what_was_accepted_and_has_no_row_is_lost(email: Email, clock: TurnedClock) -> None:
    ledger = Counter({(email.message_id, CUSTOMER): 1})

    found = audit([email.message_id, "<gone@nordwind.example>"], ledger, at=clock.now())

    assert found.lost == 1


def test_what_arrived_and_says_that_it_did_not_is_wrong(email: Email, clock: TurnedClock) -> None:
    Email.objects.update(state=State.FAILED)
    Recipient.objects.update(state=RecipientState.FAILED)

    assert judged(email, times=1, clock=clock).wrong


def test_what_is_unknown_may_have_arrived_or_not(email: Email, clock: TurnedClock) -> None:
    Email.objects.update(state=State.UNKNOWN)
    Recipient.objects.update(state=RecipientState.UNKNOWN)

    for times in (0, 1):
        found = judged(email, times=times, clock=clock)
        assert (found.unknown, found.lost, found.doubled, found.wrong) == (1, 0, 0, [])


def test_what_stays_in_the_middle_is_wrong(email: Email, clock: TurnedClock) -> None:
    Email.objects.update(state=State.QUEUED)
    Recipient.objects.update(state=RecipientState.WAITING)
    waiting = judged(email, times=0, clock=clock).wrong
    Attempt.objects.update(phase="transmitting")

    transmitting = judged(email, times=0, clock=clock).wrong

    assert 0 < len(waiting) < len(transmitting)


def test_two_claims_at_a_time_are_wrong(email: Email, clock: TurnedClock) -> None:
    claimed = email.events.get(code="claimed")
    claimed.pk = None
    claimed.save()
    ended = email.events.get(code="sent")
    ended.delete()
    ended.pk = None
    ended.save()

    assert judged(email, times=1, clock=clock).wrong
