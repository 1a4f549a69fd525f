"""Statements written once say what Django's would."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from outtray.outbox import rows
from outtray.outbox.models import Email, Event
from outtray.outbox.states import Lane, State
from outtray.people.models import Membership
from tests.builders import queued, reload, user_email


def test_what_is_written_is_read_back_by_django(ben: Membership, at: datetime) -> None:
    email = queued(user_email(ben, at=at), at=at)
    elsewhere = (at + timedelta(microseconds=5)).astimezone(timezone(timedelta(hours=-5)))
    changes = {
        "state": State.HELD,
        "due_at": elsewhere,
        "settled_at": None,
        "last_failure": {"text": "né", "code": 450},
        "tries": 7,
        "lane": Lane.BULK,
    }

    count = rows.update(Email, changes, {"id": email.pk, "state": State.QUEUED})

    read = reload(email)
    assert count == 1
    assert {name: getattr(read, name) for name in changes} == {**changes, "due_at": elsewhere}


def test_a_row_that_does_not_fit_is_left_alone(ben: Membership, at: datetime) -> None:
    email = queued(user_email(ben, at=at), at=at)

    assert rows.update(Email, {"tries": 1}, {"id": email.pk, "state": State.SENT}) == 0
    assert rows.update(Email, {"tries": 1}, {"id": email.pk, "due_at__gt": at}) == 0
    earlier = at - timedelta(microseconds=1)
    assert rows.update(Email, {"tries": 1}, {"id": email.pk, "due_at__gt": earlier}) == 1


def test_django_finds_what_was_added_by_time_and_key(ben: Membership, at: datetime) -> None:
    email = queued(user_email(ben, at=at), at=at)
    event = {"email_id": email.pk, "at": at, "code": "held", "by_id": None, "detail": {"why": "x"}}

    rows.insert(Event, event)

    found = Event.objects.get(email=email, at=at, code="held")
    assert (found.detail, found.by) == ({"why": "x"}, None)


def test_what_is_selected_is_as_django_has_it(ben: Membership, at: datetime) -> None:
    email = queued(user_email(ben, at=at), at=at)

    (found,) = rows.select(Email, {"id": email.pk})

    read = reload(email)
    names = [field.attname for field in Email._meta.concrete_fields]
    assert {name: getattr(found, name) for name in names} == {
        name: getattr(read, name) for name in names
    }
    assert (found, found.mailbox, found._state.db) == (read, read.mailbox, "default")
    found.tries = 3
    found.save(update_fields=["tries"])
    found.refresh_from_db()
    assert (found.tries, Email.objects.count()) == (3, 1)


def test_a_single_value_is_read_or_absent(ben: Membership, at: datetime) -> None:
    email = queued(user_email(ben, at=at), at=at)

    assert rows.value(Email, "due_at", {"id": email.pk}) == reload(email).due_at
    assert rows.value(Email, "settled_at", {"id": email.pk}) is None
    assert rows.value(Email, "due_at", {"id": email.pk, "state": State.SENT}) is None
