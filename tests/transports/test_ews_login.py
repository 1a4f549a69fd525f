"""Signing in at an Exchange server: how often, under what name, and to whom."""

from __future__ import annotations

from dataclasses import replace

import pytest

from outtray.mail.envelope import Envelope
from outtray.transports.base import Scope, Source, Stage, Trouble
from tests.servers.authority import Authority
from tests.servers.ews import BY_ADDRESS, BY_DOMAIN, EwsServer
from tests.servers.ews_deeds import Page
from tests.transports.conftest import send
from tests.transports.exchange import opened, probed, refused, route_to

UPN = "ben@nordwind.example"
QUALIFIED = "nordwind.example\\ben"


def test_a_session_signs_in_once_for_many_messages(
    ews_server: EwsServer, authority: Authority, envelope: Envelope
) -> None:
    session = opened(route_to(ews_server, ca_file=authority.ca_file))

    for _ in range(3):
        send(session, envelope)

    assert (ews_server.logins, ews_server.refused) == ([UPN], [])
    assert len(ews_server.mailbox.sent) == 3
    session.close()


@pytest.mark.parametrize(
    ("methods", "known", "settings", "name"),
    [
        (("Negotiate", "NTLM"), BY_ADDRESS, {}, UPN),
        (("NTLM",), BY_DOMAIN, {"login_form": "domain"}, QUALIFIED),
        (("Negotiate",), BY_DOMAIN, {"username": QUALIFIED}, QUALIFIED),
        (("Basic",), BY_ADDRESS, {}, UPN),
        (("Basic",), BY_DOMAIN, {"login_form": "domain"}, QUALIFIED),
        (
            ("NTLM", "Basic"),
            ":ben@corp.example",
            {"username": "ben@corp.example"},
            "ben@corp.example",
        ),
    ],
)
def test_the_name_goes_as_it_is_set(
    ews_server: EwsServer,
    authority: Authority,
    methods: tuple[str, ...],
    known: str,
    settings: dict[str, str],
    name: str,
) -> None:
    ews_server.methods = methods
    ews_server.knows(known)

    opened(route_to(ews_server, ca_file=authority.ca_file, **settings)).close()

    assert set(ews_server.logins) == {name}
    assert ews_server.refused == []


@pytest.mark.parametrize("methods", [("Negotiate", "NTLM"), ("Basic",)])
def test_delivery_tries_a_refused_password_once(
    ews_server: EwsServer, authority: Authority, methods: tuple[str, ...]
) -> None:
    ews_server.methods = methods
    route = route_to(ews_server, ca_file=authority.ca_file, password="guessed")

    failure = refused(route).failure

    assert ews_server.refused == [UPN]
    assert (failure.stage, failure.scope, failure.is_temporary) == (
        Stage.LOGIN,
        Scope.MAILBOX,
        False,
    )
    assert (failure.source, failure.code) == (Source.SERVER, 401)
    assert failure.identifier == "UnauthorizedError"
    assert UPN in failure.text
    assert "guessed" not in failure.text


@pytest.mark.parametrize("methods", [("Negotiate", "NTLM"), ("Basic",)])
def test_delivery_does_not_try_the_other_form_by_itself(
    ews_server: EwsServer, authority: Authority, methods: tuple[str, ...]
) -> None:
    ews_server.methods = methods
    ews_server.knows(BY_DOMAIN)

    refused(route_to(ews_server, ca_file=authority.ca_file))

    assert ews_server.refused == [UPN]


def test_validate_finds_the_form_that_works(
    ews_server: EwsServer, authority: Authority, envelope: Envelope
) -> None:
    ews_server.knows(BY_DOMAIN)

    findings = probed(route_to(ews_server, ca_file=authority.ca_file), envelope)

    assert all(finding.ok for finding in findings), findings
    login = next(finding for finding in findings if finding.stage is Stage.LOGIN)
    assert login.facts["login"] == QUALIFIED
    assert login.facts["login_form"] == "domain"
    assert (ews_server.refused, ews_server.logins) == ([UPN], [QUALIFIED])


