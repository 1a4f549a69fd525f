"""An email is tried for a day. What kept it before its first try is no part of that day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from outtray.mailboxes.models import Mailbox
from outtray.outbox.states import State
from outtray.people.models import Membership
from tests.builders import queued, reload, user_email
from tests.conftest import Run, TurnedClock
from tests.servers.scripted import ScriptedServer


@pytest.fixture
def mailbox(ben: Membership, clock: TurnedClock, smtp_server: ScriptedServer) -> Mailbox:
    return user_email(ben, at=clock.now(), port=smtp_server.port)


def test_waiting_for_the_mailbox_s_own_limit_spends_nothing_of_it(
    mailbox: Mailbox, clock: TurnedClock, run_until_idle: Run, smtp_server: ScriptedServer
) -> None:
    Mailbox.objects.filter(pk=mailbox.pk).update(messages_per_day=1)
    emails = [queued(mailbox, at=clock.now()) for _ in range(3)]
    for _ in range(2):
        run_until_idle()
        clock.turn(timedelta(days=1, hours=1))

    smtp_server.answers("RCPT", "450 4.2.0 Greylisted")
    run_until_idle()

    assert [reload(email).state for email in emails] == [State.SENT, State.SENT, State.QUEUED]


def test_nor_does_a_weekend_on_which_nothing_worked(
    mailbox: Mailbox, clock: TurnedClock, run_until_idle: Run, smtp_server: ScriptedServer
) -> None:
    email = queued(mailbox, at=clock.now())
    clock.turn(timedelta(days=3))
    smtp_server.answers("GREETING", "421 4.3.2 Not yet")
    run_until_idle()

    smtp_server.answers("GREETING", "220 ready")
    clock.turn(timedelta(minutes=2))
    run_until_idle()

    assert reload(email).state == State.SENT


def test_a_server_that_stays_down_afterwards_has_a_day_from_then_on(
    mailbox: Mailbox, clock: TurnedClock, run_until_idle: Run, smtp_server: ScriptedServer
) -> None:
    email = queued(mailbox, at=clock.now())
    clock.turn(timedelta(days=3))
    smtp_server.answers("GREETING", "421 4.3.2 Not yet")
    run_until_idle()
    clock.turn(timedelta(hours=23))
    run_until_idle()
    assert reload(email).state == State.QUEUED

    clock.turn(timedelta(hours=2))
    run_until_idle()

    assert reload(email).state == State.FAILED
