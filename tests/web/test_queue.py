"""The Email Queue: its tabs, what can be done in it, and who sees which email."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from outtray.lib import clock
from outtray.mailboxes.models import Mailbox
from outtray.outbox.cancel import cancel
from outtray.outbox.correct import send_corrected
from outtray.outbox.models import Email
from outtray.outbox.queries import attention
from outtray.outbox.states import State
from outtray.people.models import Membership
from tests.builders import queued, reload
from tests.web.conftest import SignedIn
from tests.web.papers import imported, mailbox_of, queued_email

NOUNS = ("hold", "release", "cancellation", "retry", "dispatch", "arrival", "resend")


def test_a_row_says_why_it_is_not_sent_yet(ben: Membership, signed_in: SignedIn) -> None:
    mailbox = mailbox_of(ben)
    queued(mailbox, at=clock.now())
    Mailbox.objects.update(health="paused")

    page = signed_in(ben).get(reverse("queue")).content.decode()

    assert f"{mailbox.address} is paused; its settings must be put right." in page


def test_tabs_count_and_narrow(ben: Membership, signed_in: SignedIn) -> None:
    mailbox = mailbox_of(ben)
    queued(mailbox, at=clock.now(), to=("first@kunde.example",))
    second = queued(mailbox, at=clock.now(), to=("second@kunde.example",))
    cancel(second.pk, by=ben.person, at=clock.now())

    answer = signed_in(ben).get(reverse("queue"), {"state": "queued"})

    counts = {tab.name: tab.count for tab in answer.context["tabs"]}
    assert (counts[""], counts["queued"], counts["ended"]) == (2, 1, 1)
    assert "first@kunde.example" in answer.content.decode()
    assert "second@kunde.example" not in answer.content.decode()


@pytest.mark.parametrize(("again", "left"), [("sent", 1), ("failed", 2), ("cancelled", 2)])
def test_a_failed_email_that_was_sent_again_waits_for_nobody(
    again: str, left: int, ben: Membership, signed_in: SignedIn
) -> None:
    mailbox = mailbox_of(ben)
    first, second = (queued(mailbox, at=clock.now()) for _ in range(2))
    Email.objects.update(state=State.FAILED)
    right = {first.recipients.get().address: "right@kunde.example"}
    new = send_corrected(first.pk, right, by=ben.person, at=clock.now())
    Email.objects.filter(pk=new.pk).update(state=again)

    answer = signed_in(ben).get(reverse("queue"), {"state": "failed"})

    listed = [row.email for row in answer.context["rows"]]
    assert second in listed
    assert (first in listed) == (again == State.CANCELLED)
    assert {tab.name: tab.count for tab in answer.context["tabs"]}["failed"] == left
    assert len(listed) == attention(ben) == left
    assert f"{left} email" in signed_in(ben).get("/").context["needs"][-1].title


def test_a_search_finds_a_recipient(ben: Membership, signed_in: SignedIn) -> None:
    mailbox = mailbox_of(ben)
    queued(mailbox, at=clock.now(), to=("first@kunde.example",))
    queued(mailbox, at=clock.now(), to=("second@kunde.example",))

    page = signed_in(ben).get(reverse("queue"), {"q": "SECOND@"}).content.decode()

    assert "second@kunde.example" in page
    assert "first@kunde.example" not in page


def test_one_email_is_held_released_and_cancelled(ben: Membership, signed_in: SignedIn) -> None:
    email = queued(mailbox_of(ben), at=clock.now())
    client = signed_in(ben)

    for noun, state in (
        ("hold", State.HELD),
        ("release", State.QUEUED),
        ("cancellation", State.CANCELLED),
    ):
        client.post(reverse(noun, args=[email.pk]))
        assert reload(email).state == state


def test_a_refused_press_says_so_in_its_row(ben: Membership, signed_in: SignedIn) -> None:
    email = queued(mailbox_of(ben), at=clock.now())
    cancel(email.pk, by=ben.person, at=clock.now())

    page = signed_in(ben).post(reverse("hold", args=[email.pk]), follow=True)

    assert page.context["rows"][0].refusal == ("This email cannot be put on hold: it is cancelled.")


def test_several_are_held_with_one_press(ben: Membership, signed_in: SignedIn) -> None:
    mailbox = mailbox_of(ben)
    emails = [queued(mailbox, at=clock.now(), to=(f"{n}@kunde.example",)) for n in range(3)]

    page = signed_in(ben).post(
        reverse("holds"), {"ids": [str(each.pk) for each in emails[:2]]}, follow=True
    )

    assert "2 emails were put on hold." in page.content.decode()
    assert [reload(each).state for each in emails] == [State.HELD, State.HELD, State.QUEUED]


def test_nothing_chosen_is_said(ben: Membership, signed_in: SignedIn) -> None:
    page = signed_in(ben).post(reverse("cancellations"), {}, follow=True)

    assert "Nothing was chosen." in page.content.decode()


def test_after_a_press_one_is_back_where_one_was(ben: Membership, signed_in: SignedIn) -> None:
    email = queued(mailbox_of(ben), at=clock.now())
    where = reverse("queue") + "?state=queued"

    ours = signed_in(ben).post(reverse("hold", args=[email.pk]), {"next": where})
    foreign = signed_in(ben).post(
        reverse("release", args=[email.pk]), {"next": "https://evil.example/"}
    )

    assert ours.headers["Location"] == where
    assert foreign.headers["Location"] == reverse("queue")


def test_the_live_list_is_silent_until_something_changes(
    ben: Membership, signed_in: SignedIn
) -> None:
    email = queued(mailbox_of(ben), at=clock.now())
    client = signed_in(ben)
    seen = client.get(reverse("queue")).context["seen"]

    quiet = client.get(reverse("queue_changes"), {"seen": seen})
    client.post(reverse("hold", args=[email.pk]))
    changed = client.get(reverse("queue_changes"), {"seen": seen})

    assert quiet.status_code == 204
    assert "On hold" in changed.content.decode()


def test_a_user_sees_his_own_emails_and_an_administrator_all(
    anna: Membership, ben: Membership, signed_in: SignedIn
) -> None:
    queued(mailbox_of(anna), at=clock.now(), to=("annas@kunde.example",))
    queued(mailbox_of(ben), at=clock.now(), to=("bens@kunde.example",))

    bens = signed_in(ben).get(reverse("queue")).content.decode()
    annas = signed_in(anna).get(reverse("queue")).content.decode()

    assert "annas@kunde.example" not in bens
    assert "annas@kunde.example" in annas
    assert "bens@kunde.example" in annas


@pytest.mark.parametrize("noun", NOUNS)
def test_clara_can_do_nothing_with_an_email_of_another_company(
    noun: str, ben: Membership, clara: Membership, signed_in: SignedIn
) -> None:
    email = queued(mailbox_of(ben), at=clock.now())

    answer = signed_in(clara).post(reverse(noun, args=[email.pk]))

    assert answer.status_code == 404
    assert reload(email).state == State.QUEUED


@pytest.mark.parametrize("noun", NOUNS)
def test_a_stranger_is_asked_to_sign_in(noun: str, ben: Membership, client: Client) -> None:
    email = queued(mailbox_of(ben), at=clock.now())

    answer = client.post(reverse(noun, args=[email.pk]))

    assert answer.headers["Location"].startswith(reverse("account_login"))
    assert reload(email).state == State.QUEUED


def test_clara_takes_nothing_back_that_is_not_hers(
    ben: Membership, clara: Membership, signed_in: SignedIn
) -> None:
    mailbox_of(ben)
    email = queued_email(ben, imported(ben)["invoice"])

    answer = signed_in(clara).post(reverse("queue_undo"), {"ids": str(email.pk)})

    assert answer.status_code == 404
    assert Email.objects.get().state == State.QUEUED


def test_the_page_asks_as_often_for_many_rows_as_for_one(
    ben: Membership, signed_in: SignedIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    mailbox = mailbox_of(ben)
    client = signed_in(ben)
    queued(mailbox, at=clock.now(), to=("0@kunde.example",))
    with CaptureQueriesContext(connection) as for_one:
        client.get(reverse("queue"))

    for number in range(1, 30):
        queued(mailbox, at=clock.now(), to=(f"{number}@kunde.example",))

    with django_assert_num_queries(len(for_one)):
        client.get(reverse("queue"))


def test_each_person_is_told_the_counts_of_what_he_sees(
    anna: Membership, ben: Membership, clara: Membership
) -> None:
    queued(mailbox_of(ben), at=clock.now())
    queued(mailbox_of(anna), at=clock.now())
    Email.objects.update(state=State.FAILED)

    told = {person: attention(person) for person in (anna, ben, clara)}
    again = {person: attention(person) for person in (clara, ben, anna)}

    assert told == again == {anna: 2, ben: 1, clara: 0}


def test_what_others_have_written_stays_text_in_a_row(ben: Membership, signed_in: SignedIn) -> None:
    email = queued(mailbox_of(ben), at=clock.now())
    hostile = "\"><script>alert('{subject}')</script>"
    Email.objects.filter(pk=email.pk).update(
        subject=hostile, to_summary=hostile, state=State.HELD, reason_detail=hostile
    )

    page = signed_in(ben).get(reverse("queue")).content.decode()

    assert "<script>alert" not in page
    assert page.count("&quot;&gt;&lt;script&gt;alert(&#x27;{subject}&#x27;)") >= 5
