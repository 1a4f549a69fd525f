"""A claim takes what the mailbox's pace allows, and counts it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from outtray.mailboxes.models import Mailbox, Quota
from outtray.mailboxes.pace import used
from outtray.outbox.accept import Terms, accept
from outtray.outbox.claim import Claim, claim_due
from outtray.outbox.models import Email
from outtray.outbox.settle import give_back
from outtray.outbox.states import Lane
from outtray.people.models import Membership
from tests.builders import CUSTOMER, letter, user_email


@pytest.fixture
def mailbox(ben: Membership, at: datetime) -> Mailbox:
    return user_email(ben, at=at)


def limit(mailbox: Mailbox, **limits: int) -> None:
    Mailbox.objects.filter(pk=mailbox.pk).update(**limits)


def bulk(mailbox: Mailbox, count: int, *, at: datetime, to: Sequence[str] = (CUSTOMER,)) -> None:
    for _ in range(count):
        accept(letter(mailbox, to), mailbox=mailbox, terms=Terms(at=at, lane=Lane.BULK))


def claimed(mailbox: Mailbox, *, at: datetime, most: int = 100) -> list[Claim]:
    return claim_due(mailbox.pk, most, worker="w", at=at)


def resting(mailbox: Mailbox) -> datetime:
    until = Quota.objects.get(pk=mailbox.pk).rest_until
    assert until is not None
    return until


def test_bulk_leaves_evenly_and_at_the_pace(mailbox: Mailbox, at: datetime) -> None:
    limit(mailbox, messages_per_minute=30)
    bulk(mailbox, 70, at=at)

    moments: list[datetime] = []
    now = at
    while now < at + timedelta(minutes=2):
        moments += [now for _ in claimed(mailbox, at=now)]
        now = resting(mailbox)

    assert 59 <= len(moments) <= 61
    for first in moments:
        within = [each for each in moments if first <= each < first + timedelta(minutes=1)]
        assert len(within) <= 30


def test_what_a_busy_worker_was_late_by_is_made_up_for(mailbox: Mailbox, at: datetime) -> None:
    limit(mailbox, messages_per_minute=30)
    bulk(mailbox, 40, at=at)

    count, now = 0, at
    while now < at + timedelta(minutes=1):
        count += len(claimed(mailbox, at=now))
        now = resting(mailbox) + timedelta(milliseconds=150)

    assert 29 <= count <= 30


def test_a_worker_that_comes_late_takes_a_few_at_once_and_comes_less_often(
    mailbox: Mailbox, at: datetime
) -> None:
    limit(mailbox, messages_per_minute=30)
    bulk(mailbox, 40, at=at)
    claimed(mailbox, at=at)
    due = resting(mailbox)

    taken = claimed(mailbox, at=due + timedelta(milliseconds=300))

    assert len(taken) == 3
    assert resting(mailbox) == due + timedelta(seconds=6)


def test_what_is_made_up_for_has_an_end(mailbox: Mailbox, at: datetime) -> None:
    limit(mailbox, messages_per_minute=30)
    bulk(mailbox, 40, at=at)
    claimed(mailbox, at=at)

    late = at + timedelta(minutes=3)

    assert len(claimed(mailbox, at=late)) == 3
    assert len(claimed(mailbox, at=late)) == 1
    assert claimed(mailbox, at=late) == []


@pytest.mark.parametrize("late", [0.0, 0.2, 0.3, 0.5])
def test_a_worker_that_is_always_late_keeps_the_pace(
    mailbox: Mailbox, at: datetime, late: float
) -> None:
    limit(mailbox, messages_per_minute=30)
    bulk(mailbox, 70, at=at)

    moments: list[datetime] = []
    now = at
    while now < at + timedelta(minutes=2):
        moments += [now for _ in claimed(mailbox, at=now)]
        now = resting(mailbox) + timedelta(seconds=late)

    assert 59 <= len(moments) <= 61
    for first in moments:
        within = [each for each in moments if first <= each < first + timedelta(minutes=1)]
        assert len(within) <= 30


def test_mail_that_came_just_now_is_late_with_nobody(mailbox: Mailbox, at: datetime) -> None:
    limit(mailbox, messages_per_minute=30)
    bulk(mailbox, 1, at=at)
    claimed(mailbox, at=at)
    later = at + timedelta(hours=1)
    bulk(mailbox, 20, at=later)

    assert len(claimed(mailbox, at=later)) == 1


def test_a_rest_for_a_full_minute_makes_nobody_late(mailbox: Mailbox, at: datetime) -> None:
    limit(mailbox, messages_per_minute=30)
    by_hand = [accept(letter(mailbox), mailbox=mailbox, terms=Terms(at=at)) for _ in range(30)]
    bulk(mailbox, 20, at=at)
    assert len(claimed(mailbox, at=at)) == len(by_hand)

    free = resting(mailbox)

    assert free >= at + timedelta(minutes=1)
    assert len(claimed(mailbox, at=free)) == 1
    assert claimed(mailbox, at=free) == []


def test_a_slow_mailbox_never_lets_two_leave_at_once(mailbox: Mailbox, at: datetime) -> None:
    limit(mailbox, messages_per_minute=10)
    bulk(mailbox, 20, at=at)
    claimed(mailbox, at=at)

    assert len(claimed(mailbox, at=at + timedelta(seconds=30))) == 1


def test_letters_by_hand_go_before_what_is_late(mailbox: Mailbox, at: datetime) -> None:
    limit(mailbox, messages_per_minute=30)
    bulk(mailbox, 20, at=at)
    claimed(mailbox, at=at)
    late = at + timedelta(seconds=6)
    accept(letter(mailbox), mailbox=mailbox, terms=Terms(at=late))

    lanes = [claim.email.lane for claim in claimed(mailbox, at=late)]

    assert lanes == [Lane.INTERACTIVE, Lane.BULK, Lane.BULK]


def test_a_fast_mailbox_claims_a_second_s_worth_at_once(mailbox: Mailbox, at: datetime) -> None:
    limit(mailbox, messages_per_minute=600)
    bulk(mailbox, 30, at=at)

    claimed(mailbox, at=at)
    later = claimed(mailbox, at=at + timedelta(seconds=1))

    assert len(later) == 10


def test_a_letter_by_hand_uses_what_the_minute_has_left(mailbox: Mailbox, at: datetime) -> None:
    limit(mailbox, messages_per_minute=30)
    bulk(mailbox, 5, at=at)
    (first,) = claimed(mailbox, at=at)
    by_hand = [accept(letter(mailbox), mailbox=mailbox, terms=Terms(at=at)) for _ in range(3)]

    at_once = claimed(mailbox, at=at)

    assert first.email.lane == Lane.BULK
    assert [claim.email.pk for claim in at_once] == [email.pk for email in by_hand]


def test_the_messages_of_a_day_are_not_exceeded(mailbox: Mailbox, at: datetime) -> None:
    limit(mailbox, messages_per_day=3)
    bulk(mailbox, 5, at=at)

    today = claimed(mailbox, at=at)
    free = resting(mailbox)
    soon = claimed(mailbox, at=at + timedelta(hours=23))
    tomorrow = claimed(mailbox, at=free)

    assert (len(today), len(soon), len(tomorrow)) == (3, 0, 2)
    assert timedelta(hours=24) <= free - at <= timedelta(hours=24, minutes=15)


def test_the_recipients_of_a_day_are_not_exceeded(mailbox: Mailbox, at: datetime) -> None:
    limit(mailbox, recipients_per_day=5)
    bulk(mailbox, 2, at=at, to=["a@kunde.example", "b@kunde.example", "c@kunde.example"])

    today = claimed(mailbox, at=at)
    none = claimed(mailbox, at=at + timedelta(hours=1))
    tomorrow = claimed(mailbox, at=resting(mailbox))

    assert (len(today), len(none), len(tomorrow)) == (1, 0, 1)


def test_an_email_with_more_recipients_than_a_day_goes_on_an_untouched_one(
    mailbox: Mailbox, at: datetime
) -> None:
    limit(mailbox, recipients_per_day=2)
    bulk(mailbox, 1, at=at, to=["a@kunde.example", "b@kunde.example", "c@kunde.example"])

    assert len(claimed(mailbox, at=at)) == 1


def test_what_is_given_back_is_counted_back(mailbox: Mailbox, at: datetime) -> None:
    limit(mailbox, messages_per_day=10)
    bulk(mailbox, 4, at=at)
    claims = claimed(mailbox, at=at)

    give_back(claims, at=at)

    assert used(Quota.objects.get(pk=mailbox.pk), at=at).messages_today == 0
    assert Email.objects.filter(state="queued").count() == 4


def test_a_day_that_is_full_no_longer_is_not_waited_for(mailbox: Mailbox, at: datetime) -> None:
    limit(mailbox, messages_per_day=2)
    bulk(mailbox, 2, at=at)
    claims = claimed(mailbox, at=at)
    assert resting(mailbox) > at

    give_back(claims, at=at)

    assert Quota.objects.get(pk=mailbox.pk).rest_until is None
    assert len(claimed(mailbox, at=at)) == 2


def test_a_mailbox_without_limits_is_not_counted(mailbox: Mailbox, at: datetime) -> None:
    bulk(mailbox, 20, at=at)

    assert len(claimed(mailbox, at=at)) == 20
    assert not Quota.objects.exists()
