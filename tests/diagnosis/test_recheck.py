"""What has passed Validate is checked again by itself, weekly."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from outtray.diagnosis.models import Probe
from outtray.diagnosis.probes import run_probe, start_probe
from outtray.diagnosis.recheck import RecheckWork
from outtray.lib.sealing import Secret
from outtray.mailboxes.drafts import MailboxDraft
from outtray.mailboxes.health import pause
from outtray.mailboxes.history import Code
from outtray.mailboxes.models import Health, Mailbox
from outtray.mailboxes.rechecks import LATER, SOONEST, next_recheck
from outtray.mailboxes.save import save_user_email
from outtray.outbox.standstill import hold_delivery
from outtray.people.models import Membership
from tests.conftest import Run, TurnedClock
from tests.servers.scripted import ScriptedServer

WEEK_AND_MORE = timedelta(days=9)


@pytest.fixture
def mailbox(ben: Membership, smtp_server: ScriptedServer, clock: TurnedClock) -> Mailbox:
    """Ben's mailbox, which has passed."""
    draft = MailboxDraft(
        whose="user",
        address="ben@nordwind.example",
        settings=smtp_server.settings(),
        secret=Secret("correct horse"),
    )
    mailbox = save_user_email(ben, draft, at=clock.now())
    run_probe(start_probe(ben, mailbox, at=clock.now()).pk, clock=clock)
    mailbox.refresh_from_db()
    assert mailbox.health == Health.READY
    smtp_server.logins.clear()
    smtp_server.received.clear()
    return mailbox


@pytest.fixture
def recheck(clock: TurnedClock) -> Run:
    """Check whatever is due at the clock's time."""
    work = RecheckWork(clock)

    def run() -> None:
        for key in work.due(clock.now()):
            work.do(key, threading.Event())

    return run


def test_nothing_is_checked_before_its_time(
    mailbox: Mailbox, clock: TurnedClock, smtp_server: ScriptedServer, recheck: Run
) -> None:
    clock.turn(SOONEST - timedelta(minutes=1))

    recheck()

    assert smtp_server.logins == []


def test_after_a_week_it_sends_one_mail_to_itself_and_stays_ready(
    mailbox: Mailbox, clock: TurnedClock, smtp_server: ScriptedServer, recheck: Run
) -> None:
    clock.turn(WEEK_AND_MORE)

    recheck()
    recheck()

    mailbox.refresh_from_db()
    (received,) = smtp_server.received
    assert [str(to) for to in received.envelope.recipients] == ["ben@nordwind.example"]
    assert len(smtp_server.logins) == 1
    assert (mailbox.health, mailbox.validated_at) == (Health.READY, clock.now())
    assert mailbox.recheck_at is not None
    assert mailbox.recheck_at > clock.now() + SOONEST


def test_a_password_that_has_ended_pauses_it_after_one_login_and_its_owner_is_told(
    mailbox: Mailbox, clock: TurnedClock, smtp_server: ScriptedServer, recheck: Run
) -> None:
    smtp_server.answers("AUTH", "535 5.7.8 Password expired")
    clock.turn(WEEK_AND_MORE)

    recheck()
    clock.turn(WEEK_AND_MORE)
    recheck()

    mailbox.refresh_from_db()
    assert (mailbox.health, mailbox.paused_until) == (Health.PAUSED, None)
    assert mailbox.pause_cause == "account_locked"
    assert mailbox.pause_told_at is None
    assert mailbox.events.filter(code=Code.PAUSED).count() == 1
    assert len(smtp_server.logins) == 1


def test_a_server_that_is_down_is_asked_again_a_day_later(
    mailbox: Mailbox, clock: TurnedClock, smtp_server: ScriptedServer, recheck: Run
) -> None:
    smtp_server.answers("GREETING", "421 4.3.2 Not now", times=1)
    clock.turn(WEEK_AND_MORE)

    recheck()
    mailbox.refresh_from_db()
    before = (mailbox.health, mailbox.recheck_at)
    clock.turn(LATER)
    recheck()

    mailbox.refresh_from_db()
    assert before == (Health.READY, clock.now())
    assert mailbox.validated_at == clock.now()


def test_a_test_mail_that_is_taken_for_spam_stops_nothing(
    mailbox: Mailbox, clock: TurnedClock, smtp_server: ScriptedServer, recheck: Run
) -> None:
    smtp_server.answers("CONTENT", "554 5.7.1 Message looks like spam")
    clock.turn(WEEK_AND_MORE)

    recheck()

    mailbox.refresh_from_db()
    assert mailbox.health == Health.READY
    assert Probe.objects.get(by=None).state == Probe.State.FAILED


def test_a_mailbox_that_waits_for_a_person_is_left_alone(
    mailbox: Mailbox, clock: TurnedClock, smtp_server: ScriptedServer, recheck: Run
) -> None:
    pause(mailbox.pk, cause="wrong_password", failure={}, until=None, at=clock.now())
    clock.turn(WEEK_AND_MORE)

    recheck()

    assert smtp_server.logins == []


def test_while_delivery_is_on_hold_nobody_logs_in(
    mailbox: Mailbox, clock: TurnedClock, smtp_server: ScriptedServer, recheck: Run
) -> None:
    clock.turn(WEEK_AND_MORE)
    hold_delivery(why="a restored copy", at=clock.now())

    recheck()

    assert smtp_server.logins == []


def test_mailboxes_that_passed_together_are_not_checked_together(
    mailbox: Mailbox, clock: TurnedClock
) -> None:
    turns = {next_recheck(Probe(mailbox=mailbox).pk, clock.now()) for _ in range(50)}

    assert len(turns) > 40
    assert max(turns) - min(turns) > timedelta(hours=12)
