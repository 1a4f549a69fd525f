from __future__ import annotations

from datetime import datetime, timedelta

from outtray.mailboxes.health import (
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
    pause(mailbox.pk, cause="wrong_password", failure={}, until=None, at=at)

    assert resume(mailbox.pk, at=at)
    assert not resume(mailbox.pk, at=at)
    assert stored(mailbox).health == Health.READY
    assert stored(mailbox).pause_failure is None


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
