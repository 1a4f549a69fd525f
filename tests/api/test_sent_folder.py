from __future__ import annotations

from datetime import datetime

from outtray.people.models import Membership
from tests.api.conftest import Program

GMAIL = {"host": "smtp.gmail.com", "port": 465, "security": "tls", "username": "ben@gmail.com"}


def test_a_program_need_not_know_where_the_sent_folder_is(ben: Membership, at: datetime) -> None:
    wishes = {"whose": "user", "address": "ben@gmail.com", "settings": GMAIL, "password": "secret"}

    made = Program(ben, at).ask("POST", "/mailboxes", wishes)

    assert made.status == 201
    sent_folder = {"imap_host": "imap.gmail.com", "imap_port": 993, "imap_security": "tls"}
    assert made.json["settings"] == {**GMAIL, **sent_folder}


def test_a_wrong_server_of_the_sent_folder_is_refused_with_its_field(
    ben: Membership, at: datetime
) -> None:
    settings = {**GMAIL, "imap_host": "https://imap.gmail.com"}
    wishes = {
        "whose": "user",
        "address": "ben@gmail.com",
        "settings": settings,
        "password": "secret",
    }

    refused = Program(ben, at).ask("POST", "/mailboxes", wishes)

    assert (refused.status, refused.code) == (422, "host_invalid")
    assert "imap_host" in refused.content.decode()
