"""Claims of dead workers are freed; those of slow ones that are at work again are not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from outtray.mailboxes.models import Mailbox
from outtray.outbox.claim import LEASE, Claim, begin_transmitting, claim_due, renew
from outtray.outbox.models import Attempt, Email
from outtray.outbox.recover import Recovered, recover
from outtray.outbox.states import RecipientState, State
from outtray.people.models import Membership
from tests.builders import queued, user_email

LATE = LEASE + timedelta(minutes=1)


@pytest.fixture
def mailbox(ben: Membership, at: datetime) -> Mailbox:
    return user_email(ben, at=at)


@pytest.fixture
def claim(mailbox: Mailbox, at: datetime) -> Claim:
    """Of a worker on another machine, so that nobody here can tell whether it lives."""
    queued(mailbox, at=at)
    (claim,) = claim_due(mailbox.pk, 1, worker="elsewhere:1:one", at=at)
    return claim


def recover_while(deed: Callable[[], None], *, at: datetime) -> list[Recovered]:
    """Recover, with a worker waking up between our first look and what follows from it."""
    looks = iter([deed])

    def wake_up(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if "claim_until" in sql and sql.startswith("SELECT"):
            for first in looks:
                first()
        return result

    with connection.execute_wrapper(wake_up):
        return recover(at=at)


def test_a_claim_that_ran_out_is_freed(claim: Claim, at: datetime) -> None:
    (recovered,) = recover(at=at + LATE)

    assert recovered == Recovered(claim.email.pk, "smtp", State.QUEUED)
    assert Email.objects.get().state == State.QUEUED


def test_a_claim_renewed_since_we_looked_is_left_alone(claim: Claim, at: datetime) -> None:
    recovered = recover_while(lambda: renew([claim], at=at + LATE), at=at + LATE)

    assert not recovered
    assert Email.objects.get().claim_token == claim.token


def test_what_began_to_be_handed_over_since_we_looked_is_not_queued_again(
    claim: Claim, at: datetime
) -> None:
    def begin() -> None:
        # Its clock is a little slow: to this worker the claim has not run out.
        before = at + LEASE - timedelta(seconds=1)
        begin_transmitting(claim, server="mail.example", started_at=before, at=before)

    recovered = recover_while(begin, at=at + LATE)

    assert not recovered
    assert Email.objects.get().state == State.SENDING
    assert Attempt.objects.get().phase == "transmitting"


def test_only_those_whom_the_attempt_was_for_are_unknown(mailbox: Mailbox, at: datetime) -> None:
    email = queued(mailbox, at=at, to=["now@kunde.example", "later@kunde.example"])
    later = email.recipients.filter(address="later@kunde.example")
    later.update(again_at=at + timedelta(hours=1))
    (claim,) = claim_due(mailbox.pk, 1, worker="elsewhere:1:one", at=at)
    begin_transmitting(claim, server="mail", started_at=at, at=at)

    recover(at=at + timedelta(hours=1))

    states = dict(email.recipients.values_list("address", "state"))
    assert states == {
        "now@kunde.example": RecipientState.UNKNOWN,
        "later@kunde.example": RecipientState.WAITING,
    }
