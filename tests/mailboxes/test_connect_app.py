"""A Company Email for which the application acts by itself: certificate, service account."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from pytest_django import Settings

from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.lib.sealing import Secret
from outtray.mailboxes.connect import connect_app
from outtray.mailboxes.disconnect import disconnect
from outtray.mailboxes.models import Grant, Mailbox
from outtray.mailboxes.oauth_apps import AppDraft, save_app
from outtray.mailboxes.routes import route_for
from outtray.people.models import Membership
from outtray.transports.base import Failure, Refusal, Resource, Token
from outtray.transports.smtp.transport import SmtpTransport
from tests.mailboxes.signing_in import BILLING, own_tenant, registered
from tests.servers.oauth.mail import OAuthMail
from tests.servers.oauth.server import CERTIFIED_ID, TENANT, Certified, OAuthServer

pytestmark = pytest.mark.servers


@pytest.fixture
def at() -> datetime:
    return clock.now()


@pytest.fixture(autouse=True)
def stand_ins(oauth_server: OAuthServer, settings: Settings) -> None:
    settings.STAND_INS = oauth_server.stand_ins


def certified(anna: Membership, oauth_server: OAuthServer, *, at: datetime) -> None:
    draft = AppDraft(
        "microsoft",
        CERTIFIED_ID,
        certificate=oauth_server.certified.certificate,
        private_key=Secret(oauth_server.certified.private_key),
        tenant=TENANT,
    )
    save_app(anna, draft, at=at)


def with_service_account(anna: Membership, oauth_server: OAuthServer, *, at: datetime) -> None:
    draft = AppDraft("google", service_account=Secret(oauth_server.service_account))
    save_app(anna, draft, at=at)


def by_itself(anna: Membership, provider: str, *, at: datetime, transport: str = "smtp") -> Mailbox:
    draft = replace(BILLING, transport=transport, settings={} if transport == "gmail" else HOSTS)
    return connect_app(anna, draft, provider=provider, at=at)


HOSTS = {"host": "smtp.office365.com", "port": 587, "security": "starttls"}


def asked_of(mailbox: Mailbox, resource: Resource = Resource.SMTP) -> Token | Failure:
    tokens = route_for(mailbox).tokens
    assert tokens is not None
    assert tokens.is_app_only
    return tokens.access_token(resource)


def test_a_certificate_in_place_of_a_secret_opens_a_mailbox(
    anna: Membership, oauth_server: OAuthServer, at: datetime
) -> None:
    certified(anna, oauth_server, at=at)

    token = asked_of(by_itself(anna, "microsoft", at=at))

    assert isinstance(token, Token), token
    assert token.account == ""
    asked = oauth_server.seen("microsoft")[-1]
    assert asked["grant_type"] == "client_credentials"
    assert asked["path"] == f"/microsoft/{TENANT}/oauth2/v2.0/token"
    assert "client_secret" not in asked


def test_a_certificate_that_was_not_uploaded_is_told(
    anna: Membership, oauth_server: OAuthServer, at: datetime
) -> None:
    another = Certified("another")
    draft = AppDraft(
        "microsoft",
        CERTIFIED_ID,
        certificate=another.certificate,
        private_key=Secret(another.private_key),
        tenant=TENANT,
    )
    save_app(anna, draft, at=at)

    failure = asked_of(by_itself(anna, "microsoft", at=at))

    assert isinstance(failure, Failure)
    assert (failure.identifier, failure.is_temporary) == ("AADSTS700027", False)


@pytest.mark.parametrize(
    ("client_id", "secret", "tenant", "identifier"),
    [
        ("outtray-of-nordwind", "a wrong one", TENANT, "AADSTS7000215"),
        ("nobody", "a secret between us", TENANT, "AADSTS700016"),
        ("outtray-of-nordwind", "a secret between us", "elsewhere.example", "AADSTS90002"),
    ],
)
def test_what_was_entered_wrongly_is_told_by_its_number(
    anna: Membership, at: datetime, client_id: str, secret: str, tenant: str, identifier: str
) -> None:
    save_app(anna, AppDraft("microsoft", client_id, Secret(secret), tenant=tenant), at=at)

    failure = asked_of(by_itself(anna, "microsoft", at=at))

    assert isinstance(failure, Failure)
    assert failure.identifier == identifier


def test_a_service_account_speaks_for_the_mailbox(
    anna: Membership, oauth_server: OAuthServer, at: datetime
) -> None:
    with_service_account(anna, oauth_server, at=at)

    token = asked_of(by_itself(anna, "google", at=at, transport="gmail"), Resource.GMAIL)

    assert isinstance(token, Token), token


def test_a_service_account_without_delegation_is_told(
    anna: Membership, oauth_server: OAuthServer, at: datetime
) -> None:
    with_service_account(anna, oauth_server, at=at)
    oauth_server.set("google", delegated=False)

    failure = asked_of(by_itself(anna, "google", at=at, transport="gmail"), Resource.GMAIL)

    assert isinstance(failure, Failure)
    assert (failure.identifier, failure.is_temporary) == ("unauthorized_client", False)


def test_it_sends_through_a_real_server(
    anna: Membership,
    oauth_server: OAuthServer,
    oauth_mail: OAuthMail,
    settings: Settings,
    at: datetime,
) -> None:
    settings.CA_FILE = str(oauth_mail.ca_file)
    oauth_server.set("microsoft", acts_as="billing@nordwind.example")
    certified(anna, oauth_server, at=at)
    draft = replace(BILLING, settings=oauth_mail.settings("billing@nordwind.example"))

    mailbox = connect_app(anna, draft, provider="microsoft", at=at)
    session = SmtpTransport().open(route_for(mailbox))

    assert not isinstance(session, Refusal), session
    session.close()


def test_one_tenant_is_needed_at_microsoft_and_a_service_account_at_google(
    anna: Membership, at: datetime
) -> None:
    for provider in ("google", "microsoft"):
        registered(anna, provider, at=at)

    codes = []
    for provider, transport in (("microsoft", "smtp"), ("google", "gmail")):
        with pytest.raises(Refused) as refused:
            by_itself(anna, provider, at=at, transport=transport)
        codes.append(refused.value.code)

    assert codes == ["tenant_needed", "service_account_needed"]


def test_only_company_emails_and_only_by_an_administrator(
    anna: Membership, ben: Membership, at: datetime
) -> None:
    own_tenant(anna, at=at)

    for membership, draft in (
        (anna, replace(BILLING, whose="user", address="anna@nordwind.example")),
        (ben, BILLING),
    ):
        with pytest.raises(Refused) as refused:
            connect_app(membership, draft, provider="microsoft", at=at)
        assert refused.value.code == "not_allowed"
    assert not Mailbox.objects.exists()


def test_disconnecting_leaves_nothing_to_revoke(
    anna: Membership, oauth_server: OAuthServer, at: datetime
) -> None:
    with_service_account(anna, oauth_server, at=at)
    mailbox = by_itself(anna, "google", at=at, transport="gmail")

    done = disconnect(anna, mailbox, at=at)

    assert done is False
    assert not Grant.objects.exists()
