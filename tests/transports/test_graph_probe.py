"""Validate through Graph: each stage says what it found, and the first failure ends it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from outtray.lib.errors import Refused
from outtray.mail.envelope import Envelope
from outtray.transports.base import Finding, Route, Scope, Stage, Trouble
from outtray.transports.graph.patience import Patience
from outtray.transports.graph.settings import read
from outtray.transports.graph.transport import GraphTransport
from outtray.transports.registry import TRANSPORTS
from outtray.transports.web_failures import own_failure
from tests.servers.graph import GraphServer, refuses
from tests.servers.ledger_deeds import Deed
from tests.servers.tokens import FixedTokens
from tests.transports.graph_cases import (
    BEN,
    BOTH,
    LATE,
    SALES,
    SEND,
    TOKEN,
    WRITE,
    graph,
    letter,
    route_to,
    tokens,
)

__all__ = ["graph"]


def probed(route: Route, *, watched: Patience | None = None) -> list[Finding]:
    transport = GraphTransport(watched=watched) if watched else GraphTransport()
    octets = letter(sender=route.sender, to=(route.sender,))
    return list(transport.probe(route, Envelope(route.sender, (route.sender,)), octets))


def test_a_mailbox_that_works_passes_all_stages(graph: GraphServer) -> None:
    findings = probed(route_to(graph))

    assert tuple(finding.stage for finding in findings) == GraphTransport.stages
    assert all(finding.ok for finding in findings)
    assert findings[1].facts["account"] == str(BEN)
    assert "advice" not in findings[2].facts
    assert [sent.recipients for sent in graph.sent] == [(str(BEN),)]
    assert graph.complaints == []


def test_to_be_allowed_to_send_is_enough_with_advice(graph: GraphServer) -> None:
    graph.grants(TOKEN, SEND)

    findings = probed(route_to(graph, tokens(SEND)))

    assert all(finding.ok for finding in findings)
    assert "Mail.ReadWrite" in findings[2].facts["advice"]
    assert graph.requests == ["POST /v1.0/me/sendMail"]


def test_without_permission_to_send_it_ends_there(graph: GraphServer) -> None:
    findings = probed(route_to(graph, tokens("openid", WRITE)))

    assert [finding.stage for finding in findings][-1] is Stage.SCOPES
    failure = findings[-1].failure
    assert failure is not None
    assert (failure.scope, failure.identifier) == (Scope.MAILBOX, "insufficient_scope")
    assert graph.requests == []


def test_a_sign_in_that_ended_is_told_at_the_token(graph: GraphServer) -> None:
    ended = own_failure(Trouble.SETTINGS, "AADSTS700082: expired", stage=Stage.TOKEN)

    findings = probed(route_to(graph, FixedTokens(scopes=BOTH, ends=ended)))

    assert [finding.stage for finding in findings] == [Stage.SETTINGS, Stage.TOKEN]
    assert findings[-1].failure == ended


def test_another_account_than_the_mailbox_is_told(graph: GraphServer) -> None:
    graph.grants(TOKEN, SEND, WRITE, "User.Read")
    graph.profile = {"mail": "anna@nordwind.example", "proxyAddresses": []}

    findings = probed(route_to(graph, tokens(account="anna@nordwind.example")))

    assert findings[-1].stage is Stage.IDENTITY
    assert "anna@nordwind.example" in findings[-1].detail
    assert str(BEN) in findings[-1].detail
    assert graph.sent == []


def test_without_permission_to_ask_the_name_that_signed_in_counts(graph: GraphServer) -> None:
    findings = probed(route_to(graph, tokens(account="anna@nordwind.example")))

    assert findings[-1].stage is Stage.IDENTITY
    assert not findings[-1].ok


def test_whoever_signs_in_by_another_name_has_his_address(graph: GraphServer) -> None:
    graph.grants(TOKEN, SEND, WRITE, "User.Read")
    graph.profile = {
        "mail": "Ben@Nordwind.example",
        "proxyAddresses": ["SMTP:ben@nordwind.example"],
    }

    findings = probed(route_to(graph, tokens(account="b.behrens@nordwind.onmicrosoft.com")))

    assert all(finding.ok for finding in findings)
    assert graph.complaints == []


def test_an_alias_is_led_to_send_as(graph: GraphServer) -> None:
    graph.grants(TOKEN, SEND, WRITE, "User.Read")
    graph.profile = {
        "mail": str(BEN),
        "proxyAddresses": ["SMTP:ben@nordwind.example", "smtp:Rechnung@nordwind.example"],
    }

    findings = probed(route_to(graph, sender=SALES))

    assert findings[-1].stage is Stage.IDENTITY
    assert findings[-1].detail.endswith("an alias of it: enter it as Send as")


def test_who_may_send_as_the_address_passes(graph: GraphServer) -> None:
    graph.shares(str(SALES), "send_as")
    held = tokens(SEND, WRITE, "Mail.Send.Shared")

    findings = probed(route_to(graph, held, sender=SALES, send_as=str(SALES)))

    assert all(finding.ok for finding in findings)
    assert graph.sent[0].sender == str(SALES)


def test_send_as_another_address_than_the_mailbox_is_told(graph: GraphServer) -> None:
    findings = probed(route_to(graph, send_as=str(SALES)))

    assert findings[-1].stage is Stage.IDENTITY
    assert not findings[-1].ok


def test_who_may_not_send_as_the_address_hears_it_from_the_server(graph: GraphServer) -> None:
    findings = probed(route_to(graph, sender=SALES, send_as=str(SALES)))

    failure = findings[-1].failure
    assert failure is not None
    assert (failure.stage, failure.identifier) == (Stage.SEND, "ErrorSendAsDenied")


def test_a_mailbox_that_is_not_in_the_cloud_is_told(graph: GraphServer) -> None:
    graph.has_mailbox = False

    findings = probed(route_to(graph))

    failure = findings[-1].failure
    assert failure is not None
    assert (failure.stage, failure.scope) == (Stage.MAILBOX, Scope.MAILBOX)
    assert failure.identifier == "MailboxNotEnabledForRESTAPI"


def test_an_application_of_which_only_exchange_knows_what_it_may_passes(
    graph: GraphServer,
) -> None:
    graph.grants(TOKEN, ".default")

    findings = probed(route_to(graph, tokens(".default", is_app_only=True)))

    assert all(finding.ok for finding in findings)
    assert graph.requests[-1] == "POST /v1.0/users/ben@nordwind.example/sendMail"


def test_a_server_that_never_answers_ends_it_soon(graph: GraphServer) -> None:
    graph.told.always("LOOK", Deed(waits=LATE))
    hasty = Patience(connect=2, look=5, answer=10, all=0.3)

    findings = probed(route_to(graph), watched=hasty)

    failure = findings[-1].failure
    assert failure is not None
    assert (failure.stage, failure.trouble) == (Stage.MAILBOX, Trouble.TIMED_OUT)


def test_a_refused_test_mail_is_told(graph: GraphServer) -> None:
    graph.told.once("SEND", refuses(429, "ErrorSendQuotaExceeded", "The sending limit is used up."))

    findings = probed(route_to(graph))

    failure = findings[-1].failure
    assert failure is not None
    assert (failure.scope, failure.is_temporary) == (Scope.MAILBOX, True)


def test_a_route_to_a_place_that_is_no_cloud_ends_at_once(graph: GraphServer) -> None:
    route = route_to(graph)

    findings = probed(replace(route, settings={"cloud": "mars"}))

    assert [finding.stage for finding in findings] == [Stage.SETTINGS]
    assert not findings[0].ok


@pytest.mark.parametrize(
    ("cloud", "place"),
    [
        ("", "https://graph.microsoft.com/v1.0"),
        ("usgov", "https://graph.microsoft.us/v1.0"),
        ("china", "https://microsoftgraph.chinacloudapi.cn/v1.0"),
        ("delos", "https://graph.svc.sovcloud.de/v1.0"),
    ],
)
def test_each_cloud_is_asked_at_its_own_place(cloud: str, place: str) -> None:
    assert read({"cloud": cloud}).url == place


def test_settings_are_kept_clean_and_without_a_stand_in() -> None:
    transport = TRANSPORTS["graph"]

    kept = transport.check(
        {
            "send_as": " rechnung@Nordwind.example ",
            "sent_by": "Shared",
            "endpoint": "https://x.example",
        }
    )

    assert kept == {"send_as": "rechnung@nordwind.example", "sent_by": "shared"}
    assert transport.check({"sent_by": "account", "cloud": "global"}) == {}


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"send_as": "nobody"}, "bad_address"),
        ({"sent_by": "pigeon"}, "sent_by_invalid"),
        ({"sent_by": "shared"}, "send_as_required"),
        ({"cloud": "mars"}, "cloud_unknown"),
    ],
)
def test_what_cannot_be_kept_is_refused(settings: dict[str, str], code: str) -> None:
    with pytest.raises(Refused) as refused:
        TRANSPORTS["graph"].check(settings)

    assert refused.value.code == code
    assert refused.value.field


def test_what_pages_and_delivery_read_is_declared() -> None:
    transport = TRANSPORTS["graph"]

    assert {field.name for field in transport.fields} == {"send_as", "sent_by"}
    assert transport.saves_sent is True
    assert transport.pace.messages_per_minute == 30
    assert transport.size_limit == 150_000_000
