"""The schedule: 1, 5, 15 and 60 minutes, then hourly, for a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outtray.delivery.schedule import (
    GIVE_UP,
    JITTER,
    WAITS,
    Standing,
    complaint,
    concerns_mailbox,
    decide,
    wait_after,
)
from outtray.outbox.states import ARROWS, RecipientState, State
from outtray.transports.base import (
    Accepted,
    Failure,
    Scope,
    Source,
    Stage,
    Trouble,
    Unanswered,
    Verdict,
)

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def no(
    *, temporary: bool, scope: Scope = Scope.RECIPIENT, source: Source = Source.SERVER
) -> Failure:
    return Failure(Stage.RECIPIENT, scope, temporary, source, "no", 452 if temporary else 550)


def first(recipients: int = 1) -> Standing:
    return Standing([0] * recipients, AT)


def test_a_temporary_no_is_tried_again_after_a_minute() -> None:
    decision = decide([no(temporary=True)], first(), at=AT, chance=0.5)

    assert decision.state == State.QUEUED
    assert decision.due_at == AT + timedelta(minutes=1)


def test_a_final_no_of_the_server_ends_the_email() -> None:
    decision = decide([no(temporary=False)], first(), at=AT, chance=0.5)

    assert decision.state == State.FAILED


def test_a_broken_line_never_ends_an_email_by_itself() -> None:
    broken = no(temporary=False, source=Source.NETWORK)

    decision = decide([broken], first(), at=AT, chance=0.5)

    assert decision.state == State.QUEUED


def test_after_a_day_a_temporary_no_ends_the_email() -> None:
    decision = decide([no(temporary=True)], Standing([27], AT - GIVE_UP), at=AT, chance=0.5)

    assert decision.state == State.FAILED


def test_one_refused_recipient_does_not_fail_the_others() -> None:
    verdicts: list[Verdict] = [Accepted("250 ok"), no(temporary=False)]

    decision = decide(verdicts, first(len(verdicts)), at=AT, chance=0.5)

    assert decision.state == State.SENT
    assert decision.recipients == (RecipientState.ACCEPTED, RecipientState.FAILED)


def test_an_open_question_comes_before_a_further_try() -> None:
    verdicts: list[Verdict] = [Unanswered("no answer"), no(temporary=True)]

    decision = decide(verdicts, first(len(verdicts)), at=AT, chance=0.5)

    assert decision.state == State.UNKNOWN
    assert decision.recipients == (RecipientState.UNKNOWN, RecipientState.WAITING)


def test_a_refused_login_stops_the_mailbox_and_costs_the_email_nothing() -> None:
    refused = no(temporary=False, scope=Scope.MAILBOX)

    decision = decide([refused], first(), at=AT, chance=0.5)

    assert concerns_mailbox([refused]) is refused
    assert (decision.state, decision.spends_try) == (State.QUEUED, False)


def test_the_server_s_own_wait_counts_for_the_recipient_that_it_was_said_of() -> None:
    greylisted = replace(no(temporary=True), wait=300)
    verdicts: list[Verdict] = [greylisted, no(temporary=True)]

    decision = decide(verdicts, Standing([0, 3], AT), at=AT, chance=0.5)

    in_five_minutes, in_an_hour = decision.again_at
    assert in_five_minutes is not None
    assert in_five_minutes >= AT + timedelta(minutes=5)
    assert in_an_hour == AT + timedelta(hours=1)
    assert decision.due_at == in_five_minutes


def test_a_server_that_says_soon_each_time_is_asked_no_more_often_than_any_other() -> None:
    greylisted = replace(no(temporary=True), wait=300)

    waits = [
        decide([greylisted], Standing([tries], AT), at=AT, chance=0.5).due_at for tries in range(5)
    ]

    minutes = [round((due_at - AT) / timedelta(minutes=1)) for due_at in waits if due_at]
    assert minutes == [5, 5, 15, 60, 60]


def test_those_without_room_beside_the_others_follow_at_once_and_spend_no_try() -> None:
    no_room = replace(no(temporary=True), trouble=Trouble.ENOUGH_RECIPIENTS)

    decision = decide([Accepted("250 ok"), no_room], Standing([0, 0], AT), at=AT, chance=0.5)

    assert decision.state == State.QUEUED
    assert decision.due_at == AT


def test_an_email_waits_for_recipients_that_were_not_tried_now() -> None:
    later = AT + timedelta(minutes=40)

    decision = decide([Accepted("250 ok")], Standing([1], AT, others_at=later), at=AT, chance=0.5)

    assert (decision.state, decision.due_at) == (State.QUEUED, later)


def test_a_server_that_is_asked_too_often_is_told_from_one_that_greylists() -> None:
    too_fast = replace(no(temporary=True, scope=Scope.SERVER), code=450, enhanced_code="4.7.1")
    greylisted = replace(no(temporary=True), code=450, enhanced_code="4.7.1")

    assert complaint([Accepted("250 ok"), too_fast]) is too_fast
    assert complaint([greylisted]) is None


@pytest.mark.parametrize(
    ("status", "identifier"), [(403, "userRateLimitExceeded"), (500, "ErrorServerBusy")]
)
def test_an_interface_that_finds_us_too_fast_says_so_by_name(status: int, identifier: str) -> None:
    too_fast = replace(no(temporary=True, scope=Scope.SERVER), code=status, identifier=identifier)
    broken = replace(too_fast, identifier="backendError")

    assert complaint([too_fast]) is too_fast
    assert complaint([broken]) is None


VERDICTS = st.one_of(
    st.just(Accepted("250 ok")),
    st.just(Unanswered("lost")),
    st.builds(no, temporary=st.booleans(), source=st.sampled_from(Source)),
)


@given(
    verdicts=st.lists(VERDICTS, min_size=1, max_size=5),
    tries=st.integers(0, 60),
    age=st.timedeltas(timedelta(0), timedelta(days=3)),
    before=st.booleans(),
    chance=st.floats(0, 1),
)
def test_every_decision_follows_a_drawn_arrow_and_sends_nothing_twice(
    verdicts: list[Verdict], tries: int, age: timedelta, before: bool, chance: float
) -> None:
    standing = Standing([tries] * len(verdicts), AT - age, accepted_before=before)

    decision = decide(verdicts, standing, at=AT, chance=chance)

    assert (State.SENDING, decision.state) in ARROWS
    assert (decision.due_at is not None) == (decision.state == State.QUEUED)
    for verdict, state in zip(verdicts, decision.recipients, strict=True):
        assert isinstance(verdict, Failure) or state != RecipientState.WAITING


@given(tries=st.integers(0, 1000), chance=st.floats(0, 1))
def test_waits_stay_within_the_jitter_of_the_table(tries: int, chance: float) -> None:
    wait = wait_after(tries, chance=chance)

    table = WAITS[min(tries, 3)]
    assert table * (1 - JITTER) <= wait <= table * (1 + JITTER)
