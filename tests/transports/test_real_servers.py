"""Sending through a real Postfix with a real Dovecot."""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest

import pytest

from outtray.mail.address import Address
from outtray.transports.base import (
    Accepted,
    Failure,
    Finding,
    Route,
    Scope,
    Stage,
    Trouble,
)
from outtray.transports.smtp.transport import SmtpTransport
from tests.servers.authority import Authority
from tests.servers.postfix import Postfix
from tests.transports.conftest import HASTY, MESSAGE, envelope_for, opened, refused, route_to, send

pytestmark = pytest.mark.servers


def route(postfix: Postfix, security: str = "starttls") -> Route:
    return route_to(postfix.settings(security), password=postfix.password, ca_file=postfix.ca_file)


def message(name: str) -> bytes:
    return MESSAGE.replace(b"<1@", f"<{name}@".encode())


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_message_is_delivered(postfix: Postfix, security: str) -> None:
    session = opened(route(postfix, security))

    outcome, announced = send(
        session, envelope_for("info@customer.example"), message(f"delivered-{security}")
    )
    session.close()

    delivered = postfix.wait_for(f"<delivered-{security}@nordwind.example>")
    assert isinstance(outcome.verdicts[0], Accepted)
    assert announced == 1
    assert b"Please find the invoice enclosed.\n.\n..and two dots\n" in delivered


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_messages_whose_envelopes_leave_ahead_are_delivered(
    postfix: Postfix, security: str
) -> None:
    session = opened(route(postfix, security))
    envelope = envelope_for("info@customer.example")
    messages = [message(f"ahead-{number}-{security}") for number in range(3)]

    outcomes = []
    for each, following in zip_longest(messages, messages[1:]):
        if following:
            session.announce(envelope, following, while_waiting=lambda: None)
        outcomes.append(send(session, envelope, each)[0])
    session.close()

    assert [outcome.goes_on for outcome in outcomes] == [True, True, False]
    assert all(isinstance(outcome.verdicts[0], Accepted) for outcome in outcomes)
    for number in range(3):
        postfix.wait_for(f"<ahead-{number}-{security}@nordwind.example>")


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_all_stages_of_validate_pass(postfix: Postfix, security: str) -> None:
    findings = probed(route(postfix, security))

    assert [finding.failure for finding in findings if not finding.ok] == []
    assert findings[-1].stage is Stage.ANSWER


def test_a_wrong_password_is_refused(postfix: Postfix) -> None:
    wrong = route_to(postfix.settings(), password="guessed", ca_file=postfix.ca_file)

    failure = refused(wrong).failure

    assert (failure.stage, failure.scope, failure.code) == (Stage.LOGIN, Scope.MAILBOX, 535)
    assert not failure.is_temporary


def test_nobody_sends_in_anothers_name(postfix: Postfix) -> None:
    session = opened(route(postfix))

    outcome, announced = send(
        session, envelope_for("info@customer.example", sender="anna@nordwind.example")
    )
    session.close()

    failure = outcome.verdicts[0]
    assert isinstance(failure, Failure)
    assert (failure.scope, failure.is_temporary) == (Scope.SENDER, False)
    assert announced == 0


def test_the_company_mailbox_sends_as_itself(postfix: Postfix) -> None:
    billing = "billing@nordwind.example"
    company = replace(
        route_to(
            postfix.settings(username=billing),
            password=postfix.password_of(billing),
            ca_file=postfix.ca_file,
        ),
        sender=Address.parse(billing),
    )
    session = opened(company)

    outcome, _ = send(
        session, envelope_for("info@customer.example", sender=billing), message("company")
    )
    session.close()

    assert isinstance(outcome.verdicts[0], Accepted)
    assert f"Return-Path: <{billing}>".encode() in postfix.wait_for("<company@nordwind.example>")


def test_refused_and_full_recipients_do_not_keep_the_mail_from_others(postfix: Postfix) -> None:
    session = opened(route(postfix))

    outcome, _ = send(
        session,
        envelope_for("refused@customer.example", "info@customer.example", "full@customer.example"),
        message("others"),
    )
    session.close()

    unknown, taken, full = outcome.verdicts
    assert isinstance(unknown, Failure)
    assert isinstance(full, Failure)
    assert (unknown.code, unknown.scope, unknown.is_temporary) == (550, Scope.RECIPIENT, False)
    assert (full.code, full.scope, full.is_temporary) == (452, Scope.RECIPIENT, True)
    assert isinstance(taken, Accepted)
    assert postfix.wait_for("<others@nordwind.example>")


def test_a_connection_goes_on_after_a_message_that_nobody_may_get(postfix: Postfix) -> None:
    session = opened(route(postfix))

    failed, _ = send(session, envelope_for("refused@customer.example"))
    outcome, _ = send(session, envelope_for("info@customer.example"), message("after"))
    session.close()

    assert isinstance(failed.verdicts[0], Failure)
    assert isinstance(outcome.verdicts[0], Accepted)


def test_an_address_in_another_script_is_delivered(postfix: Postfix) -> None:
    session = opened(route(postfix))
    utf8 = message("script").replace(b"To: info@", "To: jürgen@".encode())

    outcome, _ = send(session, envelope_for("jürgen@customer.example"), utf8)
    session.close()

    assert isinstance(outcome.verdicts[0], Accepted)
    assert "jürgen@customer.example".encode() in postfix.wait_for("<script@nordwind.example>")


def test_a_message_over_the_limit_is_not_sent(postfix: Postfix) -> None:
    session = opened(route(postfix))

    outcome, announced = send(
        session, envelope_for("info@customer.example"), MESSAGE + b"too large\r\n" * 3_000_000
    )
    session.close()

    failure = outcome.verdicts[0]
    assert isinstance(failure, Failure)
    assert (failure.scope, failure.trouble) == (Scope.MESSAGE, Trouble.MESSAGE_TOO_LARGE)
    assert announced == 0


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_of_a_foreign_authority_is_not_trusted(
    postfix: Postfix, foreign_authority: Authority, security: str
) -> None:
    foreign = route_to(
        postfix.settings(security), password=postfix.password, ca_file=foreign_authority.ca_file
    )

    end = probed(foreign)[-1]

    assert end.failure is not None
    assert (end.stage, end.failure.trouble) == (Stage.TLS, Trouble.CERTIFICATE_UNTRUSTED)
    assert end.facts["certificate_names"] == "localhost, 127.0.0.1"


@pytest.mark.parametrize(
    ("security", "port_of", "trouble"),
    [
        ("starttls", "tls", Trouble.SPEAKS_TLS_AT_ONCE),
        ("tls", "starttls", Trouble.SPEAKS_CLEAR_TEXT),
    ],
)
def test_the_wrong_encryption_for_a_port_is_told(
    postfix: Postfix, security: str, port_of: str, trouble: Trouble
) -> None:
    settings = {**postfix.settings(port_of), "security": security}
    crossed = route_to(settings, password=postfix.password, ca_file=postfix.ca_file)

    end = probed(crossed)[-1]

    assert end.failure is not None
    assert end.failure.trouble is trouble


def probed(way: Route) -> list[Finding]:
    envelope = envelope_for("ben@nordwind.example")
    return list(
        SmtpTransport(replace(HASTY, greeting=5, command=20, login=20, answer=20)).probe(
            way, envelope, message("probe")
        )
    )
