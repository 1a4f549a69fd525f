from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection

from outtray.mailboxes.health import (
    can_log_in,
    mark_unvalidated,
    mark_validated,
    pause,
    resume,
)
from outtray.mailboxes.models import Health, Mailbox
from outtray.mailboxes.routes import fingerprint_of
from outtray.people.models import Membership
from tests import builders

HOUR = timedelta(hours=1)


def stored(mailbox: Mailbox) -> Mailbox:
    return Mailbox.objects.get(pk=mailbox.pk)


def test_a_paused_mailbox_remembers_why_and_until_when(ben: Membership, at: datetime) -> None:
    mailbox = builders.user_email(ben, at=at)

    pause(mailbox.pk, cause="daily_limit", failure={"code": 550}, until=at + HOUR, at=at)

    assert stored(mailbox).health == Health.PAUSED
    assert stored(mailbox).pause_cause == "daily_limit"
    assert stored(mailbox).paused_until == at + HOUR


def test_a_resumed_mailbox_is_ready_and_forgets_why_it_rested(
    ben: Membership, at: datetime
) -> None:
    mailbox = builders.user_email(ben, at=at)
    pause(mailbox.pk, cause="server", failure={}, until=at + HOUR, at=at)

    assert resume(mailbox.pk, at=at)
    assert not resume(mailbox.pk, at=at)
    assert stored(mailbox).health == Health.READY
    assert (stored(mailbox).pause_failure, stored(mailbox).paused_at) == (None, None)


def test_nothing_but_validate_opens_a_mailbox_whose_password_was_refused(
    ben: Membership, at: datetime
) -> None:
    mailbox = builders.user_email(ben, at=at)
    pause(mailbox.pk, cause="password", failure={}, until=None, at=at)

    assert not resume(mailbox.pk, at=at + HOUR, by=ben.person)
    assert not Mailbox.objects.filter(can_log_in(at + 1000 * HOUR)).exists()
    assert mark_validated(mailbox, fingerprint_of(mailbox), at + HOUR, by=ben.person)
    assert stored(mailbox).health == Health.READY


def test_the_same_trouble_told_by_two_workers_is_one_pause(ben: Membership, at: datetime) -> None:
    mailbox = builders.user_email(ben, at=at)
    first, second = stored(mailbox), stored(mailbox)
    trouble = {"cause": "server", "failure": {"pauses": 1}, "until": at + HOUR, "at": at}

    told = [
        pause(mailbox.pk, **trouble, as_of=worker)  # type: ignore[arg-type] # as a mapping
        for worker in (first, second)
    ]

    assert told == [True, False]
    assert [line.code for line in mailbox.events.all()] == ["paused"]


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_make_one_pause(ben: Membership, at: datetime) -> None:
    mailbox = builders.user_email(ben, at=at)
    ready = threading.Barrier(4)

    def work(number: int) -> bool:
        began = stored(mailbox)
        try:
            ready.wait()
            until = at + HOUR + number * timedelta(seconds=1)
            return pause(mailbox.pk, cause="server", failure={}, until=until, at=at, as_of=began)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        told = list(workers.map(work, range(4)))

    assert sorted(told) == [False, False, False, True]
    assert mailbox.events.count() == 1


def test_what_waits_for_a_person_overrides_what_passes_by_itself(
    ben: Membership, at: datetime
) -> None:
    mailbox = builders.user_email(ben, at=at)
    began = stored(mailbox)

    assert pause(mailbox.pk, cause="server", failure={}, until=at + HOUR, at=at, as_of=began)
    assert pause(mailbox.pk, cause="password", failure={}, until=None, at=at, as_of=began)
    assert not pause(mailbox.pk, cause="server", failure={}, until=at + HOUR, at=at, as_of=began)

    assert stored(mailbox).paused_until is None
    assert [line.detail["cause"] for line in mailbox.events.all()] == ["server", "password"]


