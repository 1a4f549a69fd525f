"""Presses: processes that make letters beside this one."""

from __future__ import annotations

import os
import signal

import pytest

from outtray.mailboxes.models import Mailbox
from outtray.outbox.accept import Prepared
from outtray.outbox.planning import Choices, LetterPlan, Planner
from outtray.people.models import Membership
from outtray.runs.pressing import Press, PressGoneError
from tests.conftest import TurnedClock
from tests.runs.conftest import MakeInvoices

pytestmark = pytest.mark.django_db


@pytest.fixture
def plans(ben: Membership, mailbox: Mailbox, invoices: MakeInvoices) -> list[LetterPlan]:
    planner = Planner(ben, Choices(mailbox=mailbox))
    return [planner.plan(each) for each in invoices(3)]


def test_a_press_needs_no_database_and_stops_at_no_bad_letter(
    plans: list[LetterPlan], clock: TurnedClock
) -> None:
    plans[1].documents[0].data["intro"] = "\U0001f980"
    press = Press()

    made = press.ask(plans, clock.now())
    press.end()

    assert [getattr(each, "code", "") for each in made] == ["", "missing_glyph", ""]
    assert isinstance(made[0], Prepared)
    assert made[0].size > 10_000


def test_a_press_that_died_is_missed_once_and_then_another_is_there(
    plans: list[LetterPlan], clock: TurnedClock
) -> None:
    press = Press()
    press.ask(plans[:1], clock.now())
    assert press.pid
    os.kill(press.pid, signal.SIGKILL)

    with pytest.raises(PressGoneError):
        press.ask(plans[:1], clock.now())
    made = press.ask(plans[:1], clock.now())
    press.end()

    assert isinstance(made[0], Prepared)
