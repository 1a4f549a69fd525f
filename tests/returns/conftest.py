"""Ben's mailbox beside a real Dovecot, and what the engine would do about unknown emails."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.builders import user_email
from tests.conftest import Run, TurnedClock
from tests.servers.scripted import ScriptedServer
from tests.servers.sent_folders import PASSWORDS, SentFolders

if TYPE_CHECKING:
    from pytest_django import Settings

    from outtray.mailboxes.models import Mailbox
    from outtray.people.models import Membership

BEN = "ben@nordwind.example"


@pytest.fixture
def mailbox(
    ben: Membership,
    clock: TurnedClock,
    smtp_server: ScriptedServer,
    sent_folders: SentFolders,
    settings: Settings,
) -> Mailbox:
    """It sends through the scripted server and shows its folders by Dovecot."""
    settings.CA_FILE = str(sent_folders.ca_file)
    mailbox = user_email(ben, at=clock.now(), port=smtp_server.port, password=PASSWORDS[BEN])
    mailbox.settings |= sent_folders.settings()
    mailbox.save(update_fields=["settings"])
    return mailbox


@pytest.fixture
def filing_mailbox(mailbox: Mailbox) -> Mailbox:
    """The same at a provider that is known to file by itself what it sends."""
    mailbox.provider = "gmail"
    mailbox.save(update_fields=["provider"])
    return mailbox


@pytest.fixture
def look_up(clock: TurnedClock) -> Run:
    """Look up what is due at the clock's time."""
    from outtray.returns.look_up import LookUpWork

    work = LookUpWork(clock)

    def run() -> None:
        for key in work.due(clock.now()):
            again_at = work.do(key, threading.Event())
            assert again_at is None or again_at > clock.now(), "it would look again at once"

    return run


@pytest.fixture
def look_up_for_hours(clock: TurnedClock, look_up: Run) -> Run:
    """Look up whatever falls due within the next hours, minute by minute."""

    def run() -> None:
        for _ in range(120):
            clock.turn(timedelta(minutes=1))
            look_up()

    return run
