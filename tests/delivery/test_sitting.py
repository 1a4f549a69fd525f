"""From the queue to a server that answers as it is told."""

from __future__ import annotations

import email as mail
from datetime import timedelta

import pytest
from django.conf import settings

from outtray.mailboxes.models import Health, Mailbox
from outtray.outbox.accept import Terms, accept
from outtray.outbox.cancel import cancel
from outtray.outbox.hold import hold
from outtray.outbox.requeue import requeue
from outtray.outbox.schedule import send_now
from outtray.outbox.states import RecipientState, State
from outtray.outbox.why import why_not_sent
from outtray.people.models import Membership
from tests.builders import letter, queued, reload, user_email
from tests.conftest import Run, TurnedClock
from tests.servers.scripted import ScriptedServer


@pytest.fixture
def mailbox(ben: Membership, clock: TurnedClock, smtp_server: ScriptedServer) -> Mailbox:
    return user_email(ben, at=clock.now(), port=smtp_server.port)


def test_a_queued_email_leaves_as_it_was_accepted(
    mailbox: Mailbox, clock: TurnedClock, run_until_idle: Run, smtp_server: ScriptedServer
) -> None:
    email = queued(mailbox, at=clock.now())

    run_until_idle()

    email = reload(email)
    assert email.state == State.SENT
    ((envelope, content),) = smtp_server.received
    assert mail.message_from_bytes(content)["Message-ID"] == email.message_id
    assert [str(address) for address in envelope.recipients] == ["einkauf@kunde.example"]
    assert email.attempts.get().reply.startswith("250")
    assert [event.code for event in email.events.all()] == ["accepted", "claimed", "sent"]


def test_a_full_inbox_is_tried_again_later(
    mailbox: Mailbox, clock: TurnedClock, run_until_idle: Run, smtp_server: ScriptedServer
) -> None:
    email = queued(mailbox, at=clock.now())
    smtp_server.answers("RCPT", "452 4.2.2 Mailbox full")

    run_until_idle()

    email = reload(email)
    assert email.state == State.QUEUED
    assert timedelta(seconds=50) < email.due_at - clock.now() < timedelta(seconds=70)
    waiting = why_not_sent(email, at=clock.now())
    assert waiting is not None
    assert "Mailbox full" in waiting.sentence


def test_what_was_refused_for_now_leaves_at_the_next_try(
    mailbox: Mailbox, clock: TurnedClock, run_until_idle: Run, smtp_server: ScriptedServer
) -> None:
    email = queued(mailbox, at=clock.now())
    smtp_server.answers("RCPT", "452 4.2.2 Mailbox full")
    run_until_idle()

    smtp_server.answers("RCPT", "250 2.1.5 Ok")
    clock.turn(timedelta(minutes=2))
    run_until_idle()

    assert reload(email).state == State.SENT
    assert [attempt.number for attempt in email.attempts.all()] == [1, 2]
    assert len(smtp_server.received) == 1


def test_one_bad_address_does_not_keep_the_others_waiting(
    mailbox: Mailbox, clock: TurnedClock, run_until_idle: Run, smtp_server: ScriptedServer
) -> None:
    email = queued(mailbox, at=clock.now(), to=["gone@kunde.example", "here@kunde.example"])
    smtp_server.answers("RCPT <gone@kunde.example>", "550 5.1.1 No such user")

    run_until_idle()

    states = dict(email.recipients.values_list("address", "state"))
    assert reload(email).state == State.SENT
    assert states["gone@kunde.example"] == RecipientState.FAILED
    assert states["here@kunde.example"] == RecipientState.ACCEPTED
    assert email.events.last().code == "partly_sent"  # type: ignore[union-attr] # it has some


