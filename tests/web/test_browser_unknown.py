"""The page of an unknown email, and the folded Sent folder, as a browser shows them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, ViewportSize

from outtray.lib import clock
from outtray.outbox.models import Attempt, Email
from outtray.outbox.resolve import ask_person
from outtray.outbox.states import RecipientState, State
from outtray.people.models import Membership
from tests import builders
from tests.web.browser import DESK, PHONE, faults_in_all_looks, overflow, sign_in, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def unknown(anna: Membership, at: datetime) -> Email:
    """An email that will be looked up in an hour."""
    email = builders.queued(builders.user_email(anna, at=at), at=clock.now() + timedelta(hours=1))
    now = clock.now()
    later = now + timedelta(hours=1)
    email.recipients.update(state=RecipientState.UNKNOWN)
    Email.objects.update(state=State.UNKNOWN, state_since=now, look_up_at=later)
    Attempt.objects.create(
        email=email,
        number=1,
        claim_token=email.pk,
        worker="test",
        phase="ended",
        server="smtp.nordwind.example:587",
        started_at=now,
        ended_at=now,
        result=State.UNKNOWN,
        reply="the server closed the connection",
        transcript="C: DATA\nS: 354 End data with <CR><LF>.<CR><LF>\nC: (2,048 octets)",
    )
    return email


def test_the_facts_to_decide_by_fit_and_are_accessible(
    page: Page, anna: Membership, unknown: Email
) -> None:
    sign_in(page, anna)

    page.goto(f"/queue/{unknown.pk}/")
    looking = faults_in_all_looks(page)
    ask_person(unknown.pk, why="The mailbox shows no Sent folder.", at=clock.now())
    page.reload()
    page.get_by_role("heading", name="Did it arrive?").wait_for()
    asked = faults_in_all_looks(page)

    assert looking == asked == []


def test_the_page_changes_by_itself_when_a_person_is_asked(
    page: Page, anna: Membership, unknown: Email
) -> None:
    sign_in(page, anna)
    page.goto(f"/queue/{unknown.pk}/")
    page.get_by_role("heading", name="Being looked up").wait_for()

    ask_person(unknown.pk, why="The mailbox shows no Sent folder.", at=clock.now())

    page.get_by_role("heading", name="Did it arrive?").wait_for()
    assert page.get_by_role("button", name="It arrived").is_visible()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_sent_folder_unfolds(page: Page, anna: Membership, size: ViewportSize) -> None:
    page.set_viewport_size(size)
    sign_in(page, anna)
    page.goto("/user-email/")

    page.get_by_text("Sent folder (optional)").click()

    assert page.get_by_label("IMAP server").is_visible()
    assert (violations(page), overflow(page)) == ([], 0)
