"""Opening a session: greeting, encryption, login, and everything that can be wrong there."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path

import pytest

from outtray.transports.base import Scope, Source, Stage, Trouble
from tests.servers.authority import Authority
from tests.servers.processes import free_ports
from tests.servers.scripted import OFFERS, ScriptedServer
from tests.transports.conftest import HASTY, PASSWORD, opened, refused, route_to

WITHOUT_LOGIN = tuple(keyword for keyword in OFFERS if not keyword.startswith("AUTH"))


@pytest.fixture
def certificate(authority: Authority) -> tuple[Path, Path]:
    return authority.certificate("localhost")


def test_a_password_goes_over_starttls_only(
    smtp_server: ScriptedServer, authority: Authority, certificate: tuple[Path, Path]
) -> None:
    smtp_server.offers_starttls(certificate)

    session = opened(route_to(smtp_server.settings(), ca_file=authority.ca_file))
    session.close()

    verbs = [command.split()[0] for command in smtp_server.commands]
    assert verbs == ["EHLO", "STARTTLS", "EHLO", "AUTH", "QUIT"]
    assert smtp_server.logins == [("ben@nordwind.example", PASSWORD)]


def test_tls_from_the_start(
    smtp_server: ScriptedServer, authority: Authority, certificate: tuple[Path, Path]
) -> None:
    smtp_server.speaks_tls(certificate)

    session = opened(route_to(smtp_server.settings(), ca_file=authority.ca_file))
    session.close()

    assert smtp_server.logins == [("ben@nordwind.example", PASSWORD)]


@pytest.mark.parametrize(
    ("offered", "password"),
    [("AUTH PLAIN LOGIN", "grün & blau"), ("AUTH LOGIN", "grün & blau"), ("AUTH=LOGIN", "x")],
)
def test_passwords_of_all_signs_and_either_method(
    smtp_server: ScriptedServer, offered: str, password: str
) -> None:
    smtp_server.offers(*WITHOUT_LOGIN, offered)

    session = opened(route_to(smtp_server.settings(), password=password))
    session.close()

    assert smtp_server.logins == [("ben@nordwind.example", password)]


def test_without_a_user_name_nobody_logs_in(smtp_server: ScriptedServer) -> None:
    smtp_server.offers(*WITHOUT_LOGIN)

    session = opened(route_to(smtp_server.settings(username="")))
    session.close()

    assert smtp_server.logins == []


def test_a_wrong_password_stops_the_mailbox_and_is_tried_once(smtp_server: ScriptedServer) -> None:
    smtp_server.answers("AUTH", "535 5.7.8 Authentication failed")

    failure = refused(route_to(smtp_server.settings())).failure

    assert (failure.stage, failure.scope) == (Stage.LOGIN, Scope.MAILBOX)
    assert (failure.is_temporary, failure.source) == (False, Source.SERVER)
    assert (failure.code, failure.enhanced_code) == (535, "5.7.8")
    assert len(smtp_server.logins) == 1


def test_a_login_that_cannot_be_checked_now_is_no_wrong_password(
    smtp_server: ScriptedServer,
) -> None:
    smtp_server.answers("AUTH", "454 4.7.0 Temporary authentication failure")

    failure = refused(route_to(smtp_server.settings())).failure

    assert (failure.scope, failure.is_temporary) == (Scope.SERVER, True)


def test_a_method_that_the_server_turns_out_not_to_know_is_followed_by_the_next(
    smtp_server: ScriptedServer,
) -> None:
    smtp_server.answers("AUTH", "504 5.5.4 Unrecognized authentication type", times=1)

    session = opened(route_to(smtp_server.settings()))
    session.close()

    assert len(smtp_server.logins) == 2


def test_a_server_without_login_is_told_apart_from_one_without_passwords(
    smtp_server: ScriptedServer,
) -> None:
    smtp_server.offers(*WITHOUT_LOGIN)
    none = refused(route_to(smtp_server.settings())).failure
    smtp_server.offers(*WITHOUT_LOGIN, "AUTH GSSAPI NTLM")

    other = refused(route_to(smtp_server.settings())).failure

    assert (none.scope, none.trouble) == (Scope.MAILBOX, Trouble.LOGIN_NOT_OFFERED)
    assert (other.scope, other.trouble) == (Scope.MAILBOX, Trouble.LOGIN_METHOD_MISSING)
    assert "GSSAPI NTLM" in other.text


def test_a_server_that_does_not_offer_starttls_gets_no_password(
    smtp_server: ScriptedServer,
) -> None:
    settings = {**smtp_server.settings(), "security": "starttls"}

    failure = refused(route_to(settings)).failure

    assert (failure.stage, failure.trouble) == (Stage.TLS, Trouble.STARTTLS_NOT_OFFERED)
    assert (failure.scope, failure.is_temporary) == (Scope.MAILBOX, False)
    assert smtp_server.logins == []


def test_a_server_that_refuses_starttls_gets_no_password(
    smtp_server: ScriptedServer, authority: Authority, certificate: tuple[Path, Path]
) -> None:
    smtp_server.offers_starttls(certificate)
    smtp_server.answers("STARTTLS", "454 4.7.0 TLS not available")

    failure = refused(route_to(smtp_server.settings(), ca_file=authority.ca_file)).failure

    assert (failure.stage, failure.scope, failure.is_temporary) == (Stage.TLS, Scope.SERVER, True)
    assert smtp_server.logins == []


def test_words_slipped_in_before_tls_end_the_conversation(
    smtp_server: ScriptedServer, authority: Authority, certificate: tuple[Path, Path]
) -> None:
    smtp_server.offers_starttls(certificate)
    smtp_server.answers("STARTTLS", b"220 2.0.0 Ready\r\n250-mail.example\r\n250 AUTH PLAIN\r\n")

    failure = refused(route_to(smtp_server.settings(), ca_file=authority.ca_file)).failure

    assert (failure.stage, failure.trouble) == (Stage.TLS, Trouble.STARTTLS_TAMPERED)
    assert smtp_server.logins == []


def test_what_was_offered_before_tls_does_not_count_after_it(
    smtp_server: ScriptedServer, authority: Authority, certificate: tuple[Path, Path]
) -> None:
    smtp_server.offers_starttls(certificate)
    smtp_server.offers(*WITHOUT_LOGIN)
    smtp_server.answers("EHLO", b"250-mail.example\r\n250-AUTH PLAIN\r\n250 STARTTLS\r\n", times=1)

    failure = refused(route_to(smtp_server.settings(), ca_file=authority.ca_file)).failure

    assert failure.trouble is Trouble.LOGIN_NOT_OFFERED


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize(
    ("whose", "trouble"),
    [
        ("expired", Trouble.CERTIFICATE_EXPIRED),
        ("other name", Trouble.CERTIFICATE_OTHER_NAME),
        ("foreign", Trouble.CERTIFICATE_UNTRUSTED),
    ],
)
def test_a_certificate_that_proves_nothing_gets_no_password(
    smtp_server: ScriptedServer,
    authority: Authority,
    foreign_authority: Authority,
    whose: str,
    trouble: Trouble,
    security: str,
) -> None:
    certificates = {
        "expired": authority.expired("localhost"),
        "other name": authority.certificate("mail.other.example"),
        "foreign": foreign_authority.certificate("localhost"),
    }
    speak = smtp_server.speaks_tls if security == "tls" else smtp_server.offers_starttls
    speak(certificates[whose])

    failure = refused(route_to(smtp_server.settings(), ca_file=authority.ca_file)).failure

    assert (failure.stage, failure.trouble) == (Stage.TLS, trouble)
    assert (failure.scope, failure.is_temporary) == (Scope.MAILBOX, False)
    assert smtp_server.logins == []


def test_an_own_authority_is_not_trusted_unless_it_is_named(
    smtp_server: ScriptedServer, certificate: tuple[Path, Path]
) -> None:
    smtp_server.offers_starttls(certificate)

    failure = refused(route_to(smtp_server.settings())).failure

    assert failure.trouble is Trouble.CERTIFICATE_UNTRUSTED


def test_a_list_of_authorities_that_is_not_there_is_a_wrong_setting(
    smtp_server: ScriptedServer, certificate: tuple[Path, Path]
) -> None:
    smtp_server.offers_starttls(certificate)

    failure = refused(route_to(smtp_server.settings(), ca_file="/no/such/file.pem")).failure

    assert failure.trouble is Trouble.SETTINGS
    assert "/no/such/file.pem" in failure.text


def test_tls_is_not_spoken_by_a_server_that_greets_in_clear_text(
    smtp_server: ScriptedServer,
) -> None:
    settings = {**smtp_server.settings(), "security": "tls"}

    failure = refused(route_to(settings)).failure

    assert (failure.stage, failure.trouble) == (Stage.TLS, Trouble.SPEAKS_CLEAR_TEXT)


def test_a_server_that_waits_for_tls_does_not_greet_in_time(
    smtp_server: ScriptedServer, certificate: tuple[Path, Path]
) -> None:
    smtp_server.speaks_tls(certificate)
    settings = {**smtp_server.settings(), "security": "starttls"}

    failure = refused(route_to(settings), patience=HASTY).failure

    assert (failure.stage, failure.trouble) == (Stage.GREETING, Trouble.TIMED_OUT)


@pytest.mark.parametrize(
    "greeting",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"+OK POP3 ready\r\n",
        b"\x00\x01\x02\xff\r\n",
        b"220_mail.example\r\n",
        b"999 mail.example\r\n",
    ],
)
def test_a_port_that_is_not_a_mail_server(smtp_server: ScriptedServer, greeting: bytes) -> None:
    smtp_server.answers("GREETING", greeting)

    failure = refused(route_to(smtp_server.settings())).failure

    assert (failure.stage, failure.trouble) == (Stage.GREETING, Trouble.NOT_A_MAIL_SERVER)
    assert (failure.scope, failure.is_temporary) == (Scope.MAILBOX, False)


@pytest.mark.parametrize(
    "greeting",
    [b"220 " + b"x" * 1_000_000 + b"\r\n", b"220-mail.example\r\n" * 60_000],
    ids=["one line", "many lines"],
)
def test_a_megabyte_for_a_greeting_is_not_read(
    smtp_server: ScriptedServer, greeting: bytes
) -> None:
    smtp_server.answers("GREETING", greeting)

    refusal = refused(route_to(smtp_server.settings()))

    assert refusal.failure.trouble is Trouble.REPLY_TOO_LONG
    assert sum(map(len, refusal.transcript)) < 1000


def test_a_silent_server_times_out(smtp_server: ScriptedServer) -> None:
    smtp_server.stalls_at("GREETING")

    failure = refused(route_to(smtp_server.settings()), patience=HASTY).failure

    assert (failure.stage, failure.trouble) == (Stage.GREETING, Trouble.TIMED_OUT)
    assert (failure.scope, failure.is_temporary) == (Scope.SERVER, True)


@pytest.mark.parametrize(
    ("reply", "is_temporary"),
    [("554 5.7.1 Your network is blocked", False), ("421 4.7.0 Come back later", True)],
)
def test_a_refusing_greeting_concerns_the_server(
    smtp_server: ScriptedServer, reply: str, *, is_temporary: bool
) -> None:
    smtp_server.answers("GREETING", reply)

    failure = refused(route_to(smtp_server.settings())).failure

    assert (failure.stage, failure.scope) == (Stage.GREETING, Scope.SERVER)
    assert failure.is_temporary == is_temporary


def test_a_port_where_nobody_listens() -> None:
    (port,) = free_ports(1)
    settings: dict[str, str | int] = {
        "host": "localhost",
        "port": port,
        "security": "starttls",
        "username": "ben@nordwind.example",
    }

    failure = refused(route_to(settings)).failure

    assert (failure.stage, failure.trouble) == (Stage.CONNECT, Trouble.CONNECTION_REFUSED)
    assert (failure.scope, failure.is_temporary) == (Scope.SERVER, True)


def test_this_machine_is_not_reached_where_that_is_not_allowed(
    smtp_server: ScriptedServer,
) -> None:
    route = replace(route_to(smtp_server.settings()), allow_local=False)

    failure = refused(route).failure

    assert (failure.stage, failure.trouble) == (Stage.DNS, Trouble.NOT_ALLOWED)
    assert smtp_server.connections == 0


def test_settings_that_make_no_sense_are_a_failure_and_no_crash() -> None:
    failure = refused(route_to({"host": "", "port": 0})).failure

    assert (failure.stage, failure.trouble) == (Stage.SETTINGS, Trouble.SETTINGS)


def test_the_transcript_shows_all_but_secrets_and_content(
    smtp_server: ScriptedServer, authority: Authority, certificate: tuple[Path, Path]
) -> None:
    smtp_server.offers_starttls(certificate)
    encoded = base64.b64encode(PASSWORD.encode()).decode()
    smtp_server.answers("AUTH", f"535 5.7.8 {PASSWORD} is wrong, and so is {encoded}")

    refusal = refused(route_to(smtp_server.settings(), ca_file=authority.ca_file))

    told = "\n".join(refusal.transcript)
    assert "C: AUTH PLAIN [secret]" in told
    assert "S: 535 5.7.8 [secret] is wrong, and so is [secret]" in told
    assert PASSWORD not in told + refusal.failure.text
    assert encoded not in told + refusal.failure.text


@pytest.mark.parametrize("password", ["PLAIN", "AUTH", "1", "235"])
def test_a_password_that_is_a_word_of_the_protocol_does_no_harm(
    smtp_server: ScriptedServer, password: str
) -> None:
    session = opened(route_to(smtp_server.settings(), password=password))
    session.close()

    assert smtp_server.logins == [("ben@nordwind.example", password)]