def test_each_probe_that_fails_prolongs_the_pause_and_tells_nothing_new(
    ben: Membership, at: datetime
) -> None:
    mailbox = builders.user_email(ben, at=at)
    pause(mailbox.pk, cause="server", failure={}, until=at + HOUR, at=at)
    Mailbox.objects.update(pause_told_at=at)

    pause(
        mailbox.pk,
        cause="server",
        failure={},
        until=at + 2 * HOUR,
        at=at + HOUR,
        as_of=stored(mailbox),
    )

    assert stored(mailbox).paused_until == at + 2 * HOUR
    assert (stored(mailbox).paused_at, stored(mailbox).pause_told_at) == (at, at)
    assert mailbox.events.count() == 1


def test_a_refusal_of_before_the_validation_does_not_pause_what_was_validated_meanwhile(
    ben: Membership, at: datetime
) -> None:
    mailbox = builders.user_email(ben, at=at)
    began = stored(mailbox)
    mark_validated(mailbox, fingerprint_of(mailbox), at + HOUR)

    paused = pause(mailbox.pk, cause="password", failure={}, until=None, at=at + HOUR, as_of=began)

    assert not paused
    assert stored(mailbox).health == Health.READY


def test_a_pause_in_the_middle_of_a_validate_does_not_undo_it(
    ben: Membership, at: datetime
) -> None:
    mailbox = stored(builders.user_email(ben, at=at))
    pause(mailbox.pk, cause="password", failure={}, until=None, at=at)

    assert mark_validated(mailbox, fingerprint_of(mailbox), at + HOUR)
    assert mailbox.health == Health.READY


def test_a_failure_of_old_settings_does_not_pause_new_ones(ben: Membership, at: datetime) -> None:
    mailbox = builders.user_email(ben, at=at, health=Health.UNVALIDATED)

    paused = pause(mailbox.pk, cause="wrong_password", failure={}, until=None, at=at)

    assert not paused
    assert stored(mailbox).health == Health.UNVALIDATED


def test_only_the_settings_that_were_checked_become_ready(ben: Membership, at: datetime) -> None:
    mailbox = builders.user_email(ben, at=at, health=Health.UNVALIDATED)

    assert not mark_validated(mailbox, "of other settings", at)
    assert mark_validated(mailbox, fingerprint_of(mailbox), at + HOUR)
    assert stored(mailbox).health == Health.READY
    assert stored(mailbox).validated_at == at + HOUR


def test_settings_that_stopped_working_must_be_validated_again(
    ben: Membership, at: datetime
) -> None:
    mailbox = builders.user_email(ben, at=at, health=Health.UNVALIDATED)
    mark_validated(mailbox, fingerprint_of(mailbox), at)

    assert not mark_unvalidated(mailbox, "of other settings", at)
    assert mark_unvalidated(mailbox, fingerprint_of(mailbox), at)
    assert stored(mailbox).health == Health.UNVALIDATED


def test_a_probed_mailbox_whose_validate_finds_a_wrong_password_is_probed_no_more(
    ben: Membership, at: datetime
) -> None:
    mailbox = builders.user_email(ben, at=at)
    mark_validated(mailbox, fingerprint_of(mailbox), at)
    pause(mailbox.pk, cause="configuration", failure={}, until=at + HOUR, at=at)

    assert mark_unvalidated(mailbox, fingerprint_of(mailbox), at, by=ben.person)
    assert not Mailbox.objects.filter(can_log_in(at + 1000 * HOUR)).exists()


def test_the_history_tells_who_did_what(ben: Membership, at: datetime) -> None:
    mailbox = builders.user_email(ben, at=at)
    mark_validated(mailbox, fingerprint_of(mailbox), at, by=ben.person)
    pause(mailbox.pk, cause="server", failure={}, until=at + HOUR, at=at)
    resume(mailbox.pk, at=at + HOUR)
    mark_unvalidated(mailbox, fingerprint_of(mailbox), at, by=ben.person)

    lines = [(line.code, line.by) for line in mailbox.events.all()]
    assert lines == [
        ("validated", ben.person),
        ("paused", None),
        ("resumed", None),
        ("unvalidated", ben.person),
    ]
