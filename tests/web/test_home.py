"""Home, its chart, and what a page shows of times and amounts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from babel import Locale
from babel.numbers import format_currency

from outtray.lib import clock
from outtray.lib.sealing import Secret
from outtray.mailboxes.models import Health
from outtray.mailboxes.oauth_apps import AppDraft, save_app
from outtray.outbox.models import Email
from outtray.outbox.states import State
from outtray.people.models import Membership
from outtray.web.chart import Day, chart_of
from outtray.web.pills import PILLS, pill_of
from outtray.web.templatetags.outtray import initials, money, when
from outtray.web.times import time_of_day
from tests import builders
from tests.web.conftest import SignedIn


def test_an_empty_company_is_told_the_next_steps(ben: Membership, signed_in: SignedIn) -> None:
    page = signed_in(ben).get("/")

    assert b"Set up your User Email" in page.content
    assert page.context["needs"] == []


def test_what_needs_a_person_stands_first(
    ben: Membership, signed_in: SignedIn, at: datetime
) -> None:
    mailbox = builders.user_email(ben, at=at, health=Health.UNVALIDATED)
    failed = builders.queued(mailbox, at=at)
    Email.objects.filter(pk=failed.pk).update(state=State.FAILED, settled_at=at)

    page = signed_in(ben).get("/")

    titles = [need.title for need in page.context["needs"]]
    assert titles == ["ben@nordwind.example is not validated", "1 email failed"]


def test_a_secret_that_ends_soon_is_told_to_whom_can_renew_it(
    anna: Membership, ben: Membership, signed_in: SignedIn
) -> None:
    ends_at = clock.now() + timedelta(days=7, hours=1)
    app = AppDraft(
        provider="microsoft", client_id="1", secret=Secret("2"), secret_expires_at=ends_at
    )
    save_app(anna, app, at=clock.now())

    annas = signed_in(anna).get("/").context["needs"]
    bens = signed_in(ben).get("/").context["needs"]

    assert [need.title for need in annas] == ["The client secret for Microsoft ends in 7 days"]
    assert annas[0].href == "/settings/sign-in-providers/#microsoft"
    assert bens == []


def test_a_day_begins_at_the_persons_own_midnight(
    ben: Membership, signed_in: SignedIn, at: datetime
) -> None:
    mailbox = builders.user_email(ben, at=at)
    ben.person.timezone = "Pacific/Kiritimati"
    ben.person.save()
    sent = builders.queued(mailbox, at=at)
    Email.objects.filter(pk=sent.pk).update(state=State.SENT, settled_at=clock.now())

    page = signed_in(ben).get("/")

    assert page.context["today"].sent == 1


@pytest.mark.parametrize(("largest", "top"), [(0, 4), (5, 10), (11, 20), (41, 100), (999, 1000)])
def test_the_scale_of_the_chart_ends_at_a_round_number(largest: int, top: int) -> None:
    chart = chart_of([Day(date(2026, 11, 23), sent=largest, failed=0)])

    assert chart.lines[0].label == str(top)


def test_bars_stand_on_the_floor_with_failed_on_top() -> None:
    bar = chart_of([Day(date(2026, 11, 23), sent=6, failed=4)]).bars[0]

    assert bar.sent_top + bar.sent_height == pytest.approx(168)
    assert bar.failed_top + bar.failed_height == pytest.approx(bar.sent_top)


def test_every_state_of_an_email_and_a_mailbox_has_a_pill() -> None:
    assert all(pill_of(state).word for state in (*State.values, *Health.values))
    assert len({(pill.tone, pill.word) for pill in PILLS.values()}) == len(PILLS)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "just now"),
        (-60, "1 minute ago"),
        (-7200, "2 hours ago"),
        (-90000, "yesterday"),
        (600, "in 10 minutes"),
        (-3 * 86400, "3 days ago"),
    ],
)
def test_a_time_is_told_by_its_distance(seconds: int, words: str) -> None:
    moment = clock.now() + timedelta(seconds=seconds + (5 if seconds > 0 else 0))

    assert f">{words}</time>" in when(moment)


def test_a_time_has_its_exact_moment_on_hover() -> None:
    shown = when(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))

    assert 'title="Mon 23 Nov 2026, 09:00:00 UTC"' in shown
    assert 'datetime="2026-11-23T09:00:00+00:00"' in shown


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 12, 30, 23, 59, tzinfo=UTC), "23:59"),
        (datetime(2026, 12, 31, 0, 0, tzinfo=UTC), "tomorrow 00:00"),
        (datetime(2027, 1, 1, 0, 18, tzinfo=UTC), "Fri 1 Jan 2027, 00:18"),
        (datetime(2026, 12, 29, 9, 0, tzinfo=UTC), "Tue 29 Dec, 09:00"),
    ],
)
def test_a_time_of_day_is_told_with_its_day_if_that_is_not_today(
    moment: datetime, words: str
) -> None:
    assert time_of_day(moment, datetime(2026, 12, 30, 23, 48, tzinfo=UTC)) == words


def test_an_amount_has_its_currency() -> None:
    assert money(Decimal("1234.5"), "EUR") == "€1,234.50"
    assert money(None, "EUR") == ""


@pytest.mark.parametrize("amount", ["0", "-0.005", "0.125", "1234567.895", "-99999999999999.999"])
def test_amounts_are_written_as_unicode_says_for_their_currency(amount: str) -> None:
    currencies = sorted(Locale("en").currencies)

    shown = {code: money(Decimal(amount), code) for code in currencies}

    assert shown == {
        code: format_currency(Decimal(amount), code, locale="en") for code in currencies
    }


def test_initials_are_of_the_first_and_the_last_word() -> None:
    assert initials("Nordwind Handels GmbH") == "NG"
    assert initials("Südhang") == "S"
