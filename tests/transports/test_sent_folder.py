"""Looking for a message in the folders of a real Dovecot, and of servers that misbehave."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from outtray.transports.base import Found, Route, Search, Stage, Trace, Trouble
from outtray.transports.smtp.patience import Patience
from outtray.transports.smtp.transport import SmtpTransport
from tests.servers.authority import Authority
from tests.servers.processes import free_ports
from tests.servers.sent_folders import PASSWORDS, SentFolders
from tests.transports.conftest import HASTY, MESSAGE, route_to

pytestmark = pytest.mark.servers

BEN = "ben@nordwind.example"
SOUGHT = "<1@nordwind.example>"
OTHER = "<earlier@nordwind.example>"
SMTP: dict[str, str | int] = {
    "host": "localhost",
    "port": 2525,
    "security": "none",
    "username": BEN,
}
PATIENT = replace(HASTY, search=20)


@pytest.fixture
def since() -> datetime:
    """Messages are filed under the server's own clock, so this one is real."""
    return datetime.now(UTC)  # noqa: TID251 - shared with another process


def route(folders: SentFolders, security: str = "tls", *, password: str = PASSWORDS[BEN]) -> Route:
    return route_to(
        {**SMTP, **folders.settings(security)}, password=password, ca_file=folders.ca_file
    )


def looked(way: Route, since: datetime, *, witness: str = "") -> Search:
    trace = Trace(witness, since) if witness else None
    return SmtpTransport(PATIENT).find_sent(way, SOUGHT, since, witness=trace)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_message_in_the_sent_folder_is_found(
    sent_folders: SentFolders, since: datetime, security: str
) -> None:
    sent_folders.file(BEN, MESSAGE)

    search = looked(route(sent_folders, security), since)

    assert (search.found, search.failure) == (Found.FOUND, None)
    assert search.told == "It lies in the folder Sent."


@pytest.mark.parametrize(
    ("wire", "name"),
    [
        ("Gesendete Objekte", "Gesendete Objekte"),
        ("INBOX.Sent", "INBOX.Sent"),
        ("Envoy&AOk-s", "Envoyés"),
        ("&BB4EQgQ,BEAEMAQyBDsENQQ9BD0ESwQ1-", "Отправленные"),
    ],
)
def test_a_folder_with_a_usual_name_is_looked_into(
    sent_folders: SentFolders, since: datetime, wire: str, name: str
) -> None:
    sent_folders.file(BEN, MESSAGE, folder=wire)

    search = looked(route(sent_folders), since)

    assert search.found is Found.FOUND
    assert name in search.told


def test_a_missing_message_proves_nothing_where_the_server_need_not_keep_it(
    sent_folders: SentFolders, since: datetime
) -> None:
    sent_folders.file(BEN, MESSAGE.replace(b"<1@", b"<earlier@"))

    search = looked(route(sent_folders), since, witness=OTHER)

    assert (search.found, search.failure) == (Found.CANNOT_TELL, None)
    assert "need not keep" in search.told


def test_a_message_is_absent_where_the_server_files_and_another_one_is_there(
    sent_folders: SentFolders, since: datetime
) -> None:
    sent_folders.file(BEN, MESSAGE.replace(b"<1@", b"<earlier@"))

    search = looked(replace(route(sent_folders), files_sent=True), since, witness=OTHER)

    assert search.found is Found.ABSENT


@pytest.mark.parametrize("witness", ["", OTHER])
def test_without_a_witness_a_missing_message_is_not_called_absent(
    sent_folders: SentFolders, since: datetime, witness: str
) -> None:
    sent_folders.file(BEN, MESSAGE.replace(b"<1@", b"<somebody-else@"))

    search = looked(replace(route(sent_folders), files_sent=True), since, witness=witness)

    assert (search.found, search.failure) == (Found.CANNOT_TELL, None)


def test_a_message_of_long_ago_is_not_searched_for(
    sent_folders: SentFolders, since: datetime
) -> None:
    sent_folders.file(BEN, MESSAGE)

    search = looked(route(sent_folders), since + timedelta(days=3))

    assert search.found is Found.CANNOT_TELL


def test_a_mailbox_without_a_sent_folder_says_so(
    sent_folders: SentFolders, since: datetime
) -> None:
    search = looked(route(sent_folders), since)

    assert search.found is Found.CANNOT_TELL
    assert search.told == "The mailbox shows no Sent folder."


def test_a_wrong_password_is_tried_once_and_cannot_tell(
    sent_folders: SentFolders, since: datetime
) -> None:
    search = looked(route(sent_folders, password="guessed"), since)

    assert search.found is Found.CANNOT_TELL
    assert search.failure is not None
    assert (search.failure.stage, search.failure.is_temporary) == (Stage.LOGIN, False)
    assert "guessed" not in search.told


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_server_of_a_foreign_authority_gets_no_password(
    sent_folders: SentFolders, foreign_authority: Authority, since: datetime, security: str
) -> None:
    foreign = replace(route(sent_folders, security), ca_file=str(foreign_authority.ca_file))

    search = looked(foreign, since)

    assert search.failure is not None
    assert (search.failure.stage, search.failure.trouble) == (
        Stage.TLS,
        Trouble.CERTIFICATE_UNTRUSTED,
    )
    assert not search.failure.is_temporary


def test_a_server_that_is_down_is_a_passing_fault(
    sent_folders: SentFolders, since: datetime
) -> None:
    way = route(sent_folders)
    (port,) = free_ports(1)
    down = replace(way, settings={**way.settings, "imap_port": port})

    search = looked(down, since)

    assert search.failure is not None
    assert (search.failure.stage, search.failure.is_temporary) == (Stage.CONNECT, True)


def test_without_imap_settings_nobody_is_asked(since: datetime) -> None:

    search = looked(route_to(SMTP), since)

    assert search.found is Found.CANNOT_TELL
    assert search.told == "No IMAP server is set up for this mailbox."


@contextmanager
def saying(words: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """A server that says these words to whoever comes, and keeps what it hears."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            visitor, _ = listener.accept()
            with visitor, suppress(ConnectionError):
                visitor.sendall(words)
                while octets := visitor.recv(4096):
                    heard.append(octets)

        server = threading.Thread(target=serve)
        server.start()
        yield listener.getsockname()[1], heard
        server.join()


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(b"* OK ready\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n", id="no STARTTLS"),
        pytest.param(b"* PREAUTH as whom you like\r\n", id="logged in before TLS"),
        pytest.param(b"220 smtp.example.com ESMTP\r\n", id="another protocol"),
        pytest.param(b"* OK " + b"x" * 2_000_000, id="endless line"),
        pytest.param(b"* OK {9999999999}\r\n" + b"x" * 2_000_000, id="endless literal"),
        pytest.param(b"", id="silence"),
    ],
)
def test_a_server_that_is_not_as_it_should_be_gets_no_password(
    since: datetime, words: bytes
) -> None:
    with saying(words) as (port, heard):
        imap: dict[str, str | int] = {
            "imap_host": "localhost",
            "imap_port": port,
            "imap_security": "starttls",
        }
        hasty = SmtpTransport(Patience(connect=2, handshake=2, search=1))

        search = hasty.find_sent(route_to({**SMTP, **imap}), SOUGHT, since)

    assert search.found is Found.CANNOT_TELL
    assert search.failure is not None
    assert b"LOGIN" not in b"".join(heard)
    assert b"AUTHENTICATE" not in b"".join(heard)
