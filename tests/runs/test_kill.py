"""Workers of a run are killed, at each step and at any moment; each document goes out once."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest
from django.conf import settings

from outtray.people.models import Membership
from outtray.runs.accepting import Step
from outtray.runs.examine import examine
from outtray.runs.models import Run
from outtray.runs.plan import Selection, plan_run
from outtray.runs.pressing import WORTH_A_PRESS, Here
from outtray.runs.start import start_run
from outtray.runs.wishes import RunWishes
from tests.conftest import TurnedClock
from tests.runs.conftest import MakeInvoices
from tests.runs.killing import Lives, faults_of, kill_at_random

pytestmark = [
    pytest.mark.crash,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("mailbox"),
]

CHILD = "tests.settings_child"


@pytest.fixture
def clock() -> TurnedClock:
    """The workers live in the real time, so this clock starts there."""
    return TurnedClock(datetime.now(UTC))  # noqa: TID251 - shared with other processes


def started(papers: int, by: Membership, clock: TurnedClock, invoices: MakeInvoices) -> Run:
    chosen = Selection([each.pk for each in invoices(papers)])
    run = plan_run(by, chosen, RunWishes(), at=clock.now())
    while examine(run, at=clock.now()):
        pass
    start_run(run, by=by.person, at=clock.now(), confirmed=papers)
    return run


def test_killed_at_each_step_a_run_makes_each_email_once(
    ben: Membership, clock: TurnedClock, invoices: MakeInvoices
) -> None:
    run = started(Here.batch * 3, ben, clock, invoices)
    lives = Lives(run, CHILD, presses=0)

    for step in Step:
        lives.die_at(step)
    lives.live_on()

    assert faults_of(run) == []


def test_killed_at_any_moment_a_run_makes_each_email_once(
    ben: Membership, clock: TurnedClock, invoices: MakeInvoices
) -> None:
    run = started(WORTH_A_PRESS * 3, ben, clock, invoices)
    beside = 1 if settings.IS_CLUSTER else 0

    kill_at_random(Lives(run, CHILD), random.Random(1), times=2, beside=beside)

    assert faults_of(run) == []
