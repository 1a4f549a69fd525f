"""While delivery is on hold every page says so, and the right person can end it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from outtray.lib import clock
from outtray.outbox.models import Installation
from outtray.outbox.standstill import hold_delivery, is_held
from outtray.people.models import Membership
from tests.builders import queued
from tests.web.conftest import SignedIn
from tests.web.papers import mailbox_of

WHY = "The data folder is on another machine than before."
HOME = {"before": {"host": "nord-1", "folder": "/srv/a"}, "at": {"host": "nord-2", "folder": "/b"}}


@pytest.fixture
def on_hold(anna: Membership) -> None:
    hold_delivery(WHY, at=clock.now())
    Installation.objects.update(fingerprint=HOME)


@pytest.mark.usefixtures("anna")
def test_while_delivery_works_no_page_speaks_of_it(ben: Membership, signed_in: SignedIn) -> None:
    page = signed_in(ben).get(reverse("queue"))

    assert "Delivery is on hold" not in page.content.decode()
    assert signed_in(ben).get(reverse("delivery_hold")).headers["Location"] == reverse("queue")


@pytest.mark.usefixtures("on_hold")
def test_every_page_says_so_and_whom_to_ask(ben: Membership, signed_in: SignedIn) -> None:
    for name in ("home", "queue", "documents", "user_email"):
        page = signed_in(ben).get(reverse(name)).content.decode()

        assert "Delivery is on hold" in page
        assert WHY in page
        assert "Ask Anna Andresen." in page
        assert "Let delivery go on" not in page


@pytest.mark.usefixtures("on_hold")
def test_an_administrator_sees_the_facts_and_lets_it_go_on(
    anna: Membership, signed_in: SignedIn
) -> None:
    mailbox = mailbox_of(anna)
    queued(mailbox, at=clock.now() - timedelta(hours=3))
    queued(mailbox, at=clock.now() + timedelta(hours=3))
    browser = signed_in(anna)

    page = browser.get(reverse("delivery_hold"))
    after = browser.post(reverse("release_delivery"), follow=True)

    assert "on nord-1, in /srv/a" in page.content.decode()
    assert "on nord-2, in /b" in page.content.decode()
    assert (page.context["backlog"].queued, page.context["backlog"].due) == (2, 1)
    assert "Delivery goes on." in after.content.decode()
    assert not is_held()


@pytest.mark.usefixtures("on_hold")
def test_a_user_cannot_let_it_go_on(ben: Membership, signed_in: SignedIn) -> None:
    answer = signed_in(ben).post(reverse("release_delivery"), follow=True)

    assert "Only an administrator" in answer.content.decode()
    assert "nord-1" not in answer.content.decode()
    assert is_held()


@pytest.mark.usefixtures("on_hold")
def test_an_administrator_of_a_later_company_learns_nothing_and_ends_nothing(
    clara: Membership, signed_in: SignedIn
) -> None:
    page = signed_in(clara).get(reverse("delivery_hold")).content.decode()
    signed_in(clara).post(reverse("release_delivery"))

    assert "Ask whoever runs this Outtray." in page
    assert "nord-1" not in page
    assert "Anna" not in page
    assert is_held()
