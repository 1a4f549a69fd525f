"""Claims: one worker an email, in order, and fenced."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from outtray.outbox.accept import Terms, accept
from outtray.outbox.claim import LEASE, ClaimLost, begin_transmitting, claim_due
from outtray.outbox.models import Attempt
from outtray.outbox.recover import recover
from outtray.outbox.states import Lane, RecipientState, State
from outtray.people.models import Membership
from tests.builders import letter, queued, reload, user_email


def test_an_email_is_claimed_once(ben: Membership, at: datetime) -> None:
    email = queued(user_email(ben, at=at), at=at)

    first = claim_due(email.mailbox_id, 5, worker="one", at=at)
    second = claim_due(email.mailbox_id, 5, worker="two", at=at)

    assert [claim.email.pk for claim in first] == [email.pk]
    assert second == []


def test_interactive_mail_overtakes_bulk(ben: Membership, at: datetime) -> None:
    mailbox = user_email(ben, at=at)
    bulk = Terms(at=at - timedelta(hours=1), lane=Lane.BULK)
    run = [accept(letter(mailbox), mailbox=mailbox, terms=bulk) for _ in range(3)]
    by_hand = queued(mailbox, at=at)

    claims = claim_due(mailbox.pk, 2, worker="w", at=at)

    assert [claim.email.pk for claim in claims] == [by_hand.pk, run[0].pk]


def test_what_is_not_due_is_not_claimed(ben: Membership, at: datetime) -> None:
    mailbox = user_email(ben, at=at)
    accept(letter(mailbox), mailbox=mailbox, terms=Terms(at=at, due_at=at + timedelta(seconds=10)))

    assert claim_due(mailbox.pk, 5, worker="w", at=at) == []
    assert len(claim_due(mailbox.pk, 5, worker="w", at=at + timedelta(seconds=10))) == 1


def test_a_worker_whose_claim_ran_out_hands_nothing_over(ben: Membership, at: datetime) -> None:
    email = queued(user_email(ben, at=at), at=at)
    (claim,) = claim_due(email.mailbox_id, 5, worker="slow", at=at)
    recover(at=at + LEASE)

    with pytest.raises(ClaimLost):
        begin_transmitting(claim, server="s", started_at=at, at=at + LEASE)

    assert reload(email).state == State.QUEUED
    assert not Attempt.objects.exists()


def test_a_claim_that_died_while_handing_over_is_unknown_not_queued(
    ben: Membership, at: datetime
) -> None:
    email = queued(user_email(ben, at=at), at=at)
    (claim,) = claim_due(email.mailbox_id, 5, worker="dead", at=at)
    begin_transmitting(claim, server="s", started_at=at, at=at)

    recover(at=at + timedelta(hours=1))

    assert reload(email).state == State.UNKNOWN
    assert email.recipients.get().state == RecipientState.UNKNOWN
    assert email.attempts.get().result == State.UNKNOWN
    assert [event.code for event in email.events.all()] == ["accepted", "claimed", "unknown"]
