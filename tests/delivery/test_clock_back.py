"""A clock that was ahead for a moment keeps nothing waiting for the time that it told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from outtray.mailboxes.models import Health, Mailbox
from outtray.outbox.schedule import reschedule
from outtray.outbox.states import State
from outtray.people.models import Membership
from tests.builders import queued, reload, user_email
from tests.conftest import Run, TurnedClock
from tests.servers.scripted import ScriptedServer

AHEAD = timedelta(days=1500)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mailbox(ben: Membership, clock: TurnedClock, smtp_server: ScriptedServer) -> Mailbox:
    return user_email(ben, at=clock.now(), port=smtp_server.port)


def test_what_was_refused_in_2030_is_tried_again_today(
    mailbox: Mailbox, clock: TurnedClock, run_until_idle: Run, smtp_server: ScriptedServer
) -> None:
    email = queued(mailbox, at=clock.now())
    smtp_server.answers("RCPT", "450 4.2.0 Greylisted", times=1)
    clock.turn(AHEAD)
    run_until_idle()

    clock.turn(-AHEAD)
    run_until_idle()

    email = reload(email)
    assert email.state == State.SENT
    told = email.events.get(code="rescheduled").detail
    assert told == {"why": "The clock of the machine was ahead when this time was set."}


def test_a_mailbox_that_rested_in_2030_is_probed_today(
    mailbox: Mailbox, clock: TurnedClock, run_until_idle: Run, smtp_server: ScriptedServer
) -> None:
    email = queued(mailbox, at=clock.now())
    smtp_server.answers("GREETING", "421 4.3.2 Not now", times=1)
    clock.turn(AHEAD)
    run_until_idle()

    clock.turn(-AHEAD)
    run_until_idle()

    mailbox.refresh_from_db()
    assert (mailbox.health, reload(email).state) == (Health.READY, State.SENT)


def test_a_time_that_a_person_chose_stays(
    mailbox: Mailbox, clock: TurnedClock, run_until_idle: Run, ben: Membership
) -> None:
    clock.turn(AHEAD)
    email = queued(mailbox, at=clock.now())
    reschedule(email.pk, due_at=clock.now() + AHEAD, by=ben.person, at=clock.now())
    run_until_idle()
    chosen = reload(email).due_at

    clock.turn(-AHEAD)
    run_until_idle()

    assert (reload(email).state, reload(email).due_at) == (State.QUEUED, chosen)
