"""What an email carries is looked at once more when its turn comes."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from outtray.documents.importing import import_documents
from outtray.documents.models import Document
from outtray.mailboxes.models import Mailbox
from outtray.outbox.add_to_queue import Wishes, add_to_queue
from outtray.outbox.claim import claim_due
from outtray.outbox.hold import release
from outtray.outbox.models import Email
from outtray.outbox.states import Reason, State
from outtray.people.models import Membership
from tests.builders import reload, user_email
from tests.conftest import TurnedClock
from tests.documents.builders import Raw, bring_in, raw

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox(ben: Membership, clock: TurnedClock) -> Mailbox:
    return user_email(ben, at=clock.now())


@pytest.fixture
def queued(ben: Membership, mailbox: Mailbox, clock: TurnedClock) -> Email:
    """An invoice that waits in the queue."""
    bring_in(raw("invoice"), ben, clock)
    (added,) = add_to_queue(
        [Document.objects.get()], membership=ben, wishes=Wishes(), at=clock.now()
    )
    assert added.email
    clock.turn(timedelta(minutes=1))
    return added.email


def comes_again(ben: Membership, clock: TurnedClock, **changes: object) -> None:
    """The same invoice is imported once more."""
    paper: Raw = raw("invoice", **changes)
    import_documents(ben.company, json.dumps(paper).encode(), by=ben.person, at=clock.now())
    clock.turn(timedelta(minutes=1))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"status": "paid"}, "has been paid since"),
        ({"status": "cancelled"}, "has been cancelled since"),
        ({"intro": "A corrected invoice."}, "has changed since"),
    ],
)
def test_an_email_that_is_overtaken_is_held_with_the_reason(
    change: dict[str, object], why: str, ben: Membership, queued: Email, clock: TurnedClock
) -> None:
    comes_again(ben, clock, **change)

    claims = claim_due(queued.mailbox_id, 5, worker="w", at=clock.now())

    held = reload(queued)
    assert claims == []
    assert (held.state, held.reason) == (State.HELD, Reason.CHANGED)
    assert held.reason_detail.endswith(why)
    assert queued.events.last().detail["why"] == held.reason_detail  # type: ignore[union-attr]


def test_an_email_of_an_unchanged_document_goes(
    ben: Membership, queued: Email, clock: TurnedClock
) -> None:
    comes_again(ben, clock)

    assert len(claim_due(queued.mailbox_id, 5, worker="w", at=clock.now())) == 1


def test_an_invoice_that_was_paid_before_goes_as_a_receipt(
    ben: Membership, mailbox: Mailbox, clock: TurnedClock
) -> None:
    bring_in(raw("invoice", status="paid"), ben, clock)
    clock.turn(timedelta(minutes=1))
    add_to_queue([Document.objects.get()], membership=ben, wishes=Wishes(), at=clock.now())

    assert len(claim_due(mailbox.pk, 5, worker="w", at=clock.now())) == 1


def test_what_a_person_releases_goes_unless_something_else_happens(
    ben: Membership, queued: Email, clock: TurnedClock
) -> None:
    comes_again(ben, clock, intro="A corrected invoice.")
    claim_due(queued.mailbox_id, 5, worker="w", at=clock.now())
    release(queued.pk, by=ben.person, at=clock.now())
    comes_again(ben, clock, intro="A corrected invoice.", status="cancelled")
    claim_due(queued.mailbox_id, 5, worker="w", at=clock.now())
    assert reload(queued).reason_detail.endswith("has been cancelled since")
    release(queued.pk, by=ben.person, at=clock.now())

    claims = claim_due(queued.mailbox_id, 5, worker="w", at=clock.now())

    assert [claim.email.pk for claim in claims] == [queued.pk]


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("invoice", "cancelled", "document_cancelled"),
        ("payment_reminder", "paid", "document_paid"),
        ("invoice", "paid", None),
    ],
)
def test_what_is_of_no_use_any_more_does_not_go_by_hand_either(
    kind: str,
    status: str,
    code: str | None,
    ben: Membership,
    mailbox: Mailbox,
    clock: TurnedClock,
) -> None:
    bring_in(raw(kind, status=status), ben, clock)

    (added,) = add_to_queue(
        [Document.objects.get()], membership=ben, wishes=Wishes(), at=clock.now()
    )

    assert (added.problem.code if added.problem else None) == code
    assert (added.email is None) == (code is not None)
