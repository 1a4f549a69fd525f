"""What a no means: whom it concerns, and whether trying again can help."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outtray.mail.reply import Reply
from outtray.transports.base import Scope, Source, Stage
from outtray.transports.smtp.failures import failure_from

LOGIN, SENDER, RECIPIENT = Stage.LOGIN, Stage.SENDER, Stage.RECIPIENT
CONTENT, ANSWER = Stage.CONTENT, Stage.ANSWER


@pytest.mark.parametrize(
    ("stage", "code", "text", "scope", "is_temporary"),
    [
        (LOGIN, 535, "5.7.8 Username and Password not accepted", Scope.MAILBOX, False),
        (LOGIN, 534, "5.7.9 Application-specific password required", Scope.MAILBOX, False),
        (LOGIN, 535, "5.7.139 Authentication unsuccessful", Scope.MAILBOX, False),
        (LOGIN, 454, "4.7.0 Temporary authentication failure", Scope.SERVER, True),
        (LOGIN, 421, "4.7.0 Too many login attempts", Scope.SERVER, True),
        (SENDER, 530, "5.7.0 Must issue a STARTTLS command first", Scope.MAILBOX, False),
        (SENDER, 530, "5.7.1 Authentication required", Scope.MAILBOX, False),
        (SENDER, 550, "5.7.30 Basic authentication is not supported", Scope.MAILBOX, False),
        (SENDER, 550, "5.7.60 Client does not have permissions", Scope.SENDER, False),
        (SENDER, 553, "5.7.1 Sender address rejected: not owned by user", Scope.SENDER, False),
        (RECIPIENT, 553, "5.7.1 <a@b>: Sender address rejected: not owned", Scope.SENDER, False),
        (RECIPIENT, 554, "5.7.1 <a@b>: Relay access denied", Scope.MAILBOX, False),
        (RECIPIENT, 550, "5.1.1 No such user", Scope.RECIPIENT, False),
        (RECIPIENT, 550, "No such user", Scope.RECIPIENT, False),
        (RECIPIENT, 452, "4.2.2 Mailbox full", Scope.RECIPIENT, True),
        (RECIPIENT, 552, "5.2.2 Over quota", Scope.RECIPIENT, False),
        (RECIPIENT, 451, "4.7.1 Greylisted for 5 minutes", Scope.RECIPIENT, True),
        (RECIPIENT, 452, "4.5.3 Too many recipients", Scope.RECIPIENT, True),
        (RECIPIENT, 552, "Too many recipients", Scope.RECIPIENT, True),
        (RECIPIENT, 452, "4.3.1 Insufficient system storage", Scope.SERVER, True),
        (SENDER, 550, "5.4.5 Daily user sending limit exceeded", Scope.MAILBOX, True),
        (ANSWER, 554, "5.2.0 SubmissionQuotaExceededException", Scope.MAILBOX, True),
        (SENDER, 450, "Mail send limit exceeded", Scope.MAILBOX, True),
        (SENDER, 450, "4.4.5 Hourly sending limit reached", Scope.MAILBOX, True),
        (RECIPIENT, 452, "4.4.5 Insufficient disk space", Scope.SERVER, True),
        (ANSWER, 432, "4.3.2 Concurrent connections limit exceeded", Scope.SERVER, True),
        (SENDER, 552, "5.3.4 Message size exceeds fixed limit", Scope.MESSAGE, False),
        (ANSWER, 552, "Message too large", Scope.MESSAGE, False),
        (ANSWER, 554, "5.7.1 Judged as spam", Scope.MESSAGE, False),
        (ANSWER, 554, "5.2.252 SendAsDenied", Scope.SENDER, False),
        (ANSWER, 451, "4.3.0 Temporarily rejected", Scope.SERVER, True),
        (CONTENT, 451, "Local error in processing", Scope.SERVER, True),
        (ANSWER, 554, "Your message was blocked as spam", Scope.MESSAGE, False),
        (ANSWER, 554, "Virus found: your mail was blocked", Scope.MESSAGE, False),
        (ANSWER, 550, "Your message has an attachment that is blocked", Scope.MESSAGE, False),
        (ANSWER, 550, "Blacklisted URL in message", Scope.MESSAGE, False),
        (ANSWER, 554, "Your account is blocked: mail with spam was sent", Scope.MAILBOX, True),
        (ANSWER, 554, "5.2.0 SendAsDeniedException", Scope.SENDER, False),
        (RECIPIENT, 550, "From address is not one of your addresses", Scope.SENDER, False),
        (RECIPIENT, 550, "Sender verify failed", Scope.SENDER, False),
        (RECIPIENT, 550, "Domain has an outgoing mail suspension", Scope.MAILBOX, True),
        (RECIPIENT, 550, "Recipient account is suspended", Scope.RECIPIENT, False),
        (Stage.GREETING, 554, "No SMTP service here", Scope.SERVER, False),
        (Stage.EHLO, 421, "4.3.2 Shutting down", Scope.SERVER, True),
        (Stage.TLS, 454, "4.7.0 TLS not available", Scope.SERVER, True),
    ],
)
def test_a_no_is_understood(
    stage: Stage, code: int, text: str, scope: Scope, *, is_temporary: bool
) -> None:
    failure = failure_from(Reply(code, text), stage=stage)

    assert (failure.scope, failure.is_temporary) == (scope, is_temporary)
    assert (failure.stage, failure.code, failure.text) == (stage, code, text)


@pytest.mark.parametrize(
    ("host", "stage", "code", "text", "scope", "is_temporary"),
    [
        ("smtp.gmail.com", RECIPIENT, 550, "5.2.1 receiving mail at a rate", Scope.RECIPIENT, True),
        ("smtp.gmail.com", ANSWER, 421, "4.7.28 Rate of unsolicited mail", Scope.SERVER, True),
        ("mx.nordwind.example", RECIPIENT, 550, "5.2.1 Disabled", Scope.RECIPIENT, False),
        ("smtp.office365.com", SENDER, 550, "5.7.30 Not supported", Scope.MAILBOX, False),
        ("mx.nordwind.example", SENDER, 550, "5.7.30 REQUIRETLS needed", Scope.SENDER, False),
        ("smtp.zoho.eu", ANSWER, 550, "5.4.6 Unusual sending activity", Scope.MAILBOX, True),
        ("mx.nordwind.example", ANSWER, 554, "5.4.6 Too many hops", Scope.MESSAGE, False),
        ("smtp.mailgun.org", ANSWER, 421, "Sandbox subdomains are for tests", Scope.SENDER, False),
        ("mx.nordwind.example", ANSWER, 421, "Sandbox subdomains", Scope.SERVER, True),
        ("notgmail.com", ANSWER, 550, "5.7.1 Email quota exceeded", Scope.MESSAGE, False),
        ("smtp.gmail.com", ANSWER, 550, "5.7.1 Email quota exceeded", Scope.MAILBOX, True),
    ],
)
def test_what_one_provider_means_by_a_code_is_meant_by_no_other(
    host: str, stage: Stage, code: int, text: str, scope: Scope, *, is_temporary: bool
) -> None:
    failure = failure_from(Reply(code, text), stage=stage, host=host)

    assert (failure.scope, failure.is_temporary) == (scope, is_temporary)


@pytest.mark.parametrize(
    "address",
    [
        "<relay-access-denied@kunde.example>",
        "authentication.required@kunde.example",
        "(dmarc@spamhaus.example)",
        "<daily.limit.exceeded@kunde.example>",
    ],
)
def test_the_words_of_an_address_are_no_words_of_the_server(address: str) -> None:
    failure = failure_from(Reply(550, f"{address} unknown user"), stage=RECIPIENT)

    assert (failure.scope, failure.is_temporary) == (Scope.RECIPIENT, False)


def test_what_another_server_told_ours_concerns_the_recipient() -> None:
    told = (
        "5.1.1 <a@kunde.example>: Recipient address rejected: undeliverable address: host "
        "mx.kunde.example[192.0.2.1] said: 550 5.7.1 Service unavailable; client blocked using "
        "zen.spamhaus.org (in reply to RCPT TO command)"
    )

    failure = failure_from(Reply(550, told), stage=RECIPIENT)

    assert (failure.scope, failure.is_temporary) == (Scope.RECIPIENT, False)


def test_the_wait_that_a_server_asks_for_is_kept_with_a_passing_failure_only() -> None:
    greylisted = failure_from(Reply(451, "4.7.1 Greylisted for 5 minutes"), stage=RECIPIENT)
    final = failure_from(Reply(550, "5.1.1 No such user, wait 5 minutes"), stage=RECIPIENT)

    assert (greylisted.is_temporary, greylisted.wait) == (True, 300)
    assert (final.is_temporary, final.wait) == (False, 0)


@given(st.integers(400, 599), st.text(max_size=200), st.sampled_from(Stage))
def test_every_refusal_means_something_and_is_the_servers_word(
    code: int, text: str, stage: Stage
) -> None:
    failure = failure_from(Reply(code, text), stage=stage, host="smtp.gmail.com")

    assert failure.source is Source.SERVER
    assert (failure.code, failure.text) == (code, text)
