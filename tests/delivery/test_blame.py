"""One address that a server refuses as if the account were at fault stops nobody for long."""

from __future__ import annotations

from datetime import timedelta

import pytest

from outtray.mailboxes.models import Health, Mailbox
from outtray.outbox.states import State
from outtray.people.models import Membership
from tests.builders import queued, reload, user_email
from tests.conftest import Run, TurnedClock
from tests.servers.scripted import ScriptedServer

DENIED = "554 5.7.1 Relay access denied"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mailbox(ben: Membership, clock: TurnedClock, smtp_server: ScriptedServer) -> Mailbox:
    return user_email(ben, at=clock.now(), port=smtp_server.port)


def test_what_did_not_stop_the_others_stops_nobody_a_second_time(
    mailbox: Mailbox, clock: TurnedClock, run_until_idle: Run, smtp_server: ScriptedServer
) -> None:
    denied = queued(mailbox, at=clock.now(), to=["carla@elsewhere.example"])
    other = queued(mailbox, at=clock.now())
    smtp_server.answers("RCPT <carla@elsewhere.example>", DENIED)
    clock.turn(timedelta(seconds=1))
    run_until_idle()
    mailbox.refresh_from_db()
    assert mailbox.health == Health.PAUSED

    clock.turn(timedelta(hours=3))
    run_until_idle()

    mailbox.refresh_from_db()
    assert mailbox.health == Health.READY
    assert (reload(other).state, reload(denied).state) == (State.SENT, State.FAILED)
    assert "Relay access denied" in str(reload(denied).last_failure)


def test_an_account_that_may_send_to_nobody_rests_again(
    mailbox: Mailbox, clock: TurnedClock, run_until_idle: Run, smtp_server: ScriptedServer
) -> None:
    emails = [queued(mailbox, at=clock.now()) for _ in range(2)]
    smtp_server.answers("RCPT", DENIED)
    run_until_idle()

    for _ in range(3):
        clock.turn(timedelta(hours=13))
        run_until_idle()

    mailbox.refresh_from_db()
    assert mailbox.health == Health.PAUSED
    assert {reload(email).state for email in emails} == {State.QUEUED}
