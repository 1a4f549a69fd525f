"""What a pace allows, and what complaints teach."""

from __future__ import annotations

from datetime import datetime, timedelta

from outtray.mailboxes.models import MailboxEvent, Quota
from outtray.mailboxes.pace import Pace, allowance, in_force, slow_down
from outtray.people.models import Membership
from tests.builders import user_email

LIMITED = Pace(messages_per_minute=30)


def test_a_mailbox_that_was_idle_lets_several_letters_by_hand_leave_at_once(at: datetime) -> None:
    allowed = allowance(LIMITED, Quota(), at=at)

    assert allowed.interactive == 30
    assert allowed.bulk == 1


def test_a_complaint_halves_the_pace_and_is_noted(ben: Membership, at: datetime) -> None:
    mailbox = user_email(ben, at=at)

    slow_down(mailbox, seen_per_minute=90, why="421 4.7.0 too fast", at=at)

    quota = Quota.objects.get(pk=mailbox.pk)
    assert in_force(Pace(), quota, at=at).messages_per_minute == 45
    assert MailboxEvent.objects.get(mailbox=mailbox).detail["why"] == "421 4.7.0 too fast"


def test_further_complaints_slow_down_further_but_never_to_a_stop(
    ben: Membership, at: datetime
) -> None:
    mailbox = user_email(ben, at=at)

    for number in range(10):
        at += timedelta(seconds=10)
        slow_down(mailbox, seen_per_minute=90, why=f"complaint {number}", at=at)

    assert in_force(Pace(), Quota.objects.get(pk=mailbox.pk), at=at).messages_per_minute == 1


def test_complaints_about_what_was_on_its_way_are_one(ben: Membership, at: datetime) -> None:
    mailbox = user_email(ben, at=at)

    for seconds in range(5):
        moment = at + timedelta(seconds=seconds)
        slow_down(mailbox, seen_per_minute=90, why="too fast", at=moment)

    assert in_force(Pace(), Quota.objects.get(pk=mailbox.pk), at=at).messages_per_minute == 45
    assert MailboxEvent.objects.filter(mailbox=mailbox).count() == 1


def test_without_complaints_the_pace_rises_again_to_its_limit_and_no_further(
    at: datetime,
) -> None:
    quota = Quota(slowed_to=10, slowed_at=at)

    paces = [
        in_force(LIMITED, quota, at=at + timedelta(minutes=minutes)).messages_per_minute
        for minutes in range(8)
    ]

    assert paces == [10, 12, 15, 19, 24, 30, 30, 30]


def test_a_mailbox_without_a_limit_has_none_again_after_a_while(at: datetime) -> None:
    quota = Quota(slowed_to=10, slowed_at=at)

    assert in_force(Pace(), quota, at=at + timedelta(minutes=14)).has_limits
    assert not in_force(Pace(), quota, at=at + timedelta(minutes=15)).has_limits