def test_validate_tries_two_forms_and_never_a_third(
    ews_server: EwsServer, authority: Authority, envelope: Envelope
) -> None:
    route = route_to(ews_server, ca_file=authority.ca_file, password="guessed")

    last = probed(route, envelope)[-1]

    assert ews_server.refused == [UPN, QUALIFIED]
    assert last.failure is not None
    assert (last.failure.stage, last.failure.identifier) == (Stage.LOGIN, "UnauthorizedError")
    assert UPN in last.detail
    assert QUALIFIED in last.detail
    assert last.facts["server_domain"]


def test_a_locked_account_is_not_knocked_at_again(
    ews_server: EwsServer, authority: Authority, envelope: Envelope
) -> None:
    locked = Page(401, "The referenced account is currently locked out")
    ews_server.always("ConvertId", locked)

    last = probed(route_to(ews_server, ca_file=authority.ca_file), envelope)[-1]

    assert last.failure is not None
    assert last.failure.identifier == "AccountLocked"
    assert ews_server.operations == ["ConvertId"]


def test_a_password_that_changes_during_a_sitting_is_refused_once(
    ews_server: EwsServer, authority: Authority, envelope: Envelope
) -> None:
    ews_server.methods = ("Basic",)
    session = opened(route_to(ews_server, ca_file=authority.ca_file))
    ews_server.knows(":somebody@nordwind.example")

    outcome, announced = send(session, envelope)

    (failure,) = outcome.verdicts
    assert getattr(failure, "stage", None) is Stage.LOGIN
    assert (ews_server.refused, announced) == ([UPN], 0)
    assert not session.usable
    session.close()


def test_a_server_that_hangs_up_after_a_refusal_is_not_taken_for_a_busy_one(
    ews_server: EwsServer, authority: Authority
) -> None:
    ews_server.at("ConvertId", Page(401, "", {"Connection": "close"}))

    failure = refused(route_to(ews_server, ca_file=authority.ca_file)).failure

    assert (failure.identifier, failure.is_temporary) == ("UnauthorizedError", False)
    assert ews_server.operations == ["ConvertId"]


def test_no_name_is_told_before_the_server_has_said_what_it_takes(
    ews_server: EwsServer, authority: Authority
) -> None:
    ews_server.methods = ("Bearer",)

    failure = refused(route_to(ews_server, ca_file=authority.ca_file)).failure

    assert (failure.stage, failure.trouble) == (Stage.LOGIN, Trouble.LOGIN_METHOD_MISSING)
    assert "bearer" in failure.text
    assert (ews_server.anonymous, ews_server.refused) == (1, [])


def test_without_name_and_password_kerberos_is_asked_for(
    ews_server: EwsServer, authority: Authority
) -> None:
    route = route_to(ews_server, ca_file=authority.ca_file, username="", password="")

    failure = refused(route).failure

    assert failure.trouble is Trouble.LOGIN_METHOD_MISSING
    assert "Kerberos" in failure.text
    assert ews_server.refused == []


def test_sessions_of_one_server_and_name_share_nothing(
    ews_server: EwsServer, authority: Authority, envelope: Envelope
) -> None:
    good = route_to(ews_server, ca_file=authority.ca_file)
    first = opened(good)

    second = refused(replace(good, secret=type(good.secret)("guessed")))
    third = opened(good)

    assert second.failure.stage is Stage.LOGIN
    assert ews_server.logins == [UPN, UPN]
    first.close()
    assert send(third, envelope)[1] == 1
    third.close()


def test_the_authority_of_one_route_counts_for_no_other(
    ews_server: EwsServer, authority: Authority
) -> None:
    opened(route_to(ews_server, ca_file=authority.ca_file)).close()

    failure = refused(route_to(ews_server, ca_file="")).failure

    assert (failure.stage, failure.trouble) == (Stage.TLS, Trouble.CERTIFICATE_UNTRUSTED)
