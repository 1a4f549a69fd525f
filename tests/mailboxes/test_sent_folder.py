"""The settings for the Sent folder: known from presets, never a way for a password to stray."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from outtray.lib.errors import Refused
from outtray.lib.sealing import Secret
from outtray.mailboxes.drafts import MailboxDraft
from outtray.mailboxes.models import Mailbox
from outtray.mailboxes.presets import PRESETS
from outtray.mailboxes.routes import files_sent, fingerprint_of, route_for
from outtray.mailboxes.save import save_user_email
from outtray.people.models import Membership

GMAIL = {
    "host": "smtp.gmail.com",
    "port": 465,
    "security": "tls",
    "username": "ben@nordwind.example",
}
SENT_FOLDER = {"imap_host": "imap.gmail.com", "imap_port": 993, "imap_security": "tls"}
DRAFT = MailboxDraft(
    whose="user",
    address="ben@nordwind.example",
    settings=GMAIL,
    secret=Secret("correct horse"),
)
KEEPING_THE_PASSWORD = replace(DRAFT, secret=None)


@pytest.fixture
def old_mailbox(ben: Membership, at: datetime) -> Mailbox:
    """Saved when nobody asked for a Sent folder."""
    mailbox = save_user_email(ben, DRAFT, at=at)
    Mailbox.objects.update(settings=GMAIL)
    mailbox.refresh_from_db()
    return mailbox


def test_the_preset_fills_in_the_sent_folder_of_a_new_mailbox(
    ben: Membership, at: datetime
) -> None:
    mailbox = save_user_email(ben, DRAFT, at=at)

    assert mailbox.settings == {**GMAIL, **SENT_FOLDER}


def test_who_wants_no_look_into_the_sent_folder_gets_none(ben: Membership, at: datetime) -> None:
    mailbox = save_user_email(ben, replace(DRAFT, settings={**GMAIL, "imap_host": ""}), at=at)

    assert mailbox.settings == GMAIL


def test_an_old_mailbox_stays_as_it_was_validated(
    ben: Membership, old_mailbox: Mailbox, at: datetime
) -> None:
    before = fingerprint_of(old_mailbox)

    saved = save_user_email(ben, KEEPING_THE_PASSWORD, at=at)

    assert saved.settings == GMAIL
    assert fingerprint_of(saved) == before


def test_an_old_mailbox_learns_of_its_sent_folder_with_a_new_password(
    ben: Membership, old_mailbox: Mailbox, at: datetime
) -> None:
    saved = save_user_email(ben, DRAFT, at=at)

    assert saved.pk == old_mailbox.pk
    assert saved.settings == {**GMAIL, **SENT_FOLDER}


@pytest.mark.usefixtures("old_mailbox")
def test_a_stored_password_is_not_shown_to_a_server_that_is_new(
    ben: Membership, at: datetime
) -> None:
    elsewhere = {**GMAIL, "imap_host": "imap.thief.example"}

    with pytest.raises(Refused) as refused:
        save_user_email(ben, replace(KEEPING_THE_PASSWORD, settings=elsewhere), at=at)

    assert refused.value.code == "password_needed_again"


def test_to_leave_the_sent_folder_alone_again_takes_no_password(
    ben: Membership, at: datetime
) -> None:
    save_user_email(ben, DRAFT, at=at)

    without = replace(KEEPING_THE_PASSWORD, settings={**GMAIL, "imap_host": ""})
    saved = save_user_email(ben, without, at=at)

    assert saved.settings == GMAIL


def test_only_known_providers_file_what_they_send(ben: Membership, at: datetime) -> None:
    mailbox = save_user_email(ben, DRAFT, at=at)
    at_gmail = route_for(mailbox).files_sent

    mailbox.provider = ""

    assert at_gmail
    assert not route_for(mailbox).files_sent


@pytest.mark.parametrize("transport", ["graph", "gmail", "ews"])
def test_interfaces_that_file_what_they_send_need_no_known_provider(transport: str) -> None:
    assert files_sent(Mailbox(transport=transport, provider=""))


def test_a_folder_that_no_password_opens_is_not_filled_in() -> None:
    assert PRESETS["microsoft365"].imap
    assert PRESETS["microsoft365"].sent_folder == {}
    assert PRESETS["sendgrid"].sent_folder == {}
