"""What stops a mailbox, from a server's words to the row, its explanation and the next probe."""

from __future__ import annotations

import threading
from datetime import timedelta
from itertools import pairwise

import pytest

from outtray.delivery.sitting import sit
from outtray.delivery.worker import Step, Worker
from outtray.diagnosis.causes import Cause
from outtray.diagnosis.kept import explain_pause
from outtray.mailboxes.health import mark_validated
from outtray.mailboxes.models import Credential, Health, Mailbox
from outtray.mailboxes.routes import fingerprint_of
from outtray.outbox.claim import Claim
from outtray.outbox.states import State
from outtray.people.models import Membership
from outtray.transports.smtp import flight
from tests.builders import queued, reload, user_email
from tests.conftest import Run, TurnedClock
from tests.servers.script import DEADLINE
from tests.servers.scripted import ScriptedServer

WRONG_PASSWORD = "535 5.7.8 Username and Password not accepted"
NOT_HIS = "553 5.7.1 Sender address rejected: not owned by user"
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def mailbox(ben: Membership, clock: TurnedClock, smtp_server: ScriptedServer) -> Mailbox:
    return user_email(ben, at=clock.now(), port=smtp_server.port)


@pytest.mark.parametrize(
    ("step", "reply", "kind", "cause"),
    [
        ("AUTH", WRONG_PASSWORD, "password", Cause.WRONG_PASSWORD),
        (
            "AUTH",
            "454 4.7.0 Temporary authentication failure",
            "logins",
            Cause.AUTH_BACKEND_UNAVAILABLE,
        ),
        ("AUTH", "421 4.7.0 Too many login attempts", "logins", Cause.TOO_MANY_AUTH_FAILURES),
        ("EHLO", "250 mail.example", "configuration", Cause.AUTH_NOT_OFFERED),
        ("MAIL", NOT_HIS, "sender", Cause.SENDER_NOT_ALLOWED),
        ("MAIL", "550 5.4.5 Daily user sending limit exceeded", "quota", Cause.DAILY_LIMIT),
        (
            "GREETING",
            "421 4.3.2 Down for maintenance",
            "server",
            Cause.SERVER_TEMPORARY_FAILURE,
        ),
    ],
)
def test_each_trouble_pauses_the_mailbox_with_its_explanation_and_costs_no_email_a_try(
    step: str,
    reply: str,
    kind: str,
    cause: Cause,
    mailbox: Mailbox,
    clock: TurnedClock,
    run_until_idle: Run,
    smtp_server: ScriptedServer,
) -> None:
    emails = [queued(mailbox, at=clock.now()) for _ in range(3)]
    smtp_server.answers(step, reply)

    run_until_idle()

    mailbox.refresh_from_db()
    told = explain_pause(mailbox)
    assert (mailbox.health, mailbox.pause_cause) == (Health.PAUSED, kind)
    assert told is not None
    assert told.cause == cause
    assert {(each.state, each.tries) for each in map(reload, emails)} == {(State.QUEUED, 0)}
    assert len(smtp_server.logins) <= 1


def test_a_refused_sender_is_asked_for_seldom_and_is_one_pause_until_an_email_is_taken(
    mailbox: Mailbox, clock: TurnedClock, run_until_idle: Run, smtp_server: ScriptedServer
) -> None:
    emails = [queued(mailbox, at=clock.now()) for _ in range(3)]
    smtp_server.answers("MAIL", NOT_HIS)
    asked = [clock.now()]
    for _ in range(48):
        before = smtp_server.connections
        run_until_idle()
        if smtp_server.connections > before:
            asked.append(clock.now())
        clock.turn(HOUR)
    assert all(later - sooner >= HOUR for sooner, later in pairwise(asked[1:]))
    assert len(asked) <= 8
    assert [line.code for line in mailbox.events.all()] == ["paused"]

    smtp_server.behaves()
    clock.turn(12 * HOUR)
    run_until_idle()

    assert {reload(email).state for email in emails} == {State.SENT}
    assert [line.code for line in mailbox.events.all()] == ["paused", "resumed"]


def test_a_connection_whose_line_breaks_does_not_log_in_after_another_was_refused(
    mailbox: Mailbox,
    clock: TurnedClock,
    smtp_server: ScriptedServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(flight, "MOMENT", DEADLINE)
    Mailbox.objects.update(connections=2)
    emails = [queued(mailbox, at=clock.now()) for _ in range(8)]

    def meanwhile(step: Step, claim: Claim) -> None:
        """The password is changed, another connection finds out, and this line breaks."""
        if step == Step.SETTLED and claim.email == emails[0]:
            smtp_server.answers("AUTH", WRONG_PASSWORD)
            sit(mailbox.pk, Worker("second", clock, threading.Event()), connection=2)
            smtp_server.drops_before("MAIL")

    sit(mailbox.pk, Worker("first", clock, threading.Event(), watch=meanwhile))

    mailbox.refresh_from_db()
    assert (mailbox.health, mailbox.paused_until) == (Health.PAUSED, None)
    assert len(smtp_server.logins) == 2
    # The second one's envelope had left with the content of the first.
    assert [reload(email).state for email in emails] == [*[State.SENT] * 2, *[State.QUEUED] * 6]


def test_a_refusal_that_comes_after_a_validate_pauses_nothing(
    ben: Membership, mailbox: Mailbox, clock: TurnedClock, smtp_server: ScriptedServer
) -> None:
    queued(mailbox, at=clock.now())
    smtp_server.answers("MAIL", NOT_HIS)

    def meanwhile(step: Step, claim: Claim) -> None:
        if step == Step.CONNECTED:
            mark_validated(mailbox, fingerprint_of(mailbox), clock.turn(MINUTE), by=ben.person)

    sit(mailbox.pk, Worker("late", clock, threading.Event(), watch=meanwhile))

    mailbox.refresh_from_db()
    assert mailbox.health == Health.READY


def test_a_mailbox_whose_key_is_gone_waits_for_a_person_and_says_so(
    mailbox: Mailbox, clock: TurnedClock, run_until_idle: Run
) -> None:
    email = queued(mailbox, at=clock.now())
    Credential.objects.filter(mailbox=mailbox).update(sealed=b"OT1 of another key ring")

    run_until_idle()

    mailbox.refresh_from_db()
    explanation = explain_pause(mailbox)
    assert (mailbox.health, mailbox.paused_until) == (Health.PAUSED, None)
    assert explanation
    assert explanation.cause == Cause.SECRET_UNREADABLE
    assert (reload(email).state, reload(email).tries) == (State.QUEUED, 0)
