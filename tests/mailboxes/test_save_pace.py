"""A pace is set by whoever may change the mailbox, and what is left empty is the provider's."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from outtray.lib.errors import Refused
from outtray.mailboxes.models import Health, Mailbox, MailboxEvent, Quota, Whose
from outtray.mailboxes.pace import Pace, limits_of, spend
from outtray.mailboxes.save_pace import PaceDraft, default_pace, draft_of_pace, save_pace
from outtray.people.models import Membership
from tests.builders import user_email


@pytest.fixture
def mailbox(ben: Membership, at: datetime) -> Mailbox:
    """Ben's User Email at a provider whose limits are known."""
    mailbox = user_email(ben, at=at)
    Mailbox.objects.filter(pk=mailbox.pk).update(provider="microsoft365", messages_per_minute=30)
    mailbox.refresh_from_db()
    return mailbox


def test_what_is_left_empty_is_what_the_provider_allows(
    ben: Membership, mailbox: Mailbox, at: datetime
) -> None:
    saved = save_pace(ben, mailbox, PaceDraft(messages_per_minute=12), at=at)

    assert limits_of(saved) == replace(default_pace(mailbox), messages_per_minute=12)
    assert draft_of_pace(saved) == PaceDraft(messages_per_minute=12)


def test_without_a_known_provider_empty_is_without_limit(
    ben: Membership, mailbox: Mailbox, at: datetime
) -> None:
    Mailbox.objects.update(provider="")

    saved = save_pace(ben, mailbox, PaceDraft(), at=at)

    assert limits_of(saved) == Pace()


def test_another_pace_leaves_a_mailbox_ready_and_a_line_in_its_history(
    ben: Membership, mailbox: Mailbox, at: datetime
) -> None:
    saved = save_pace(ben, mailbox, PaceDraft(messages_per_minute=12), at=at)

    line = MailboxEvent.objects.get()
    assert saved.health == Health.READY
    assert saved.changed_at == mailbox.changed_at
    assert (line.code, line.by) == ("pace_changed", ben.person)
    assert line.detail["before"]["messages_per_minute"] == 30
    assert line.detail["after"]["messages_per_minute"] == 12


def test_the_same_pace_once_more_leaves_no_line(
    ben: Membership, mailbox: Mailbox, at: datetime
) -> None:
    save_pace(ben, mailbox, PaceDraft(messages_per_minute=12), at=at)
    save_pace(ben, mailbox, PaceDraft(messages_per_minute=12), at=at)

    assert MailboxEvent.objects.count() == 1


def test_a_faster_pace_does_not_wait_for_the_slower_one(
    ben: Membership, mailbox: Mailbox, at: datetime
) -> None:
    quota = Quota.objects.create(mailbox=mailbox)
    spend(quota, Pace(messages_per_minute=1), messages=1, recipients=1, due_since=at, at=at)
    quota.save()
    assert quota.rest_until
    assert quota.rest_until >= at + timedelta(minutes=1)

    save_pace(ben, mailbox, PaceDraft(messages_per_minute=600), at=at)

    quota.refresh_from_db()
    assert quota.rest_until is None
    assert quota.minute


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (PaceDraft(messages_per_minute=0), "messages_per_minute"),
        (PaceDraft(recipients_per_day=-1), "recipients_per_day"),
        (PaceDraft(connections=21), "connections"),
    ],
)
def test_a_pace_out_of_range_is_refused_at_its_field(
    draft: PaceDraft, field: str, ben: Membership, mailbox: Mailbox, at: datetime
) -> None:
    with pytest.raises(Refused) as refused:
        save_pace(ben, mailbox, draft, at=at)

    assert (refused.value.code, refused.value.field) == ("pace_invalid", field)


def test_an_administrator_does_not_set_the_pace_of_a_user_email(
    anna: Membership, clara: Membership, mailbox: Mailbox, at: datetime
) -> None:
    for somebody in (anna, clara):
        with pytest.raises(Refused, match="Only its owner"):
            save_pace(somebody, mailbox, PaceDraft(), at=at)


def test_only_an_administrator_of_its_company_sets_that_of_a_company_email(
    anna: Membership, ben: Membership, clara: Membership, mailbox: Mailbox, at: datetime
) -> None:
    Mailbox.objects.update(whose=Whose.COMPANY, owner=None)
    mailbox.refresh_from_db()

    for somebody in (ben, clara):
        with pytest.raises(Refused, match="Only an administrator"):
            save_pace(somebody, mailbox, PaceDraft(), at=at)
    assert save_pace(anna, mailbox, PaceDraft(connections=2), at=at).connections == 2
