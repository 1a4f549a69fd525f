"""A password is changed at the provider, and nobody told Outtray: a real Postfix and Dovecot."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from outtray.automations.notices import NoticeWork
from outtray.diagnosis.probes import ready_if_probed, run_probe, start_probe
from outtray.lib.sealing import Secret
from outtray.mailboxes.drafts import MailboxDraft
from outtray.mailboxes.health import resume
from outtray.mailboxes.models import Health, Mailbox, Whose
from outtray.mailboxes.save import save_company_email, save_user_email
from outtray.outbox.accept import Terms, accept
from outtray.outbox.models import Attempt, Email
from outtray.outbox.states import State
from outtray.outbox.why import why_not_sent
from outtray.people.models import Membership
from tests.builders import letter, reload
from tests.conftest import Run, TurnedClock
from tests.servers.authority import Authority
from tests.servers.postfix import Postfix

pytestmark = pytest.mark.servers

BEN = "ben@nordwind.example"


@pytest.fixture
def provider(server_folder: Path, authority: Authority, settings: Settings) -> Iterator[Postfix]:
    """A Postfix of this test's own, whose passwords it may change."""
    folder = server_folder / "refused"
    folder.mkdir()
    server = Postfix(folder, authority)
    settings.CA_FILE = str(server.ca_file)
    yield server
    server.stop()


@pytest.fixture
def bens(ben: Membership, clock: TurnedClock, provider: Postfix) -> Mailbox:
    mailbox = save_user_email(ben, draft(provider, Whose.USER, BEN), at=clock.now())
    validate(ben, mailbox, clock)
    return mailbox


@pytest.fixture
def billing(anna: Membership, clock: TurnedClock, provider: Postfix) -> Mailbox:
    wanted = draft(provider, Whose.COMPANY, "billing@nordwind.example")
    mailbox = save_company_email(anna, wanted, at=clock.now())
    validate(anna, mailbox, clock)
    return mailbox


def draft(provider: Postfix, whose: Whose, address: str) -> MailboxDraft:
    return MailboxDraft(
        whose=whose,
        name="Billing" if whose == Whose.COMPANY else "",
        address=address,
        display_name="Nordwind",
        settings=provider.settings(username=address),
        secret=Secret(provider.password_of(address)),
    )


def validate(membership: Membership, mailbox: Mailbox, clock: TurnedClock) -> None:
    run_probe(start_probe(membership, mailbox, at=clock.now()).pk, clock=clock)
    mailbox.refresh_from_db()


def tell_owners(clock: TurnedClock) -> None:
    work = NoticeWork(clock)
    for key in list(work.due(clock.now())):
        work.do(key, threading.Event())


def subjects_to(provider: Postfix, address: str) -> list[str]:
    """The subjects of the delivered mails."""
    mails = [mail.decode() for mail in provider.received()]
    found = (re.search(r"^Subject: (.*)$", mail, re.MULTILINE) for mail in mails if address in mail)
    return [match[1] for match in found if match]


def test_one_login_tells_all_and_what_waited_leaves_in_order_when_it_is_put_right(
    ben: Membership,
    bens: Mailbox,
    billing: Mailbox,
    provider: Postfix,
    clock: TurnedClock,
    run_until_idle: Run,
) -> None:
    provider.dovecot.change_password(BEN, "changed at the provider")
    before = provider.dovecot.refused_logins(BEN)
    emails = []
    for number in range(20):
        terms = Terms(at=clock.turn(timedelta(hours=4)))
        wanted = letter(bens, ["einkauf@customer.example"], f"Invoice {number:02}")
        emails.append(accept(wanted, mailbox=bens, terms=terms))
        run_until_idle()
        tell_owners(clock)
        resume(bens.pk, at=clock.now(), by=ben.person)
        saved = save_user_email(
            ben, replace(draft(provider, Whose.USER, BEN), secret=None), at=clock.now()
        )
        ready_if_probed(saved, at=clock.now())
        run_until_idle()

    bens.refresh_from_db()
    waiting = why_not_sent(reload(emails[0]), at=clock.now())
    assert provider.dovecot.refused_logins(BEN) == before + 1
    assert (bens.health, bens.paused_until) == (Health.PAUSED, None)
    assert waiting is not None
    assert waiting.code == "paused"
    assert {(each.state, each.tries) for each in map(reload, emails)} == {(State.QUEUED, 0)}
    (notice,) = Email.objects.filter(mailbox=billing)
    assert (notice.state, notice.to_summary) == (State.SENT, "Ben Behrens")

    right = replace(draft(provider, Whose.USER, BEN), secret=Secret("changed at the provider"))
    validate(ben, save_user_email(ben, right, at=clock.now()), clock)
    run_until_idle()
    tell_owners(clock)

    for email in emails:
        provider.wait_for(email.message_id)
    subjects = [f"Invoice {number:02}" for number in range(20)]
    tries = Attempt.objects.filter(email__mailbox=bens).order_by("pk")
    assert {reload(email).state for email in emails} == {State.SENT}
    assert list(tries.values_list("email__subject", flat=True)) == subjects
    assert sorted(subjects_to(provider, "einkauf@customer.example")) == subjects
    assert provider.dovecot.refused_logins(BEN) == before + 1
    assert Email.objects.filter(mailbox=billing).count() == 1