def test_a_refused_recipient_fails_the_email_until_a_person_tries_again(
    mailbox: Mailbox, clock: TurnedClock, run_until_idle: Run, smtp_server: ScriptedServer
) -> None:
    email = queued(mailbox, at=clock.now())
    smtp_server.answers("RCPT", "550 5.1.1 No such user")
    run_until_idle()
    assert reload(email).state == State.FAILED

    smtp_server.answers("RCPT", "250 2.1.5 Ok")
    requeue(email.pk, by=None, at=clock.now())
    run_until_idle()

    assert reload(email).state == State.SENT


def test_a_lost_answer_makes_the_email_unknown_and_never_sends_it_again(
    mailbox: Mailbox, clock: TurnedClock, run_until_idle: Run, smtp_server: ScriptedServer
) -> None:
    email = queued(mailbox, at=clock.now())
    smtp_server.drops_after("CONTENT")

    run_until_idle()
    clock.turn(timedelta(days=2))
    run_until_idle()

    assert reload(email).state == State.UNKNOWN
    assert email.recipients.get().state == RecipientState.UNKNOWN
    assert len(smtp_server.received) == 1
    assert email.attempts.count() == 1


def test_a_wrong_password_pauses_the_mailbox_and_spends_no_try(
    mailbox: Mailbox, clock: TurnedClock, run_until_idle: Run, smtp_server: ScriptedServer
) -> None:
    emails = [queued(mailbox, at=clock.now()) for _ in range(3)]
    smtp_server.answers("AUTH", "535 5.7.8 Username and Password not accepted")

    run_until_idle()
    clock.turn(timedelta(days=3))
    run_until_idle()

    mailbox.refresh_from_db()
    assert (mailbox.health, mailbox.paused_until) == (Health.PAUSED, None)
    assert {reload(email).state for email in emails} == {State.QUEUED}
    assert {reload(email).tries for email in emails} == {0}
    assert len(smtp_server.logins) == 1


def test_a_server_that_is_down_is_tried_again_and_then_everything_goes(
    mailbox: Mailbox, clock: TurnedClock, run_until_idle: Run, smtp_server: ScriptedServer
) -> None:
    emails = [queued(mailbox, at=clock.now()) for _ in range(3)]
    smtp_server.answers("GREETING", "421 4.3.2 Down for maintenance")
    run_until_idle()
    mailbox.refresh_from_db()
    assert mailbox.health == Health.PAUSED

    smtp_server.answers("GREETING", "220 ready")
    clock.turn(timedelta(minutes=2))
    run_until_idle()

    mailbox.refresh_from_db()
    assert mailbox.health == Health.READY
    assert {reload(email).state for email in emails} == {State.SENT}


def test_a_server_that_stays_down_for_a_day_fails_the_email_and_says_so(
    mailbox: Mailbox, clock: TurnedClock, run_until_idle: Run, smtp_server: ScriptedServer
) -> None:
    email = queued(mailbox, at=clock.now())
    smtp_server.answers("GREETING", "421 4.3.2 Down for maintenance")
    run_until_idle()

    clock.turn(timedelta(days=1, minutes=1))
    run_until_idle()

    email = reload(email)
    assert email.state == State.FAILED
    assert "Down for maintenance" in str(email.last_failure)


def test_an_unvalidated_mailbox_sends_nothing_and_says_why(
    mailbox: Mailbox, clock: TurnedClock, run_until_idle: Run, smtp_server: ScriptedServer
) -> None:
    Mailbox.objects.filter(pk=mailbox.pk).update(health=Health.UNVALIDATED)
    email = queued(mailbox, at=clock.now())

    run_until_idle()

    waiting = why_not_sent(reload(email), at=clock.now())
    assert waiting is not None
    assert "Validate" in waiting.sentence
    assert smtp_server.received == []


def test_many_emails_share_one_connection(
    mailbox: Mailbox, clock: TurnedClock, run_until_idle: Run, smtp_server: ScriptedServer
) -> None:
    for _ in range(30):
        queued(mailbox, at=clock.now())

    run_until_idle()

    assert len(smtp_server.received) == 30
    assert smtp_server.connections == 1


