"""Why an email waits is said as it was."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from outtray.mailboxes.health import pause
from outtray.mailboxes.models import Mailbox, Quota
from outtray.outbox.ahead import ahead_of
from outtray.outbox.claim import claim_due
from outtray.outbox.models import Email
from outtray.outbox.resolve import ask_person
from outtray.outbox.states import Lane, Reason, State
from outtray.outbox.why import Waiting, why_not_sent
from outtray.people.models import Membership
from tests.builders import company_email, queued, reload, user_email


@pytest.mark.parametrize(
    ("source", "text", "sentence"),
    [
        (
            "server",
            "Mailbox full",
            "It was refused for now and is tried again. The server said: Mailbox full",
        ),
        (
            "network",
            "the server did not answer in time",
            "It could not be handed over and is tried again: the server did not answer in time.",
        ),
    ],
)
def test_a_server_that_said_nothing_is_not_quoted(
    source: str, text: str, sentence: str, ben: Membership, at: datetime
) -> None:
    email = queued(user_email(ben, at=at), at=at)
    Email.objects.filter(pk=email.pk).update(
        reason=Reason.RETRY,
        reason_detail=text,
        due_at=at + timedelta(minutes=1),
        last_failure={"source": source},
    )

    waiting = why_not_sent(reload(email), at=at)

    assert waiting is not None
    assert waiting.sentence == sentence


def test_an_email_behind_a_paused_mailbox_says_why_and_until_when(
    ben: Membership, at: datetime
) -> None:
    mailbox = user_email(ben, at=at)
    email = queued(mailbox, at=at)
    until = at + timedelta(minutes=15)
    pause(mailbox.pk, cause="quota", failure={}, until=until, at=at)

    waiting = why_not_sent(reload(email), at=at)

    assert waiting == Waiting(
        "paused",
        "ben@nordwind.example is paused, because its provider's limit is used up; "
        "it is tried again.",
        until,
    )


def test_an_email_whose_mailbox_keeps_to_its_pace_says_so(ben: Membership, at: datetime) -> None:
    mailbox = user_email(ben, at=at)
    Mailbox.objects.filter(pk=mailbox.pk).update(messages_per_minute=30)
    first = claim_due(queued(mailbox, at=at).mailbox_id, 1, worker="w", at=at)
    second = reload(queued(mailbox, at=at))
    Email.objects.filter(pk=second.pk).update(lane=Lane.BULK)
    claim_due(mailbox.pk, 1, worker="w", at=at)

    waiting = why_not_sent(reload(second), at=at)

    assert len(first) == 1
    assert waiting is not None
    assert (waiting.code, waiting.until) == ("pace", at + timedelta(seconds=2))
    assert waiting.sentence == "ben@nordwind.example keeps to 30 messages a minute."


def test_an_unknown_email_tells_the_look_up_from_the_question(
    ben: Membership, at: datetime
) -> None:
    email = queued(user_email(ben, at=at), at=at)
    Email.objects.filter(pk=email.pk).update(state=State.UNKNOWN, look_up_at=at)

    looked_up = why_not_sent(reload(email), at=at)
    ask_person(email.pk, why="the mailbox shows no Sent folder", at=at)
    asked = why_not_sent(reload(email), at=at)

    assert looked_up is not None
    assert asked is not None
    assert (looked_up.code, looked_up.until) == ("looked_up", at)
    assert (asked.code, asked.until) == ("unknown", None)


def test_while_delivery_is_on_hold_every_queued_email_says_so(
    ben: Membership, at: datetime
) -> None:
    email = queued(user_email(ben, at=at), at=at)

    waiting = why_not_sent(reload(email), at=at, is_held=True)

    assert waiting is not None
    assert waiting.code == "delivery_held"


def test_of_two_that_are_due_neither_claims_to_be_the_next(ben: Membership, at: datetime) -> None:
    mailbox = user_email(ben, at=at)
    emails = [queued(mailbox, at=at) for _ in range(2)]

    said = [why_not_sent(reload(email), at=at) for email in emails]

    assert said == [Waiting("due", "It is due, and goes when those before it have gone.")] * 2


def test_each_row_says_how_many_go_before_it_and_when_its_turn_comes(
    ben: Membership, at: datetime
) -> None:
    mailbox = user_email(ben, at=at)
    Mailbox.objects.filter(pk=mailbox.pk).update(messages_per_minute=30)
    emails = [queued(mailbox, at=at) for _ in range(4)]
    Email.objects.update(lane=Lane.BULK)
    assert len(claim_due(mailbox.pk, 1, worker="w", at=at)) == 1
    left = [reload(email) for email in emails[1:]]

    ahead = ahead_of(left, at=at)

    said = [why_not_sent(email, at=at, ahead=ahead[email.pk]) for email in left]
    pace = "ben@nordwind.example keeps to 30 messages a minute"
    assert said == [
        Waiting("pace", f"{pace}.", at + timedelta(seconds=2)),
        Waiting("pace", f"{pace}; one email before it.", at + timedelta(seconds=4)),
        Waiting("pace", f"{pace}; 2 emails before it.", at + timedelta(seconds=6)),
    ]


def test_what_goes_beyond_a_day_s_limit_is_told_for_another_day(
    ben: Membership, at: datetime
) -> None:
    mailbox = user_email(ben, at=at)
    Mailbox.objects.filter(pk=mailbox.pk).update(messages_per_day=2)
    emails = [queued(mailbox, at=at) for _ in range(7)]
    assert len(claim_due(mailbox.pk, 9, worker="w", at=at)) == 2
    rest = Quota.objects.get(mailbox=mailbox).rest_until
    assert rest is not None

    left = [reload(email) for email in emails[2:]]
    ahead = ahead_of(left, at=at)

    said = [why_not_sent(email, at=at, ahead=ahead[email.pk]) for email in left]
    days = [(each.until - rest).days for each in said if each and each.until]
    assert days == [0, 0, 1, 1, 2]


def test_an_email_by_hand_goes_before_the_bulk_and_what_waits_for_its_time_before_nobody(
    ben: Membership, at: datetime
) -> None:
    mailbox = user_email(ben, at=at)
    bulk, by_hand, later = (queued(mailbox, at=at) for _ in range(3))
    Email.objects.filter(pk=bulk.pk).update(lane=Lane.BULK)
    Email.objects.filter(pk=later.pk).update(due_at=at + timedelta(hours=1))

    ahead = ahead_of([reload(email) for email in (bulk, by_hand, later)], at=at)

    assert ahead == {bulk.pk: 1, by_hand.pk: 0}


def test_far_back_the_count_ends_and_what_has_gone_meanwhile_has_none(
    ben: Membership, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("outtray.outbox.ahead.MOST", 3)
    mailbox, quiet = user_email(ben, at=at), company_email(ben.company, at=at)
    far = [queued(mailbox, at=at) for _ in range(6)]
    gone, last = (queued(quiet, at=at) for _ in range(2))
    shown = [reload(email) for email in (*far, gone, last)]
    assert claim_due(quiet.pk, 1, worker="w", at=at)

    ahead = ahead_of(shown, at=at)

    assert [ahead[email.pk] for email in far] == [0, 1, 2, 3, 3, 3]
    assert ahead[last.pk] == 0
    assert gone.pk not in ahead
