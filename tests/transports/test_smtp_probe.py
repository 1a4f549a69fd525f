"""Validate: each stage with what it found, ending at the first that fails."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from outtray.mail.envelope import Envelope
from outtray.transports.base import Finding, Route, Scope, Stage, Trouble
from outtray.transports.smtp.transport import SmtpTransport
from tests.servers.authority import Authority
from tests.servers.scripted import ScriptedServer
from tests.transports.conftest import HASTY, MESSAGE, route_to

OPENING = [Stage.SETTINGS, Stage.ADDRESS, Stage.DNS, Stage.CONNECT]
SENDING = [
    Stage.LOGIN,
    Stage.SIZE,
    Stage.SENDER,
    Stage.RECIPIENT,
    Stage.CONTENT,
    Stage.ANSWER,
]


class _Web(BaseHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Nothing to tell."""


@pytest.fixture
def certificate(authority: Authority) -> tuple[Path, Path]:
    return authority.certificate("localhost")


@pytest.fixture
def web_server() -> Iterator[int]:
    """A port that waits to be asked, and answers like the web."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Web)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


def probed(route: Route, envelope: Envelope) -> list[Finding]:
    return list(SmtpTransport(HASTY).probe(route, envelope, MESSAGE))


def last(route: Route, envelope: Envelope) -> Finding:
    """The finding that ended the probe, which all before it passed."""
    *passed, end = probed(route, envelope)
    assert all(finding.ok for finding in passed)
    assert not end.ok
    return end


def test_all_stages_pass_with_starttls(
    smtp_server: ScriptedServer,
    authority: Authority,
    certificate: tuple[Path, Path],
    envelope: Envelope,
) -> None:
    smtp_server.offers_starttls(certificate)

    findings = probed(route_to(smtp_server.settings(), ca_file=authority.ca_file), envelope)

    tls = next(finding for finding in findings if finding.stage is Stage.TLS)
    order = [*OPENING, Stage.GREETING, Stage.EHLO, Stage.TLS, *SENDING]
    assert [finding.stage for finding in findings] == order
    assert all(finding.ok for finding in findings)
    assert tls.detail.startswith(
        "TLS 1.3, certificate of localhost by Outtray test authority, valid until 20"
    )
    assert tls.facts["certificate_names"] == "localhost"
    assert tls.facts["cipher"].startswith("TLS_")
    assert findings[-1].detail == "250 2.0.0 Ok: queued"
    assert smtp_server.received == [(envelope, MESSAGE)]


def test_with_tls_from_the_start_it_comes_before_the_greeting(
    smtp_server: ScriptedServer,
    authority: Authority,
    certificate: tuple[Path, Path],
    envelope: Envelope,
) -> None:
    smtp_server.speaks_tls(certificate)

    findings = probed(route_to(smtp_server.settings(), ca_file=authority.ca_file), envelope)

    order = [*OPENING, Stage.TLS, Stage.GREETING, Stage.EHLO, *SENDING]
    assert [finding.stage for finding in findings] == order
    assert all(finding.ok for finding in findings)


def test_without_encryption_there_is_no_stage_for_it(
    smtp_server: ScriptedServer, envelope: Envelope
) -> None:
    findings = probed(route_to(smtp_server.settings()), envelope)

    order = [*OPENING, Stage.GREETING, Stage.EHLO, *SENDING]
    assert [finding.stage for finding in findings] == order


@pytest.mark.parametrize(
    ("step", "reply", "stage"),
    [
        ("GREETING", "554 5.7.1 Blocked", Stage.GREETING),
        ("EHLO", "501 5.5.4 Invalid name", Stage.EHLO),
        ("AUTH", "535 5.7.8 Authentication failed", Stage.LOGIN),
        ("MAIL", "553 5.7.1 Not owned by user", Stage.SENDER),
        ("RCPT", "550 5.1.1 No such user", Stage.RECIPIENT),
        ("DATA", "451 4.3.0 Not now", Stage.CONTENT),
        ("CONTENT", "554 5.7.1 Judged as spam", Stage.ANSWER),
    ],
)
def test_it_ends_at_the_first_stage_that_fails(
    smtp_server: ScriptedServer, envelope: Envelope, step: str, reply: str, stage: Stage
) -> None:
    smtp_server.answers(step, reply)

    end = last(route_to(smtp_server.settings()), envelope)

    assert end.stage is stage
    assert end.failure is not None
    assert end.failure.code == int(reply[:3])
    assert end.detail == reply[4:]


@pytest.mark.parametrize("step", ["EHLO", "AUTH", "MAIL", "RCPT", "DATA", "CONTENT"])
def test_a_server_that_falls_silent_ends_it_at_that_stage(
    smtp_server: ScriptedServer, envelope: Envelope, step: str
) -> None:
    smtp_server.stalls_at(step)

    end = last(route_to(smtp_server.settings()), envelope)

    assert end.failure is not None
    assert end.failure.trouble is Trouble.TIMED_OUT


def test_starttls_on_a_port_that_expects_tls_is_told_at_once(
    smtp_server: ScriptedServer, certificate: tuple[Path, Path], envelope: Envelope
) -> None:
    smtp_server.speaks_tls(certificate)

    end = last(route_to({**smtp_server.settings(), "security": "starttls"}), envelope)

    assert end.stage is Stage.GREETING
    assert end.failure is not None
    assert end.failure.trouble is Trouble.SPEAKS_TLS_AT_ONCE
    assert (end.failure.scope, end.failure.is_temporary) == (Scope.MAILBOX, False)
    assert smtp_server.logins == []


def test_tls_on_a_port_that_greets_in_clear_text_shows_the_greeting(
    smtp_server: ScriptedServer, envelope: Envelope
) -> None:
    end = last(route_to({**smtp_server.settings(), "security": "tls"}), envelope)

    assert end.stage is Stage.TLS
    assert end.failure is not None
    assert end.failure.trouble is Trouble.SPEAKS_CLEAR_TEXT
    assert end.facts == {"greeting": "220 mail.example ESMTP", "use_security": "none"}


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_web_server_is_no_mail_server(web_server: int, envelope: Envelope, security: str) -> None:
    settings: dict[str, str | int] = {
        "host": "localhost",
        "port": web_server,
        "security": security,
        "username": "ben@nordwind.example",
    }

    end = last(route_to(settings), envelope)

    assert end.failure is not None
    assert end.failure.trouble is Trouble.NOT_A_MAIL_SERVER


def test_a_server_that_only_takes_its_time_to_greet_is_waited_for(
    smtp_server: ScriptedServer, envelope: Envelope
) -> None:
    smtp_server.stalls_at("GREETING")

    end = last(route_to(smtp_server.settings()), envelope)

    assert end.failure is not None
    assert (end.stage, end.failure.trouble) == (Stage.GREETING, Trouble.TIMED_OUT)
    assert end.failure.is_temporary


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_for_another_name_is_shown(
    smtp_server: ScriptedServer, authority: Authority, envelope: Envelope, security: str
) -> None:
    speak = smtp_server.speaks_tls if security == "tls" else smtp_server.offers_starttls
    speak(authority.certificate("mail.other.example", "smtp.other.example"))

    end = last(route_to(smtp_server.settings(), ca_file=authority.ca_file), envelope)

    assert end.failure is not None
    assert end.failure.trouble is Trouble.CERTIFICATE_OTHER_NAME
    assert end.facts["certificate_names"] == "mail.other.example, smtp.other.example"
    assert end.facts["certificate_issuer"] == "CN=Outtray test authority"
    assert "made out to mail.other.example" in end.detail


def test_the_server_is_left_politely_and_keeps_no_half_message(
    smtp_server: ScriptedServer, envelope: Envelope
) -> None:
    smtp_server.answers("RCPT", "550 5.1.1 No such user")

    last(route_to(smtp_server.settings()), envelope)

    assert smtp_server.commands[-1] == "QUIT"
    assert smtp_server.received == []
