"""Logging in with a token: XOAUTH2 and OAUTHBEARER, the refusal in two steps, the renewal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from outtray.transports.base import (
    Accepted,
    Failure,
    Refusal,
    Route,
    Scope,
    Session,
    Source,
    Stage,
    Trouble,
)
from outtray.transports.smtp.transport import SmtpTransport
from tests.servers.scripted import ScriptedServer
from tests.servers.tokens import FixedTokens
from tests.transports.conftest import envelope_for, route_to, send

SMTP = SmtpTransport()
SCOPES = ("https://outlook.office.com/SMTP.Send",)
REVOKED = Failure(
    Stage.TOKEN,
    Scope.MAILBOX,
    is_temporary=False,
    source=Source.SERVER,
    text="invalid_grant: Token has been expired or revoked.",
    code=400,
    identifier="invalid_grant",
)


def route_with(server: ScriptedServer, tokens: FixedTokens, *, username: str = "") -> Route:
    return replace(route_to(server.settings(username=username), password=""), tokens=tokens)


def opened(route: Route) -> Session:
    session = SMTP.open(route)
    assert not isinstance(session, Refusal), session
    return session


def refused(route: Route) -> Refusal:
    refusal = SMTP.open(route)
    assert isinstance(refusal, Refusal)
    return refusal


@pytest.mark.parametrize(
    ("method", "said"),
    [
        ("XOAUTH2", "user=ben@nordwind.example\1auth=Bearer first\1\1"),
        ("OAUTHBEARER", "n,a=ben@nordwind.example,\1auth=Bearer first\1\1"),
    ],
)
def test_the_token_opens_the_line_by_the_method_that_is_offered(
    smtp_server: ScriptedServer, method: str, said: str
) -> None:
    smtp_server.takes_tokens("first", method=method)

    session = opened(route_with(smtp_server, FixedTokens("first", scopes=SCOPES)))
    outcome, _ = send(session, envelope_for("info@customer.example"))
    session.close()

    assert smtp_server.logins == [(method, said)]
    assert isinstance(outcome.verdicts[0], Accepted)


def test_where_both_are_offered_the_older_one_is_used(smtp_server: ScriptedServer) -> None:
    smtp_server.takes_tokens("first", method="PLAIN OAUTHBEARER XOAUTH2")

    opened(route_with(smtp_server, FixedTokens("first", scopes=SCOPES))).close()

    assert [method for method, _ in smtp_server.logins] == ["XOAUTH2"]


@pytest.mark.parametrize(("method", "last_word"), [("XOAUTH2", ""), ("OAUTHBEARER", "AQ==")])
def test_a_refused_token_is_renewed_once_on_the_same_line(
    smtp_server: ScriptedServer, method: str, last_word: str
) -> None:
    smtp_server.takes_tokens("second", method=method)
    tokens = FixedTokens("first", "second", scopes=SCOPES)

    opened(route_with(smtp_server, tokens)).close()

    assert smtp_server.last_words == [last_word]
    assert smtp_server.connections == 1
    assert tokens.refused == ["first"]


def test_a_second_refusal_is_the_answer(smtp_server: ScriptedServer) -> None:
    smtp_server.takes_tokens("another")
    smtp_server.challenge = '{"status":"insufficient_scope","scope":"https://mail.google.com/"}'

    failure = refused(
        route_with(smtp_server, FixedTokens("the first", "the second", "the third", scopes=SCOPES))
    ).failure

    assert (failure.stage, failure.code, failure.scope) == (Stage.LOGIN, 535, Scope.MAILBOX)
    assert failure.identifier == "insufficient_scope"
    assert len(smtp_server.logins) == 2


def test_a_renewal_that_fails_is_the_answer(smtp_server: ScriptedServer) -> None:
    smtp_server.takes_tokens("another")

    failure = refused(
        route_with(smtp_server, FixedTokens("first", scopes=SCOPES, ends=REVOKED))
    ).failure

    assert failure == REVOKED


def test_without_a_token_no_server_is_asked(smtp_server: ScriptedServer) -> None:
    failure = refused(route_with(smtp_server, FixedTokens(scopes=SCOPES, ends=REVOKED))).failure

    assert failure == REVOKED
    assert smtp_server.connections == 0


def test_a_server_that_rests_is_not_asked_with_another_token(smtp_server: ScriptedServer) -> None:
    smtp_server.takes_tokens("another")
    smtp_server.answers("AUTH", "454 4.7.0 Temporary authentication failure")
    tokens = FixedTokens("first", "second", scopes=SCOPES)

    failure = refused(route_with(smtp_server, tokens)).failure

    assert failure.is_temporary
    assert tokens.refused == []


def test_a_server_that_takes_passwords_only_is_told_so(smtp_server: ScriptedServer) -> None:
    failure = refused(route_with(smtp_server, FixedTokens("first", scopes=SCOPES))).failure

    assert failure.trouble is Trouble.LOGIN_METHOD_MISSING
    assert failure.text == "the server takes no token (PLAIN LOGIN)"


@pytest.mark.parametrize(
    ("username", "account", "stage"),
    [
        ("", "ben@nordwind.example", None),
        ("", "Ben@Nordwind.example", None),
        ("anna@nordwind.example", "anna@nordwind.example", None),
        ("", "anna@nordwind.example", Stage.IDENTITY),
        ("anna@nordwind.example", "ben@nordwind.example", Stage.IDENTITY),
    ],
)
def test_whoever_signed_in_must_be_who_logs_in(
    smtp_server: ScriptedServer, username: str, account: str, stage: Stage | None
) -> None:
    smtp_server.takes_tokens("first")
    tokens = FixedTokens("first", scopes=SCOPES, account=account)

    session = SMTP.open(route_with(smtp_server, tokens, username=username))

    assert (session.failure.stage if isinstance(session, Refusal) else None) == stage
    if not isinstance(session, Refusal):
        session.close()


@pytest.mark.parametrize(
    ("scopes", "is_enough"),
    [
        (("https://mail.google.com/",), True),
        (("https://outlook.office.com/SMTP.Send", "openid"), True),
        (("https://outlook.office365.com/.default",), True),
        ((), True),
        (("https://graph.microsoft.com/Mail.Send",), False),
        (("https://www.googleapis.com/auth/gmail.send",), False),
    ],
)
def test_the_consent_must_be_for_smtp(
    smtp_server: ScriptedServer, scopes: tuple[str, ...], is_enough: bool
) -> None:
    smtp_server.takes_tokens("first")

    session = SMTP.open(route_with(smtp_server, FixedTokens("first", scopes=scopes)))

    assert isinstance(session, Refusal) is not is_enough
    if not isinstance(session, Refusal):
        session.close()


def test_an_application_by_itself_logs_in_as_the_mailbox(smtp_server: ScriptedServer) -> None:
    smtp_server.takes_tokens("first")
    tokens = FixedTokens("first", scopes=SCOPES, is_app_only=True)

    opened(route_with(smtp_server, tokens)).close()

    assert smtp_server.logins[0][1].startswith("user=ben@nordwind.example\1")


def test_the_token_is_in_no_transcript_however_the_server_repeats_it(
    smtp_server: ScriptedServer,
) -> None:
    smtp_server.takes_tokens("another")
    smtp_server.challenge = '{"status":"400","saw":"ya29.first"}'
    smtp_server.answers("AUTH", "535 5.7.8 bad token ya29.first")

    refusal = refused(
        route_with(smtp_server, FixedTokens("ya29.first", "ya29.second", scopes=SCOPES))
    )

    told = " ".join(refusal.transcript)
    assert "ya29.first" not in told
    assert "[secret]" in told
