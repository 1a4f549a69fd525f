"""Whether the test mail is seen to arrive, in the folders of a real Dovecot."""

from __future__ import annotations

from dataclasses import replace

import pytest

from outtray.mail.envelope import Envelope
from outtray.transports.base import Finding, Route, Stage
from outtray.transports.smtp.transport import SmtpTransport
from tests.servers.scripted import ScriptedServer
from tests.servers.sent_folders import PASSWORDS, SentFolders
from tests.transports.conftest import HASTY, MESSAGE, route_to

pytestmark = pytest.mark.servers

BEN = "ben@nordwind.example"
HASTIER = replace(HASTY, arrival=0.3)


@pytest.fixture
def route(smtp_server: ScriptedServer, sent_folders: SentFolders) -> Route:
    sent_folders.clear_inbox(BEN)
    settings = {**smtp_server.settings(), **sent_folders.settings()}
    return route_to(settings, password=PASSWORDS[BEN], ca_file=sent_folders.ca_file)


def arrival(route: Route, envelope: Envelope, folders: SentFolders, *places: str) -> Finding:
    """The last finding, where the message comes into these folders once it was taken."""
    findings = SmtpTransport(HASTIER).probe(route, envelope, MESSAGE)
    for finding in findings:
        assert finding.ok, finding.detail
        if finding.stage is Stage.ANSWER:
            for place in places:
                folders.file(BEN, MESSAGE, folder=place)
    assert finding.stage is Stage.ARRIVAL
    return finding


def test_a_test_mail_is_seen_to_arrive(
    route: Route, envelope: Envelope, sent_folders: SentFolders
) -> None:
    finding = arrival(route, envelope, sent_folders, "INBOX")

    assert finding.ok
    assert finding.facts == {"arrived": "yes", "sent_copy": "no"}
    assert finding.detail.startswith("arrived in the inbox")


def test_a_server_that_keeps_a_copy_is_seen_to_do_so(
    route: Route, envelope: Envelope, sent_folders: SentFolders
) -> None:
    finding = arrival(route, envelope, sent_folders, "INBOX", "Sent")

    assert finding.facts == {"arrived": "yes", "sent_copy": "yes"}


def test_mail_that_has_not_come_yet_is_no_failure(
    route: Route, envelope: Envelope, sent_folders: SentFolders
) -> None:
    finding = arrival(route, envelope, sent_folders)

    assert finding.ok
    assert finding.facts == {"arrived": "not yet", "sent_copy": "unknown"}


def test_mail_that_was_taken_for_spam_is_found_there(
    route: Route, envelope: Envelope, sent_folders: SentFolders
) -> None:
    finding = arrival(route, envelope, sent_folders, "Junk")

    assert finding.facts["arrived"] == "as junk"
    assert "Junk" in finding.detail


def test_a_mailbox_that_cannot_be_read_can_send_all_the_same(
    route: Route, envelope: Envelope, sent_folders: SentFolders
) -> None:
    wrong = replace(route, settings={**route.settings, "imap_port": 1})

    finding = arrival(wrong, envelope, sent_folders)

    assert finding.ok
    assert finding.facts == {"arrived": "unknown"}
    assert "cannot be read" in finding.detail
