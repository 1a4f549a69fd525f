"""What waits behind a paused mailbox: it delays nobody, and leaves in its order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from sqlite3 import Connection
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from outtray.automations.notices import NoticeWork
from outtray.delivery.work import DeliveryWork, UpkeepWork
from outtray.mailboxes.health import mark_validated, pause
from outtray.mailboxes.models import Mailbox
from outtray.mailboxes.routes import fingerprint_of
from outtray.outbox.accept import Terms, accept
from outtray.outbox.claim import claim_due
from outtray.outbox.models import Attempt, Email
from outtray.outbox.states import Lane, State
from outtray.people.models import Membership
from tests.builders import company_email, letter, queued, reload, user_email
from tests.conftest import Run, TurnedClock
from tests.servers.scripted import ScriptedServer

MANY = 10_000


def queue_many(mailbox: Mailbox, count: int, *, at: datetime) -> None:
    """Rows as acceptance makes them, without their messages."""
    Email.objects.bulk_create(
        [
            Email(
                company_id=mailbox.company_id,
                mailbox=mailbox,
                accepted_at=at,
                message_id=f"<{uuid4()}@nordwind.example>",
                message="",
                message_size=1,
                envelope_sender=mailbox.address,
                from_address=mailbox.address,
                subject="Invoice",
                to_summary="Kunde AG",
                lane=Lane.BULK,
                due_at=at,
                first_due_at=at,
                state_since=at,
            )
            for _ in range(count)
        ]
    )


@contextmanager
def counted_steps() -> Iterator[list[int]]:
    """How many hundreds of steps SQLite's machine takes: work, and not time."""
    counted = [0]

    def count() -> int:
        counted[0] += 1
        return 0

    own = connection.connection
    assert isinstance(own, Connection)
    own.set_progress_handler(count, 100)
    yield counted
    own.set_progress_handler(None, 100)


def steps_of(act: Callable[[], object]) -> int:
    with counted_steps() as counted:
        act()
    return counted[0]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="counts the steps of SQLite")
def test_ten_thousand_emails_behind_a_paused_mailbox_cost_the_others_nothing(
    anna: Membership, ben: Membership, clock: TurnedClock
) -> None:
    at = clock.now()
    paused, other = user_email(ben, at=at), company_email(anna.company, at=at)
    queued(other, at=at)
    pause(paused.pk, cause="login", failure={}, until=None, at=at)
    upkeep = UpkeepWork(clock)
    list(upkeep.due(at))  # the first look of a process is a wider one
    acts: dict[str, Callable[[], object]] = {
        "due": lambda: list(DeliveryWork(clock).due(at)),
        "late": lambda: list(upkeep.due(at)),
        "told": lambda: list(NoticeWork(clock).due(at)),
        "claimed": lambda: claim_due(other.pk, 1, worker="one", at=at),
    }
    before = {name: steps_of(act) for name, act in acts.items() if name != "claimed"}

    queue_many(paused, MANY, at=at)

    assert list(DeliveryWork(clock).due(at)) == [f"{other.company_id}/{other.pk}"]
    after = {name: steps_of(act) for name, act in acts.items()}
    assert after.pop("claimed") < MANY / 100
    assert {name: steps for name, steps in after.items() if steps > before[name] + 5} == {}


def test_a_sweep_asks_as_many_questions_for_ten_paused_mailboxes_as_for_one(
    anna: Membership, clock: TurnedClock
) -> None:
    at = clock.now()

    def questions() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            list(DeliveryWork(clock).due(at))
            list(NoticeWork(clock).due(at))
        return len(asked)

    for number in range(10):
        name = f"Number {number}"
        mailbox = company_email(anna.company, at=at, name=name, is_default=number == 0)
        pause(mailbox.pk, cause="login", failure={}, until=None, at=at)
        if number == 0:
            for_one = questions()

    assert questions() == for_one


def test_what_waited_for_days_leaves_by_lane_and_time_and_only_that(
    ben: Membership,
    anna: Membership,
    clock: TurnedClock,
    run_until_idle: Run,
    smtp_server: ScriptedServer,
) -> None:
    mailbox = user_email(ben, at=clock.now(), port=smtp_server.port)
    pause(mailbox.pk, cause="login", failure={}, until=None, at=clock.now())
    still = user_email(anna, at=clock.now(), port=smtp_server.port)
    pause(still.pk, cause="login", failure={}, until=None, at=clock.now())
    held_back = queued(still, at=clock.now())
    begun = clock.now()
    for day, lane in enumerate([Lane.BULK, Lane.INTERACTIVE, Lane.BULK, Lane.INTERACTIVE]):
        when = begun + timedelta(days=day)
        wanted = letter(mailbox, subject=f"day {day}")
        accept(wanted, mailbox=mailbox, terms=Terms(at=when, lane=lane))
    clock.turn(timedelta(days=5))
    run_until_idle()
    assert smtp_server.received == []

    mark_validated(mailbox, fingerprint_of(mailbox), clock.now(), by=ben.person)
    run_until_idle()

    tries = Attempt.objects.order_by("pk").values_list("email__subject", flat=True)
    assert list(tries) == ["day 1", "day 3", "day 0", "day 2"]
    assert reload(held_back).state == State.QUEUED


def test_what_was_only_good_until_yesterday_expires_instead(
    ben: Membership, clock: TurnedClock, run_until_idle: Run, smtp_server: ScriptedServer
) -> None:
    mailbox = user_email(ben, at=clock.now(), port=smtp_server.port)
    pause(mailbox.pk, cause="login", failure={}, until=None, at=clock.now())
    until = clock.now() + timedelta(days=1)
    late = accept(letter(mailbox), mailbox=mailbox, terms=Terms(at=clock.now(), not_after=until))
    good = queued(mailbox, at=clock.now())
    clock.turn(timedelta(days=2))

    mark_validated(mailbox, fingerprint_of(mailbox), clock.now(), by=ben.person)
    run_until_idle()

    assert reload(late).state == State.EXPIRED
    assert reload(good).state == State.SENT
    assert len(smtp_server.received) == 1


def test_what_waited_for_days_has_a_whole_day_of_tries_before_it(
    ben: Membership, clock: TurnedClock, run_until_idle: Run, smtp_server: ScriptedServer
) -> None:
    mailbox = user_email(ben, at=clock.now(), port=smtp_server.port)
    pause(mailbox.pk, cause="login", failure={}, until=None, at=clock.now())
    email = queued(mailbox, at=clock.now())
    clock.turn(timedelta(days=3))
    smtp_server.answers("RCPT", "451 4.7.1 Greylisted", times=3)

    mark_validated(mailbox, fingerprint_of(mailbox), clock.now(), by=ben.person)
    for _ in range(6):
        run_until_idle()
        clock.turn(timedelta(hours=2))

    assert reload(email).state == State.SENT
