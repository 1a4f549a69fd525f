"""The Sending page of a mailbox: health, quota, pace, what waits, history."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from outtray.automations.notices import tell
from outtray.diagnosis.models import Probe
from outtray.lib import clock
from outtray.mailboxes.health import pause
from outtray.mailboxes.history import Code, record
from outtray.mailboxes.models import Health, Mailbox, Quota
from outtray.mailboxes.pace import limits_of, slow_down, spend
from outtray.outbox.failures import to_json
from outtray.people.models import Membership
from outtray.transports.base import Failure, Scope, Source, Stage
from tests.builders import queued
from tests.web.conftest import SignedIn
from tests.web.papers import mailbox_of
from tests.web.test_pauses import company_email


def sending(mailbox: Mailbox) -> str:
    return reverse("mailbox", args=[mailbox.pk])


def limited(membership: Membership, **limits: int) -> Mailbox:
    """The User Email of somebody, with limits."""
    mailbox = mailbox_of(membership)
    Mailbox.objects.filter(pk=mailbox.pk).update(**limits)
    mailbox.refresh_from_db()
    return mailbox


def test_what_is_used_stands_beside_the_limits(ben: Membership, signed_in: SignedIn) -> None:
    mailbox = limited(ben, messages_per_day=100)
    quota = Quota.objects.create(mailbox=mailbox)
    spend(
        quota, limits_of(mailbox), messages=3, recipients=5, due_since=clock.now(), at=clock.now()
    )
    quota.save()

    page = signed_in(ben).get(sending(mailbox))

    gauges = [(gauge.used, gauge.limit) for gauge in page.context["gauges"]]
    assert gauges == [(3, None), (3, 100), (5, None)]
    assert page.content.decode().count("<progress") == 1


def test_a_used_up_pace_says_when_it_is_free_again(ben: Membership, signed_in: SignedIn) -> None:
    mailbox = limited(ben, messages_per_day=3)
    quota = Quota.objects.create(mailbox=mailbox)
    spend(
        quota, limits_of(mailbox), messages=3, recipients=3, due_since=clock.now(), at=clock.now()
    )
    quota.save()

    page = signed_in(ben).get(sending(mailbox))

    assert page.context["gauges"][1].is_full
    assert "The next may leave" in page.content.decode()


def test_a_pace_lowered_by_complaints_says_so(ben: Membership, signed_in: SignedIn) -> None:
    mailbox = limited(ben, messages_per_minute=30)
    slow_down(mailbox, seen_per_minute=30, why="421 slow down", at=clock.now())

    page = signed_in(ben).get(sending(mailbox)).content.decode()

    assert "Slowed down to 15 a minute because the server complained" in page
    assert "The server said: 421 slow down" in page


def test_a_pace_is_saved_and_the_mailbox_stays_ready(ben: Membership, signed_in: SignedIn) -> None:
    mailbox = mailbox_of(ben)

    page = signed_in(ben).post(
        reverse("mailbox_pace", args=[mailbox.pk]), {"messages_per_minute": "12"}, follow=True
    )

    mailbox.refresh_from_db()
    assert (mailbox.messages_per_minute, mailbox.health) == (12, Health.READY)
    assert "Messages a minute: 12 (was no limit)" in page.content.decode()


def test_what_the_provider_allows_is_shown_where_nothing_is_typed(
    ben: Membership, signed_in: SignedIn
) -> None:
    mailbox = limited(ben, messages_per_minute=30, recipients_per_day=10_000, connections=3)
    Mailbox.objects.update(provider="microsoft365")

    page = signed_in(ben).get(sending(mailbox))

    form = page.context["form"]
    assert form["messages_per_minute"].value() is None
    assert 'placeholder="30"' in str(form["messages_per_minute"])
    assert "what Microsoft 365" in page.content.decode()


@pytest.mark.parametrize("typed", ["0", "many", "100001"])
def test_a_pace_that_cannot_be_is_refused_at_its_field(
    typed: str, ben: Membership, signed_in: SignedIn
) -> None:
    mailbox = mailbox_of(ben)

    page = signed_in(ben).post(
        reverse("mailbox_pace", args=[mailbox.pk]), {"messages_per_minute": typed}
    )

    assert list(page.context["form"].errors) == ["messages_per_minute"]
    mailbox.refresh_from_db()
    assert mailbox.messages_per_minute is None


def test_a_rest_is_ended_by_a_button(ben: Membership, signed_in: SignedIn) -> None:
    mailbox = mailbox_of(ben)
    later = clock.now() + timedelta(hours=1)
    Mailbox.objects.update(health=Health.PAUSED, paused_until=later, pause_cause="rate_limited")
    browser = signed_in(ben)

    page = browser.get(sending(mailbox)).content.decode()
    browser.post(reverse("mailbox_resumption", args=[mailbox.pk]))

    mailbox.refresh_from_db()
    assert "Resume now" in page
    assert mailbox.paused_until is not None
    assert mailbox.paused_until < later


def test_a_refused_password_has_no_such_button(ben: Membership, signed_in: SignedIn) -> None:
    mailbox = mailbox_of(ben)
    Mailbox.objects.update(health=Health.PAUSED, pause_cause="wrong_password")
    browser = signed_in(ben)

    page = browser.get(sending(mailbox)).content.decode()
    refused = browser.post(reverse("mailbox_resumption", args=[mailbox.pk]), follow=True)

    assert "Resume now" not in page
    assert "Change the settings" in page
    assert "Put its settings right" in refused.content.decode()


def test_a_saved_mailbox_is_validated_again_as_it_is(ben: Membership, signed_in: SignedIn) -> None:
    mailbox = mailbox_of(ben)

    answer = signed_in(ben).post(reverse("mailbox_probes", args=[mailbox.pk]))

    probe = Probe.objects.get()
    assert answer.headers["Location"] == reverse("probe", args=[probe.pk])
    assert probe.mailbox == mailbox


def test_what_waits_is_shown_with_the_reason(ben: Membership, signed_in: SignedIn) -> None:
    mailbox = mailbox_of(ben)
    for number in range(7):
        queued(mailbox, at=clock.now(), to=(f"{number}@kunde.example",))

    page = signed_in(ben).get(sending(mailbox))

    assert page.context["waiting"] == "7"
    assert len(page.context["rows"]) == 5
    assert f"from={mailbox.pk}" in page.content.decode()


def test_a_long_history_comes_in_pages(ben: Membership, signed_in: SignedIn) -> None:
    mailbox = mailbox_of(ben)
    for number in range(13):
        record(mailbox.pk, Code.SLOWED, at=clock.now(), detail={"messages_per_minute": number})
    browser = signed_in(ben)

    first = browser.get(sending(mailbox)).context["history"]
    second = browser.get(sending(mailbox), {"before": first.older}).context["history"]

    notes = [line.note for page in (first, second) for line in page.lines]
    assert notes == [f"To {number} a minute." for number in reversed(range(13))]
    assert second.older == ""


def test_the_history_tells_what_stopped_a_mailbox_and_who_was_told(
    ben: Membership, signed_in: SignedIn
) -> None:
    mailbox = mailbox_of(ben)
    refused = Failure(
        Stage.LOGIN, Scope.MAILBOX, is_temporary=False, source=Source.SERVER, text="no", code=535
    )
    pause(mailbox.pk, cause="password", failure=to_json(refused) or {}, until=None, at=clock.now())
    tell(mailbox.pk, at=clock.now())

    lines = signed_in(ben).get(sending(mailbox)).context["history"].lines

    assert [line.note for line in lines] == [
        "By its page alone: no other mailbox of the company can send.",
        "The mail server does not accept this user name and password.",
    ]


def test_the_live_page_is_silent_until_something_changes(
    ben: Membership, signed_in: SignedIn
) -> None:
    mailbox = mailbox_of(ben)
    browser = signed_in(ben)
    status = reverse("mailbox_status", args=[mailbox.pk])
    seen = browser.get(sending(mailbox)).context["seen"]

    quiet = browser.get(status, {"seen": seen})
    queued(mailbox, at=clock.now())
    changed = browser.get(status, {"seen": seen})

    assert quiet.status_code == 204
    assert "Waiting: 1" in changed.content.decode()


def test_an_administrator_looks_at_the_mailbox_of_a_user_and_changes_nothing(
    anna: Membership, ben: Membership, signed_in: SignedIn
) -> None:
    mailbox = mailbox_of(ben)
    browser = signed_in(anna)

    page = browser.get(sending(mailbox)).content.decode()
    browser.post(reverse("mailbox_pace", args=[mailbox.pk]), {"messages_per_minute": "12"})
    browser.post(reverse("mailbox_probes", args=[mailbox.pk]))

    mailbox.refresh_from_db()
    assert "User Email of Ben Behrens" in page
    assert "Save pace" not in page
    assert mailbox.messages_per_minute is None
    assert not Probe.objects.exists()


def test_a_user_does_not_look_at_a_company_email(
    anna: Membership, ben: Membership, signed_in: SignedIn
) -> None:
    billing = company_email(anna, "billing")

    assert signed_in(ben).get(sending(billing)).status_code == 404
    assert signed_in(anna).get(sending(billing)).status_code == 200


def test_the_page_asks_as_often_for_many_emails_and_lines_as_for_one(
    ben: Membership, signed_in: SignedIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    mailbox = mailbox_of(ben)
    for number in range(20):
        queued(mailbox, at=clock.now(), to=(f"{number}@kunde.example",))
        record(mailbox.pk, Code.CHANGED, at=clock.now(), by=ben.person)
    client = signed_in(ben)

    with django_assert_max_num_queries(14):
        client.get(sending(mailbox))


def test_copies_in_the_sent_folder_are_decided_where_there_is_one(
    ben: Membership, signed_in: SignedIn
) -> None:
    mailbox = mailbox_of(ben)
    without = signed_in(ben).get(sending(mailbox)).content.decode()
    mailbox.settings |= {"imap_host": "imap.nordwind.example"}
    mailbox.save(update_fields=["settings"])

    page = signed_in(ben).post(
        reverse("mailbox_copies", args=[mailbox.pk]), {"keep": "yes"}, follow=True
    )

    mailbox.refresh_from_db()
    assert mailbox.keep_sent_copy
    assert "put into the Sent folder" not in without
    assert "the same message is put into the Sent folder" in page.content.decode()
