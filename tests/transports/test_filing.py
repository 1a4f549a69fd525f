"""Copies of what was sent, put into the Sent folder of a real Dovecot."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from outtray.transports.base import Copy, Failure, Filed, Route, Source, Stage, Trace
from outtray.transports.smtp.transport import SmtpTransport
from tests.servers.sent_folders import PASSWORDS, SentFolders
from tests.transports.conftest import HASTY, MESSAGE, route_to

pytestmark = pytest.mark.servers

BEN = "ben@nordwind.example"
SENT_AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
COPY = Copy(Trace("<1@nordwind.example>", SENT_AT), MESSAGE)
LATER = Copy(
    Trace("<2@nordwind.example>", SENT_AT + timedelta(hours=1)), MESSAGE.replace(b"<1@", b"<2@")
)
TRANSPORT = SmtpTransport(replace(HASTY, search=20))


@pytest.fixture
def route(sent_folders: SentFolders) -> Route:
    settings: dict[str, str | int] = {
        "host": "localhost",
        "port": 2525,
        "security": "none",
        "username": BEN,
        **sent_folders.settings(),
    }
    return route_to(settings, password=PASSWORDS[BEN], ca_file=sent_folders.ca_file)


def test_a_copy_is_the_exact_message_as_read_and_under_its_time(
    route: Route, sent_folders: SentFolders
) -> None:
    sent_folders.file(BEN, b"Subject: an older one\r\n\r\n", folder="Sent")

    filed = TRANSPORT.file_copies(route, [COPY, LATER])

    assert filed == (Filed("Sent", was_there=False), Filed("Sent", was_there=False))
    kept = sent_folders.messages(BEN, "Sent")[1:]
    assert [message.content for message in kept] == [COPY.message, LATER.message]
    assert all("\\Seen" in message.flags for message in kept)
    assert [message.at for message in kept] == [COPY.trace.since, LATER.trace.since]


def test_what_the_server_has_filed_itself_is_not_filed_again(
    route: Route, sent_folders: SentFolders
) -> None:
    sent_folders.file(BEN, MESSAGE, at=SENT_AT)

    filed = TRANSPORT.file_copies(route, [COPY])

    assert filed == (Filed("Sent", was_there=True),)
    assert len(sent_folders.messages(BEN, "Sent")) == 1


def test_a_mailbox_without_a_sent_folder_gets_one(route: Route, sent_folders: SentFolders) -> None:
    filed = TRANSPORT.file_copies(route, [COPY])

    assert filed == (Filed("Sent", was_there=False),)
    assert len(sent_folders.messages(BEN, "Sent")) == 1


def test_a_folder_under_another_usual_name_is_used(route: Route, sent_folders: SentFolders) -> None:
    sent_folders.file(BEN, b"Subject: an older one\r\n\r\n", folder="Gesendete Objekte")

    filed = TRANSPORT.file_copies(route, [COPY])

    assert filed == (Filed("Gesendete Objekte", was_there=False),)


def test_a_refused_password_is_tried_once_for_all(route: Route, sent_folders: SentFolders) -> None:
    wrong = route_to(dict(route.settings), password="stale", ca_file=route.ca_file)

    first, second = TRANSPORT.file_copies(wrong, [COPY, LATER])

    assert first == second
    assert isinstance(first, Failure)
    assert (first.stage, first.source) == (Stage.LOGIN, Source.SERVER)
