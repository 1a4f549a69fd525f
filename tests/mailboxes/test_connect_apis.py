"""Who signed in and for whom, seen by Validate through Graph and Gmail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from pytest_django import Settings

from outtray.diagnosis.models import Probe
from outtray.diagnosis.probes import run_probe, start_probe
from outtray.lib import clock
from outtray.lib.sealing import Secret
from outtray.mailboxes.connect import connect_app
from outtray.mailboxes.models import Health, Mailbox
from outtray.mailboxes.oauth_apps import AppDraft, save_app
from outtray.mailboxes.routes import route_for
from outtray.people.models import Membership
from outtray.transports.base import Resource, Stage, Token
from tests.mailboxes.signing_in import GOOGLE, connected, registered
from tests.servers.gmail import GmailServer
from tests.servers.graph import GraphServer
from tests.servers.oauth.server import CERTIFIED_ID, TENANT, OAuthServer

pytestmark = pytest.mark.servers

GRAPH = replace(GOOGLE, sign_in="microsoft", transport="graph")
BILLING = replace(GRAPH, whose="company", name="Billing", address="billing@nordwind.example")
GMAIL_SEND = "https://www.googleapis.com/auth/gmail.send"
GRAPH_SCOPES = ("Mail.Send", "Mail.ReadWrite")


@pytest.fixture
def at() -> datetime:
    return clock.now()


@pytest.fixture
def graph(oauth_server: OAuthServer, settings: Settings) -> Iterator[GraphServer]:
    server = GraphServer()
    settings.STAND_INS = {**oauth_server.stand_ins, "graph": server.url}
    yield server
    server.stop()


@pytest.fixture
def gmail(oauth_server: OAuthServer, settings: Settings) -> Iterator[GmailServer]:
    server = GmailServer()
    settings.STAND_INS = {**oauth_server.stand_ins, "gmail": server.url}
    yield server
    server.stop()


def token_of(mailbox: Mailbox, resource: Resource) -> Token:
    tokens = route_for(mailbox).tokens
    assert tokens is not None
    token = tokens.access_token(resource)
    assert isinstance(token, Token), token
    return token


def validated(membership: Membership, mailbox: Mailbox, *, at: datetime) -> Probe:
    return run_probe(start_probe(membership, mailbox, at=at).pk)


def test_by_graph(anna: Membership, ben: Membership, graph: GraphServer, at: datetime) -> None:
    registered(anna, "microsoft", at=at)
    mailbox = connected(ben, GRAPH, at=at)
    graph.grants(token_of(mailbox, Resource.GRAPH).value.value, *GRAPH_SCOPES)

    probe = validated(ben, mailbox, at=at)

    assert probe.state == "passed", probe.findings[-1]
    assert Mailbox.objects.get(pk=mailbox.pk).health == Health.READY


def test_by_gmail(anna: Membership, ben: Membership, gmail: GmailServer, at: datetime) -> None:
    registered(anna, "google", at=at)
    mailbox = connected(ben, GOOGLE, at=at)
    gmail.grants(token_of(mailbox, Resource.GMAIL).value.value, GMAIL_SEND)

    probe = validated(ben, mailbox, at=at)

    assert probe.state == "passed", probe.findings[-1]


def test_another_account_than_the_mailboxs_is_told(
    anna: Membership, ben: Membership, graph: GraphServer, at: datetime
) -> None:
    registered(anna, "microsoft", at=at)
    mailbox = connected(ben, GRAPH, at=at, account="anna@nordwind.example")
    graph.grants(token_of(mailbox, Resource.GRAPH).value.value, *GRAPH_SCOPES)

    probe = validated(ben, mailbox, at=at)

    assert (probe.state, probe.findings[-1]["stage"]) == ("failed", Stage.IDENTITY)
    assert (probe.explanation or {})["cause"] == "oauth_user_mismatch"


def test_whoever_may_send_as_a_shared_mailbox_signs_in_for_it(
    anna: Membership, graph: GraphServer, at: datetime
) -> None:
    registered(anna, "microsoft", at=at)
    shared = replace(BILLING, settings={"send_as": BILLING.address})
    graph.account = "anna@nordwind.example"
    graph.profile = {"mail": graph.account}
    graph.shares(BILLING.address, "send_as")

    mailbox = connected(anna, shared, at=at, account="anna@nordwind.example")
    token = token_of(mailbox, Resource.GRAPH)
    graph.grants(token.value.value, *GRAPH_SCOPES, "Mail.Send.Shared", "Mail.ReadWrite.Shared")
    probe = validated(anna, mailbox, at=at)

    assert "https://graph.microsoft.com/Mail.Send.Shared" in token.scopes
    assert probe.state == "passed", probe.findings[-1]


def test_an_application_by_itself_sends_from_a_company_email(
    anna: Membership, oauth_server: OAuthServer, graph: GraphServer, at: datetime
) -> None:
    draft = AppDraft(
        "microsoft",
        CERTIFIED_ID,
        certificate=oauth_server.certified.certificate,
        private_key=Secret(oauth_server.certified.private_key),
        tenant=TENANT,
    )
    save_app(anna, draft, at=at)
    graph.account = BILLING.address
    graph.profile = {"mail": graph.account}

    mailbox = connect_app(anna, BILLING, provider="microsoft", at=at)
    graph.grants(token_of(mailbox, Resource.GRAPH).value.value, ".default")
    probe = validated(anna, mailbox, at=at)

    assert probe.state == "passed", probe.findings[-1]


def test_a_service_account_sends_from_a_company_email(
    anna: Membership, oauth_server: OAuthServer, gmail: GmailServer, at: datetime
) -> None:
    save_app(anna, AppDraft("google", service_account=Secret(oauth_server.service_account)), at=at)
    billing = replace(BILLING, sign_in="google", transport="gmail")

    mailbox = connect_app(anna, billing, provider="google", at=at)
    gmail.grants(token_of(mailbox, Resource.GMAIL).value.value, GMAIL_SEND)
    probe = validated(anna, mailbox, at=at)

    assert probe.state == "passed", probe.findings[-1]
