"""A person ends the rest of a paused mailbox, but never tries a refused password again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from outtray.lib.errors import Refused
from outtray.mailboxes.models import Health, Mailbox
from outtray.mailboxes.resume_now import can_resume, resume_now
from outtray.outbox.states import State
from outtray.people.models import Membership
from tests.builders import queued, reload, user_email
from tests.conftest import Run
from tests.servers.scripted import ScriptedServer


def paused(membership: Membership, at: datetime, until: datetime | None) -> Mailbox:
    mailbox = user_email(membership, at=at, health=Health.PAUSED)
    Mailbox.objects.filter(pk=mailbox.pk).update(paused_until=until, pause_cause="daily_limit")
    mailbox.refresh_from_db()
    return mailbox


def test_a_rest_with_a_time_ends_now_and_the_mailbox_has_to_prove_itself(
    ben: Membership, at: datetime
) -> None:
    mailbox = paused(ben, at, at + timedelta(hours=1))

    resume_now(ben, mailbox, at=at)

    mailbox.refresh_from_db()
    assert (mailbox.health, mailbox.paused_until) == (Health.PAUSED, at)


def test_what_waited_leaves_at_once_and_proves_the_mailbox(
    ben: Membership, at: datetime, smtp_server: ScriptedServer, run_until_idle: Run
) -> None:
    mailbox = user_email(ben, at=at, port=smtp_server.port)
    email = queued(mailbox, at=at)
    later = at + timedelta(hours=1)
    Mailbox.objects.update(
        health=Health.PAUSED, paused_at=at, paused_until=later, pause_cause="rate_limited"
    )
    run_until_idle()
    assert reload(email).state == State.QUEUED

    resume_now(ben, mailbox, at=at)
    run_until_idle()

    mailbox.refresh_from_db()
    assert reload(email).state == State.SENT
    assert mailbox.health == Health.READY


def test_a_refused_password_is_not_tried_again_as_it_is(ben: Membership, at: datetime) -> None:
    mailbox = paused(ben, at, None)

    with pytest.raises(Refused) as refused:
        resume_now(ben, mailbox, at=at)

    assert refused.value.code == "not_resumable"
    assert not can_resume(mailbox)


def test_what_is_not_paused_is_not_resumed(ben: Membership, at: datetime) -> None:
    mailbox = user_email(ben, at=at)

    with pytest.raises(Refused) as refused:
        resume_now(ben, mailbox, at=at)

    assert refused.value.code == "not_paused"


def test_nobody_else_resumes_it(
    anna: Membership, ben: Membership, clara: Membership, at: datetime
) -> None:
    mailbox = paused(ben, at, at + timedelta(hours=1))

    for somebody in (anna, clara):
        with pytest.raises(Refused, match="Only its owner"):
            resume_now(somebody, mailbox, at=at)
