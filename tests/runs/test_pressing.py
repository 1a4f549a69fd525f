"""Presses: processes that make letters beside this one."""

from __future__ import annotations

import os
import signal

import pytest

from outtray.mailboxes.models import Mailbox
from outtray.outbox.accept import Prepared
from outtray.outbox.drafting import Choices, Draft, Drafting
from outtray.people.models import Membership
from outtray.runs.pressing import Press, PressGoneError
from tests.conftest import TurnedClock
from tests.runs.conftest import MakeInvoices

pytestmark = pytest.mark.django_db


@pytest.fixture
def drafts(ben: Membership, mailbox: Mailbox, invoices: MakeInvoices) -> list[Draft]:
    drafting = Drafting(ben, Choices(mailbox=mailbox))
    return [drafting.draft(each) for each in invoices(3)]


def test_a_press_needs_no_database_and_stops_at_no_bad_letter(
    drafts: list[Draft], clock: TurnedClock
) -> None:
    drafts[1].documents[0].data["intro"] = "\U0001f980"
    press = Press()

    made = press.ask(drafts, clock.now())
    press.end()

    assert [getattr(each, "code", "") for each in made] == ["", "missing_glyph", ""]
    assert isinstance(made[0], Prepared)
    assert made[0].size > 10_000


def test_a_press_that_died_is_missed_once_and_then_another_is_there(
    drafts: list[Draft], clock: TurnedClock
) -> None:
    press = Press()
    press.ask(drafts[:1], clock.now())
    assert press.pid
    os.kill(press.pid, signal.SIGKILL)

    with pytest.raises(PressGoneError):
        press.ask(drafts[:1], clock.now())
    made = press.ask(drafts[:1], clock.now())
    press.end()

    assert isinstance(made[0], Prepared)
