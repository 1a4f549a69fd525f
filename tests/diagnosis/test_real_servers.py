"""Validate against a real Postfix, its login by a real Dovecot."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytest_django import Settings

from outtray.diagnosis.models import Probe
from outtray.diagnosis.probes import run_probe, start_probe
from outtray.lib.sealing import Secret
from outtray.mailboxes.drafts import MailboxDraft
from outtray.mailboxes.models import Health, Mailbox
from outtray.mailboxes.save import save_user_email
from outtray.people.models import Membership
from tests.conftest import TurnedClock
from tests.servers.authority import Authority
from tests.servers.postfix import Postfix

pytestmark = pytest.mark.servers


@pytest.fixture
def draft(postfix: Postfix, settings: Settings) -> MailboxDraft:
    """Ben's mailbox at the real server, which is trusted."""
    settings.CA_FILE = str(postfix.ca_file)
    return MailboxDraft(
        whose="user",
        address="ben@nordwind.example",
        settings={
            "host": "localhost",
            "port": postfix.starttls_port,
            "security": "starttls",
            "username": postfix.username,
        },
        secret=Secret(postfix.password),
    )


def checked(ben: Membership, draft: MailboxDraft, clock: TurnedClock) -> Probe:
    return run_probe(start_probe(ben, draft, at=clock.now()).pk, clock=clock)


def cause_of(probe: Probe) -> str:
    assert probe.explanation is not None, probe.findings
    return str(probe.explanation["cause"])


def test_right_settings_are_ready(ben: Membership, draft: MailboxDraft, clock: TurnedClock) -> None:
    mailbox = save_user_email(ben, draft, at=clock.now())

    probe = run_probe(start_probe(ben, mailbox, at=clock.now()).pk, clock=clock)

    assert probe.state == Probe.State.PASSED, probe.findings
    assert Mailbox.objects.get().health == Health.READY


def test_a_wrong_password_is_told_as_such(
    ben: Membership, draft: MailboxDraft, clock: TurnedClock
) -> None:
    wrong = replace(draft, secret=Secret("not the password"))

    assert cause_of(checked(ben, wrong, clock)) == "wrong_password"


def test_an_address_of_somebody_else_is_not_allowed_as_sender(
    ben: Membership, draft: MailboxDraft, clock: TurnedClock
) -> None:
    other = replace(draft, address="anna@nordwind.example")

    assert cause_of(checked(ben, other, clock)) == "sender_not_allowed"


@pytest.mark.parametrize(
    ("security", "port", "cause", "offer"),
    [
        ("tls", "starttls_port", "implicit_tls_on_starttls_port", "starttls"),
        ("starttls", "tls_port", "starttls_on_implicit_tls_port", "tls"),
    ],
)
def test_the_wrong_encryption_offers_the_right_one(
    ben: Membership,
    draft: MailboxDraft,
    postfix: Postfix,
    clock: TurnedClock,
    security: str,
    port: str,
    cause: str,
    offer: str,
) -> None:
    settings = {**draft.settings, "security": security, "port": getattr(postfix, port)}

    probe = checked(ben, replace(draft, settings=settings), clock)

    assert cause_of(probe) == cause
    assert probe.explanation is not None
    assert probe.explanation["offer"]["settings"] == {"security": offer}


def test_a_certificate_of_nobody_known_is_not_trusted(
    ben: Membership,
    draft: MailboxDraft,
    foreign_authority: Authority,
    settings: Settings,
    clock: TurnedClock,
) -> None:
    settings.CA_FILE = str(foreign_authority.ca_file)

    assert cause_of(checked(ben, draft, clock)) == "certificate_untrusted"


def test_a_port_where_nothing_listens_is_told_as_such(
    ben: Membership, draft: MailboxDraft, clock: TurnedClock
) -> None:
    settings = {**draft.settings, "port": 1}

    assert cause_of(checked(ben, replace(draft, settings=settings), clock)) == (
        "service_not_listening"
    )
