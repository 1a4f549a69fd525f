"""A mailbox connected by OAuth through its life: sends, loses its consent, is connected again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from outtray.diagnosis.probes import run_probe, start_probe
from outtray.lib import clock as real_clock
from outtray.mailboxes.models import Health, Mailbox
from outtray.mailboxes.tokens import forget_tokens
from outtray.outbox.models import Email
from outtray.outbox.states import State
from outtray.people.models import Membership
from tests.builders import queued, reload
from tests.conftest import TurnedClock
from tests.mailboxes.signing_in import MICROSOFT, connected, registered
from tests.servers.oauth.mail import OAuthMail
from tests.servers.oauth.server import OAuthServer

pytestmark = pytest.mark.servers


@pytest.fixture
def at() -> datetime:
    """The OAuth server's own time."""
    return real_clock.now()


def validated(membership: Membership, mailbox: Mailbox, *, at: datetime) -> Mailbox:
    probe = run_probe(start_probe(membership, mailbox, at=at).pk)
    assert probe.state == "passed", probe.findings[-1]
    return Mailbox.objects.get(pk=mailbox.pk)


def test_its_mail_waits_for_a_new_consent_and_none_is_lost(
    anna: Membership,
    ben: Membership,
    oauth_server: OAuthServer,
    oauth_mail: OAuthMail,
    settings: Settings,
    clock: TurnedClock,
    run_until_idle: Callable[[], None],
    at: datetime,
) -> None:
    settings.STAND_INS = oauth_server.stand_ins
    settings.CA_FILE = str(oauth_mail.ca_file)
    registered(anna, "microsoft", at=at)
    draft = replace(MICROSOFT, settings=oauth_mail.settings("ben@nordwind.example"))
    mailbox = validated(ben, connected(ben, draft, at=at), at=at)
    first = queued(mailbox, at=at)
    clock.turn(timedelta(minutes=1))
    run_until_idle()
    assert reload(first).state == State.SENT

    oauth_server.forget("microsoft", "ben@nordwind.example")
    forget_tokens(mailbox.grant.pk)
    second = queued(mailbox, at=clock.now())
    clock.turn(timedelta(minutes=10))
    run_until_idle()

    waiting = Mailbox.objects.get(pk=mailbox.pk)
    assert (waiting.health, waiting.paused_until) == (Health.PAUSED, None)
    assert waiting.pause_failure is not None
    assert waiting.pause_failure["identifier"] == "AADSTS50173"
    assert reload(second).state == State.QUEUED

    validated(ben, connected(ben, draft, at=clock.now()), at=clock.now())
    clock.turn(timedelta(minutes=1))
    run_until_idle()

    assert [email.state for email in Email.objects.all()] == [State.SENT, State.SENT]
    assert reload(second).recipients.get().state == "accepted"
