"""No arrow that is not drawn: every verb, tried from every state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from outtray.lib.errors import Refused
from outtray.outbox import cancel, hold, requeue, resolve, schedule
from outtray.outbox.claim import LEASE, claim_due
from outtray.outbox.expire import expire
from outtray.outbox.models import Email, Recipient
from outtray.outbox.recover import recover
from outtray.outbox.states import ARROWS, RecipientState, State
from outtray.people.models import Membership
from tests.builders import queued, reload, user_email

Verb = Callable[[Email, datetime], object]

VERBS: dict[str, Verb] = {
    "hold": lambda email, at: hold.hold(email.pk, by=None, at=at),
    "release": lambda email, at: hold.release(email.pk, by=None, at=at),
    "cancel": lambda email, at: cancel.cancel(email.pk, by=None, at=at),
    "send_now": lambda email, at: schedule.send_now(email.pk, by=None, at=at),
    "requeue": lambda email, at: requeue.requeue(email.pk, by=None, at=at),
    "arrived": lambda email, at: resolve.arrived(email.pk, by=None, at=at),
    "send_again": lambda email, at: resolve.send_again(email.pk, by=None, at=at),
    "claim": lambda email, at: claim_due(email.mailbox_id, 5, worker="w", at=at),
    "expire": lambda _, at: expire(at=at + timedelta(days=2)),
    "recover": lambda _, at: recover(at=at + 2 * LEASE),
}
MAY_STAY = {"send_now"}


def put_in(email: Email, state: State, at: datetime) -> None:
    """Stand an email in a state, as rows that obey the database's own rules."""
    claimed = state == State.SENDING
    Email.objects.filter(pk=email.pk).update(
        state=state,
        claim_token=uuid4() if claimed else None,
        claimed_by="gone:x:y" if claimed else "",
        claim_until=at + LEASE if claimed else None,
        not_after=at + timedelta(days=1),
    )
    recipients = {
        State.UNKNOWN: RecipientState.UNKNOWN,
        State.FAILED: RecipientState.FAILED,
        State.SENT: RecipientState.ACCEPTED,
    }
    Recipient.objects.filter(email=email).update(
        state=recipients.get(state, RecipientState.WAITING)
    )


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_follows_a_drawn_arrow_or_changes_nothing(
    verb: str, state: State, ben: Membership, at: datetime
) -> None:
    email = queued(user_email(ben, at=at), at=at)
    put_in(email, state, at)
    events = email.events.count()

    try:
        VERBS[verb](email, at)
    except Refused:
        refused = True
    else:
        refused = False

    after = State(reload(email).state)
    if after == state:
        stays = verb in MAY_STAY and not refused
        assert email.events.count() == events + stays
    else:
        assert not refused
        assert (state, after) in ARROWS
        assert email.events.count() == events + 1


def test_every_arrow_names_writers_that_exist() -> None:
    import importlib

    for writers in ARROWS.values():
        for writer in writers.split(", "):
            module, _, name = writer.partition(".")
            assert callable(getattr(importlib.import_module(f"outtray.outbox.{module}"), name))


def test_cancelling_what_is_sent_is_too_late_and_says_so(ben: Membership, at: datetime) -> None:
    email = queued(user_email(ben, at=at), at=at)
    put_in(email, State.SENT, at)

    with pytest.raises(Refused) as refused:
        cancel.cancel(email.pk, by=ben.person, at=at)

    assert refused.value.code == "too_late"
    assert "it has been sent" in refused.value.detail


def test_what_is_sent_again_is_a_new_linked_email_with_its_own_id(
    ben: Membership, at: datetime
) -> None:
    email = queued(user_email(ben, at=at), at=at)
    put_in(email, State.UNKNOWN, at)

    again = resolve.send_again(email.pk, by=ben.person, at=at)

    assert again.resend_of_id == email.pk
    assert again.message_id != email.message_id
    assert again.recipients.get().state == RecipientState.WAITING
    assert reload(email).state == State.FAILED


def test_what_was_sent_again_as_a_new_email_is_not_retried_as_the_old_one(
    ben: Membership, at: datetime
) -> None:
    email = queued(user_email(ben, at=at), at=at)
    put_in(email, State.UNKNOWN, at)
    resolve.send_again(email.pk, by=ben.person, at=at)

    with pytest.raises(Refused) as refused:
        requeue.requeue(email.pk, by=ben.person, at=at)

    assert refused.value.code == "sent_again"
    assert reload(email).state == State.FAILED


def test_a_held_email_outlives_its_due_time_but_not_its_last_day(
    ben: Membership, at: datetime
) -> None:
    email = queued(user_email(ben, at=at), at=at)
    hold.hold(email.pk, by=ben.person, at=at, reason="waiting for the credit check")
    Email.objects.filter(pk=email.pk).update(not_after=at + timedelta(hours=1))

    assert claim_due(email.mailbox_id, 5, worker="w", at=at + timedelta(minutes=30)) == []
    expire(at=at + timedelta(hours=1))

    assert reload(email).state == State.EXPIRED
