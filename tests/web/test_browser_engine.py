"""What pages show of delivery, in both widths and themes and by keyboard: queue, mailbox, hold."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from outtray.lib import clock
from outtray.mailboxes.history import Code, record
from outtray.mailboxes.models import Health, Mailbox, Quota
from outtray.mailboxes.pace import limits_of, slow_down, spend
from outtray.outbox.models import Email
from outtray.outbox.standstill import hold_delivery, is_held
from outtray.outbox.states import Reason
from outtray.people.models import Membership
from outtray.web.times import time_of_day
from tests.builders import queued
from tests.web.browser import faults_in_all_looks, sign_in
from tests.web.papers import mailbox_of
from tests.web.test_pauses import company_email

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _mailboxes(anna: Membership) -> list[Mailbox]:
    """One that is slowed down, one that rests until a time, one that waits for a person."""
    now = clock.now()
    slowed = mailbox_of(anna)
    Mailbox.objects.filter(pk=slowed.pk).update(
        health=Health.UNVALIDATED, messages_per_minute=30, messages_per_day=2000
    )
    slowed.refresh_from_db()
    quota = Quota.objects.create(mailbox=slowed)
    spend(quota, limits_of(slowed), messages=20, recipients=25, due_since=now, at=now)
    quota.save()
    slow_down(slowed, seen_per_minute=30, why="421 4.7.0 Slow down", at=now)
    later = now + timedelta(hours=1)
    resting = company_email(anna, "orders", paused_until=later, pause_cause="daily_limit")
    refused = company_email(anna, "billing")
    for mailbox in (slowed, resting, refused):
        record(mailbox.pk, Code.CHANGED, at=now, by=anna.person)
        queued(mailbox, at=now)
    return [slowed, resting, refused]


def test_pages_of_delivery_fit_and_are_accessible(page: Page, anna: Membership) -> None:
    hold_delivery("The data folder was copied.", at=clock.now())
    mailboxes = _mailboxes(anna)
    sign_in(page, anna)

    paths = ["/", "/queue/", "/delivery/hold/", *(f"/mailboxes/{box.pk}/" for box in mailboxes)]
    found = {path: _faults(page, path) for path in paths}

    assert found == {path: [] for path in paths}


def test_a_pace_is_set_by_keyboard(page: Page, anna: Membership) -> None:
    mailbox = mailbox_of(anna)
    sign_in(page, anna)
    page.goto("/user-email/")

    page.get_by_role("link", name="Sending", exact=True).press("Enter")
    page.get_by_label("Messages a minute").press_sequentially("12")
    page.keyboard.press("Enter")

    expect(page.get_by_text("is saved").first).to_be_visible()
    expect(page.get_by_text("Messages a minute: 12 (was no limit)")).to_be_visible()
    mailbox.refresh_from_db()
    assert mailbox.messages_per_minute == 12


def test_from_the_rows_that_wait_to_the_settings_that_are_wrong(
    page: Page, anna: Membership
) -> None:
    billing = company_email(anna, "billing")
    for number in range(3):
        queued(billing, at=clock.now(), to=(f"{number}@kunde.example",))
    sign_in(page, anna)
    page.goto("/queue/")

    expect(page.get_by_role("heading", name="is paused: 3 emails wait")).to_be_visible()
    page.get_by_role("link", name="Put it right").press("Enter")

    expect(page.get_by_role("heading", name="does not accept this user name")).to_be_visible()
    expect(page.get_by_label("Password", exact=True)).to_be_visible()


def test_the_mailbox_page_follows_what_happens(page: Page, anna: Membership) -> None:
    mailbox = mailbox_of(anna)
    Mailbox.objects.update(health=Health.PAUSED, pause_cause="wrong_password")
    sign_in(page, anna)
    page.goto(f"/mailboxes/{mailbox.pk}/")
    page.get_by_label("Messages a day").fill("50")

    queued(mailbox, at=clock.now())

    expect(page.get_by_role("heading", name="Waiting: 1")).to_be_visible()
    expect(page.get_by_label("Messages a day")).to_have_value("50")


def test_a_row_tells_when_it_is_tried_again(page: Page, anna: Membership) -> None:
    begun = clock.now()
    later = begun + timedelta(minutes=90)
    with transaction.atomic():  # the engine is awake
        email = queued(mailbox_of(anna), at=begun)
        Email.objects.filter(pk=email.pk).update(
            due_at=later, reason=Reason.RETRY, reason_detail="Mailbox full"
        )
    sign_in(page, anna)
    page.goto("/queue/")

    until = page.locator(".state-cell .until")

    expect(until).to_contain_text("in 1 hour")
    told = {f"({time_of_day(later, now)})" for now in (begun, clock.now())}  # midnight may pass
    assert until.inner_text().partition(" hour ")[2] in told


def test_delivery_goes_on_after_the_facts_were_seen(page: Page, anna: Membership) -> None:
    mailbox = mailbox_of(anna)
    Mailbox.objects.update(health=Health.UNVALIDATED)
    queued(mailbox, at=clock.now())
    hold_delivery("The data folder was copied.", at=clock.now())
    sign_in(page, anna)
    page.goto("/")

    page.get_by_role("link", name="Let delivery go on").press("Enter")
    expect(page.get_by_text("The data folder was copied.")).to_be_visible()
    expect(page.get_by_role("heading", name="Does another one send as well?")).to_be_visible()
    page.get_by_role("button", name="Let delivery go on with 1 due email").press("Enter")

    expect(page.get_by_text("Delivery goes on.")).to_be_visible()
    expect(page.get_by_role("heading", name="Delivery is on hold")).to_be_hidden()
    assert not is_held()


def _faults(page: Page, path: str) -> list[str]:
    page.goto(path)
    return faults_in_all_looks(page)
