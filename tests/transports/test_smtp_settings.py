"""What a person may enter for a server."""

from __future__ import annotations

import pytest

from outtray.lib.errors import Refused
from outtray.transports.base import FieldKind
from outtray.transports.smtp.transport import SmtpTransport

GOOD: dict[str, object] = {
    "host": "smtp.nordwind.example",
    "port": 587,
    "security": "starttls",
    "username": "ben@nordwind.example",
}

SENT_FOLDER: dict[str, object] = {
    "imap_host": "imap.nordwind.example",
    "imap_port": 993,
    "imap_security": "tls",
}


def test_good_settings_come_back_clean() -> None:
    entered = {
        **GOOD,
        "host": " SMTP.Nordwind.Example. ",
        "port": "587",
        "username": " ben@nordwind.example ",
        "password": "not kept here",
    }

    assert SmtpTransport().check(entered) == GOOD


@pytest.mark.parametrize(
    ("security", "port"), [("tls", 993), ("starttls", 143), ("", 993), (None, 993)]
)
def test_the_sent_folder_needs_no_more_than_a_server(security: str | None, port: int) -> None:
    entered = {**GOOD, "imap_host": "IMAP.Nordwind.example", "imap_security": security}

    clean = SmtpTransport().check(entered)

    kept = {"imap_port": port, "imap_security": security or "tls"}
    assert clean == {**GOOD, "imap_host": "imap.nordwind.example", **kept}


def test_without_a_server_for_the_sent_folder_nothing_of_it_is_kept() -> None:
    clean = SmtpTransport().check({**GOOD, "imap_host": " ", "imap_security": "tls"})

    assert clean == GOOD


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("imap_host", "https://imap.nordwind.example", "host_invalid"),
        ("imap_port", "a", "port_invalid"),
        ("imap_security", "ssl", "security_invalid"),
        ("imap_security", "none", "encryption_required"),
    ],
)
def test_wrong_settings_of_the_sent_folder_are_refused_with_their_field(
    field: str, value: object, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        SmtpTransport().check({**GOOD, **SENT_FOLDER, field: value})

    assert (refused.value.code, refused.value.field) == (code, field)


def test_a_host_in_another_script_becomes_ascii() -> None:
    clean = SmtpTransport().check({**GOOD, "host": "smtp.südhang.example"})

    assert clean["host"] == "smtp.xn--sdhang-3ya.example"


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("host", "", "host_required"),
        ("host", None, "host_required"),
        ("host", "https://smtp.nordwind.example", "host_invalid"),
        ("host", "smtp.nordwind.example:587", "host_invalid"),
        ("host", "smtp.nordwind.example/mail", "host_invalid"),
        ("host", "smtp nordwind", "host_invalid"),
        ("host", "ben@nordwind.example", "host_invalid"),
        ("host", "smtp.nordwind.example\r\nQUIT", "host_invalid"),
        ("host", "-.example", "host_invalid"),
        ("port", "", "port_invalid"),
        ("port", 0, "port_invalid"),
        ("port", 65536, "port_invalid"),
        ("port", "５８７", "port_invalid"),
        ("port", "9" * 5000, "port_invalid"),
        ("port", -1, "port_invalid"),
        ("security", "", "security_invalid"),
        ("security", "ssl", "security_invalid"),
        ("security", "none", "encryption_required"),
        ("username", "ben\r\nQUIT", "username_invalid"),
        ("username", "b" * 400, "username_invalid"),
    ],
)
def test_wrong_settings_are_refused_with_their_field(field: str, value: object, code: str) -> None:
    with pytest.raises(Refused) as refused:
        SmtpTransport().check({**GOOD, field: value})

    assert refused.value.code == code
    assert refused.value.field == ("security" if code == "encryption_required" else field)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1", "[::1]", "mail.localhost"])
def test_no_encryption_is_possible_within_this_machine(host: str) -> None:
    clean = SmtpTransport().check({**GOOD, "host": host, "security": "none"})

    assert clean["security"] == "none"


def test_every_setting_has_a_field_and_the_password_is_a_secret() -> None:
    fields = {field.name: field.kind for field in SmtpTransport().fields}

    assert set(fields) == {*GOOD, *SENT_FOLDER, "password"}
    assert fields["password"] is FieldKind.SECRET