def test_a_server_that_hangs_up_after_the_first_message_costs_no_email_a_try(
    mailbox: Mailbox, clock: TurnedClock, run_until_idle: Run, smtp_server: ScriptedServer
) -> None:
    queued(mailbox, at=clock.now(), to=["first@kunde.example"])
    second = queued(mailbox, at=clock.now(), to=["second@kunde.example"])
    enough = "421 4.4.2 Enough for this connection"
    smtp_server.answers("RCPT <second@kunde.example>", enough, times=1)

    run_until_idle()

    assert (reload(second).state, reload(second).tries) == (State.SENT, 1)
    assert smtp_server.connections == 2


def test_a_server_that_hangs_up_on_everybody_rests_and_costs_the_others_nothing(
    mailbox: Mailbox, clock: TurnedClock, run_until_idle: Run, smtp_server: ScriptedServer
) -> None:
    emails = [queued(mailbox, at=clock.now()) for _ in range(5)]
    smtp_server.drops_before("MAIL")

    run_until_idle()

    mailbox.refresh_from_db()
    assert mailbox.health == Health.PAUSED
    assert mailbox.paused_until is not None
    assert [reload(email).tries for email in emails] == [1, 1, 0, 0, 0]
    assert {reload(email).state for email in emails} == {State.QUEUED}


def test_a_refused_sender_pauses_the_mailbox_and_keeps_the_attempt(
    mailbox: Mailbox, clock: TurnedClock, run_until_idle: Run, smtp_server: ScriptedServer
) -> None:
    email = queued(mailbox, at=clock.now())
    smtp_server.answers("MAIL", "553 5.7.1 Sender address rejected: not owned by user")

    run_until_idle()

    mailbox.refresh_from_db()
    assert mailbox.health == Health.PAUSED
    assert (reload(email).state, reload(email).tries) == (State.QUEUED, 0)
    assert "not owned" in email.attempts.get().reply


def test_what_is_undone_within_ten_seconds_never_leaves(
    mailbox: Mailbox, clock: TurnedClock, run_until_idle: Run, smtp_server: ScriptedServer
) -> None:
    due = clock.now() + timedelta(seconds=10)
    undone = accept(letter(mailbox), mailbox=mailbox, terms=Terms(at=clock.now(), due_at=due))
    kept = accept(letter(mailbox), mailbox=mailbox, terms=Terms(at=clock.now(), due_at=due))

    cancel(undone.pk, by=None, at=clock.now())
    clock.turn(timedelta(seconds=10))
    run_until_idle()

    assert reload(undone).state == State.CANCELLED
    assert reload(kept).state == State.SENT
    assert len(smtp_server.received) == 1


def test_a_held_email_waits_and_send_now_does_not_override_the_hold(
    mailbox: Mailbox, clock: TurnedClock, run_until_idle: Run, smtp_server: ScriptedServer
) -> None:
    email = queued(mailbox, at=clock.now())
    hold(email.pk, by=None, at=clock.now(), reason="credit check")

    with pytest.raises(Exception, match="on hold"):
        send_now(email.pk, by=None, at=clock.now())
    run_until_idle()

    assert reload(email).state == State.HELD
    assert smtp_server.received == []


def test_a_message_that_is_not_in_the_folder_is_looked_for_again_later(
    mailbox: Mailbox, clock: TurnedClock, run_until_idle: Run, smtp_server: ScriptedServer
) -> None:
    email = queued(mailbox, at=clock.now())
    kept = settings.BLOBS.root / email.message[:2] / email.message[2:]
    away = kept.rename(kept.with_name(".away"))
    run_until_idle()
    state_without = reload(email).state

    away.rename(kept)
    clock.turn(timedelta(minutes=2))
    run_until_idle()

    assert (state_without, reload(email).state) == (State.QUEUED, State.SENT)
    assert len(smtp_server.received) == 1
