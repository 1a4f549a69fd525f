"""Looking for a message at IMAP servers that answer in their own way."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime

import pytest

from outtray.transports.base import Found, Search, Stage
from outtray.transports.smtp.transport import SmtpTransport
from tests.servers.authority import Authority
from tests.transports.conftest import HASTY, route_to

SOUGHT = "<1@nordwind.example>"
SENT = '* LIST (\\Sent) "/" "Sent"'


@contextmanager
def answering(authority: Authority, answers: dict[str, str]) -> Iterator[int]:
    """A server that answers each command as told, else with a plain yes."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.certificate("localhost"))
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            plain, _ = listener.accept()
            with suppress(OSError), context.wrap_socket(plain, server_side=True) as visitor:
                visitor.sendall(b"* OK ready\r\n")
                for line in visitor.makefile("r", encoding="utf-8"):
                    tag, _, wish = line.strip().partition(" ")
                    told = next((answers[each] for each in answers if each in wish), "")
                    end = "" if "{} " in told else "{} OK done"
                    said = "\r\n".join(filter(None, (told, end))).format(tag)
                    visitor.sendall(f"{said}\r\n".encode())

        server = threading.Thread(target=serve)
        server.start()
        yield listener.getsockname()[1]
        server.join()


def looked(authority: Authority, at: datetime, answers: dict[str, str]) -> Search:
    usual = {"CAPABILITY": "* CAPABILITY IMAP4rev1", "SEARCH": "* SEARCH"}
    with answering(authority, {**usual, **answers}) as port:
        settings: dict[str, str | int] = {
            "host": "localhost",
            "port": 2525,
            "security": "none",
            "username": "ben@nordwind.example",
            "imap_host": "localhost",
            "imap_port": port,
            "imap_security": "tls",
        }
        way = route_to(settings, ca_file=authority.ca_file)
        transport = SmtpTransport(replace(HASTY, search=20))
        return transport.find_sent(way, SOUGHT, at, witness=None)


def test_a_folder_that_cannot_be_opened_hides_no_other(authority: Authority, at: datetime) -> None:
    folders = f'{SENT}\r\n* LIST (\\All) "/" "All"'

    search = looked(
        authority,
        at,
        {
            "LIST": folders,
            'EXAMINE "Sent"': "{} NO locked",
            "SEARCH": "* SEARCH 3",
        },
    )

    assert (search.found, search.told) == (Found.FOUND, "It lies in the folder All.")


def test_a_folder_that_cannot_be_opened_proves_nothing(authority: Authority, at: datetime) -> None:

    search = looked(authority, at, {"LIST": SENT, "EXAMINE": "{} NO locked"})

    assert search.found is Found.CANNOT_TELL
    assert search.failure is not None
    assert search.failure.is_temporary


def test_a_name_in_letters_of_its_own_hides_no_other_folder(
    authority: Authority, at: datetime
) -> None:
    folders = f'* LIST () "/" "Entwürfe"\r\n{SENT}'

    search = looked(authority, at, {"LIST": folders, "SEARCH": "* SEARCH 3"})

    assert search.found is Found.FOUND


def test_a_login_that_was_not_judged_is_tried_another_time(
    authority: Authority, at: datetime
) -> None:

    search = looked(authority, at, {"LOGIN": "{} NO [UNAVAILABLE] try later"})

    assert search.failure is not None
    assert search.failure.stage is not Stage.LOGIN
    assert search.failure.is_temporary


@pytest.mark.parametrize("wire", ["Sent Email", "Odoslan&AOk-", "&kAFP4W4IMH8wojCkMMYw4A-"])
def test_a_folder_that_mail_programs_of_a_country_make_is_known(
    authority: Authority, at: datetime, wire: str
) -> None:
    folders = f'* LIST () "/" "{wire}"'

    search = looked(authority, at, {"LIST": folders, "SEARCH": "* SEARCH 3"})

    assert search.found is Found.FOUND
