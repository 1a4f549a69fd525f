"""Mailboxes that send nothing now: told at a glance, and only where somebody can act."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from outtray.lib import clock
from outtray.mailboxes.models import Health, Mailbox, Whose
from outtray.outbox.models import Email
from outtray.outbox.queries import attention
from outtray.outbox.standstill import hold_delivery
from outtray.outbox.states import State
from outtray.people.models import Membership
from tests.builders import queued
from tests.web.conftest import SignedIn
from tests.web.papers import mailbox_of


def company_email(membership: Membership, name: str, **changes: object) -> Mailbox:
    """A paused Company Email of the member's company."""
    mailbox = Mailbox.objects.create(
        company=membership.company,
        whose=Whose.COMPANY,
        name=name,
        address=f"{name}@nordwind.example",
        settings={"host": "localhost", "port": 2525, "security": "none"},
        health=Health.PAUSED,
        pause_cause="wrong_password",
        created_at=clock.now(),
        changed_at=clock.now(),
    )
    Mailbox.objects.filter(pk=mailbox.pk).update(**changes)
    mailbox.refresh_from_db()
    return mailbox


def test_a_paused_mailbox_is_named_above_the_list_with_all_that_wait(
    anna: Membership, signed_in: SignedIn
) -> None:
    billing = company_email(anna, "billing")
    for number in range(3):
        queued(billing, at=clock.now(), to=(f"{number}@kunde.example",))

    page = signed_in(anna).get(reverse("queue")).content.decode()

    assert "billing@nordwind.example is paused: 3 emails wait" in page
    assert "does not accept this user name and password" in page
    assert f'href="{reverse("company_email", args=[billing.pk])}"' in page


def test_a_mailbox_that_will_be_tried_again_says_when(
    anna: Membership, signed_in: SignedIn
) -> None:
    later = clock.now() + timedelta(minutes=30)
    queued(company_email(anna, "billing", paused_until=later), at=clock.now())

    page = signed_in(anna).get(reverse("queue")).content.decode()

    assert "1 email waits" in page
    assert "It is tried again at" in page


def test_whoever_cannot_put_it_right_is_told_who_can(
    anna: Membership, ben: Membership, signed_in: SignedIn
) -> None:
    mailbox = mailbox_of(ben)
    queued(mailbox, at=clock.now())
    Mailbox.objects.update(health=Health.PAUSED)

    page = signed_in(anna).get(reverse("queue"))

    assert "Only Ben Behrens can put it right." in page.content.decode()
    assert page.context["stops"][0].href == reverse("mailbox", args=[mailbox.pk])


def test_a_mailbox_for_which_nothing_waits_is_not_in_the_way(
    anna: Membership, ben: Membership, signed_in: SignedIn
) -> None:
    billing = company_email(anna, "billing")
    queued(billing, at=clock.now())

    assert signed_in(ben).get(reverse("queue")).context["stops"] == []
    assert len(signed_in(anna).get(reverse("queue")).context["stops"]) == 1


def test_the_navigation_shows_what_is_paused(
    anna: Membership, ben: Membership, signed_in: SignedIn
) -> None:
    company_email(anna, "billing")
    mailbox_of(ben)
    Mailbox.objects.update(health=Health.PAUSED)

    annas = signed_in(anna).get("/").context["navigation"]()
    bens = signed_in(ben).get("/").context["navigation"]()

    assert {each.label: each.paused for each in annas[1].entries} == {
        "User Email Setup": 0,
        "Company Email Setup": 1,
        "Settings": 0,
    }
    assert [each.paused for each in bens[1].entries] == [1]


def test_home_tells_how_many_wait_for_a_paused_mailbox(
    anna: Membership, signed_in: SignedIn
) -> None:
    queued(company_email(anna, "billing"), at=clock.now())

    needs = signed_in(anna).get("/").context["needs"]

    assert [(need.title, need.action) for need in needs] == [
        ("billing@nordwind.example is paused: 1 email waits", "Put it right")
    ]


def test_home_tells_what_has_been_due_for_long(ben: Membership, signed_in: SignedIn) -> None:
    mailbox = mailbox_of(ben)
    queued(mailbox, at=clock.now() - timedelta(hours=2))
    queued(mailbox, at=clock.now())

    needs = signed_in(ben).get("/").context["needs"]

    assert [need.title for need in needs] == ["The oldest email has been due for 2 hours"]


def test_while_delivery_is_on_hold_nothing_is_called_late(
    ben: Membership, signed_in: SignedIn
) -> None:
    queued(mailbox_of(ben), at=clock.now() - timedelta(hours=2))
    hold_delivery("It woke elsewhere.", at=clock.now())

    assert signed_in(ben).get("/").context["needs"] == []


@pytest.mark.parametrize(("look_up_in", "asked"), [(None, 1), (60, 0)])
def test_an_unknown_email_needs_a_person_only_where_no_look_up_can_tell(
    look_up_in: int | None, asked: int, ben: Membership, signed_in: SignedIn
) -> None:
    email = queued(mailbox_of(ben), at=clock.now())
    look_up_at = clock.now() + timedelta(seconds=look_up_in) if look_up_in else None
    Email.objects.filter(pk=email.pk).update(state=State.UNKNOWN, look_up_at=look_up_at)

    needs = signed_in(ben).get("/").context["needs"]

    assert attention(ben) == asked
    assert len(needs) == asked


def test_clara_sees_nothing_of_a_paused_mailbox(
    anna: Membership, clara: Membership, signed_in: SignedIn
) -> None:
    queued(company_email(anna, "billing"), at=clock.now())

    for name in ("home", "queue"):
        assert (
            "billing@nordwind.example" not in signed_in(clara).get(reverse(name)).content.decode()
        )


def test_many_stopped_mailboxes_cost_the_queue_page_no_more_than_a_few(
    anna: Membership, signed_in: SignedIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        queued(company_email(anna, f"billing{number}"), at=clock.now())
    client = signed_in(anna)

    with django_assert_max_num_queries(24):
        page = client.get(reverse("queue"))

    assert len(page.context["stops"]) == 3
