"""Connect at Google and at Microsoft, through the real pages of a local OAuth server."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.test import override_settings
from playwright.sync_api import Page, expect

from outtray.lib import clock
from outtray.lib.sealing import Secret
from outtray.mailboxes.models import Grant, Health, Mailbox
from outtray.mailboxes.oauth_apps import AppDraft, save_app
from outtray.people.models import Membership
from tests.servers.gmail import GmailServer
from tests.servers.graph import GraphServer
from tests.servers.http_wire import Asked, HttpConversation
from tests.servers.oauth.server import ACCOUNTS, CLIENT_ID, CLIENT_SECRET, OAuthServer
from tests.web.browser import DESK, PHONE, overflow, sign_in, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LABELS = {"google": "Google", "microsoft": "Microsoft"}


def _token_in(asked: Asked, key: RSAPublicKey) -> tuple[str, list[str]]:
    """The token in a request, and what it is good for by its own signed words."""
    token = asked.headers.get("authorization", "").removeprefix("Bearer ")
    signed, _, signature = token.rpartition(".")
    try:
        key.verify(_octets(signature), signed.encode(), PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError):
        return token, []
    told = json.loads(_octets(signed.partition(".")[2]))
    return token, str(told["scope"]).split()


def _octets(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class TrustingGmail(GmailServer):
    """Gmail that takes the tokens of one OAuth server."""

    key: RSAPublicKey

    def _handle(self, conversation: HttpConversation, asked: Asked) -> None:
        token, scopes = _token_in(asked, self.key)
        self.grants(token, *scopes)
        super()._handle(conversation, asked)


class TrustingGraph(GraphServer):
    """Graph that takes them. Microsoft names the scopes without its address before them."""

    key: RSAPublicKey

    def _handle(self, conversation: HttpConversation, asked: Asked) -> None:
        token, scopes = _token_in(asked, self.key)
        self.grants(token, *(scope.rpartition("/")[2] for scope in scopes))
        super()._handle(conversation, asked)


@pytest.fixture
def providers(oauth_server: OAuthServer, site: str, anna: Membership) -> Iterator[OAuthServer]:
    """Google and Microsoft on this machine, at which an administrator has registered us."""
    gmail, graph = TrustingGmail(), TrustingGraph()
    key = load_pem_public_key(oauth_server.signing_key)
    assert isinstance(key, RSAPublicKey)
    gmail.key = graph.key = key
    stand_ins = {**oauth_server.stand_ins, "gmail": gmail.url, "graph": graph.url}
    for provider in LABELS:
        draft = AppDraft(provider=provider, client_id=CLIENT_ID, secret=Secret(CLIENT_SECRET))
        save_app(anna, draft, at=clock.now())
    with override_settings(BASE_URL=site, STAND_INS=stand_ins):
        yield oauth_server
    gmail.stop()
    graph.stop()


def _connect(page: Page, provider: str, *, account: str = "ben@nordwind.example") -> None:
    """As far as the provider's page that asks for consent."""
    page.locator(".card-of", has_text="Email Services").click()
    page.get_by_role("button", name=f"Connect to {LABELS[provider]}").click()
    page.get_by_role("textbox", name="Email", exact=True).fill(account)
    page.get_by_role("textbox", name="Password", exact=True).fill(ACCOUNTS[account])
    page.get_by_role("button", name="Next").click()


@pytest.mark.parametrize("provider", ["google", "microsoft"])
def test_connect_validate_and_save(
    page: Page, ben: Membership, providers: OAuthServer, provider: str
) -> None:
    sign_in(page, ben)
    page.goto("/user-email/")

    _connect(page, provider)
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_text("Connected as ben@nordwind.example since")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Validate").click()
    expect(page.get_by_role("heading", name="It works")).to_be_visible()
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("is saved and ready to send")).to_be_visible()
    assert Mailbox.objects.get().health == Health.READY


def test_who_does_not_allow_it_is_back_on_his_page_as_he_left_it(
    page: Page, ben: Membership, providers: OAuthServer
) -> None:
    sign_in(page, ben)
    page.goto("/user-email/")
    page.get_by_label("Display Name").fill("Ben of the harbour")

    _connect(page, "google")
    page.get_by_role("button", name="Cancel").click()

    expect(page.get_by_role("heading", name="Nothing was connected")).to_be_visible()
    expect(page.get_by_label("Display Name")).to_have_value("Ben of the harbour")
    expect(page.get_by_role("button", name="Connect to Google")).to_be_visible()
    assert violations(page) == []
    assert not Mailbox.objects.exists()


def test_validate_says_if_another_account_has_signed_in(
    page: Page, ben: Membership, providers: OAuthServer
) -> None:
    sign_in(page, ben)
    page.goto("/user-email/")

    _connect(page, "google", account="anna@nordwind.example")
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_text("Connected as anna@nordwind.example since")).to_be_visible()
    page.get_by_role("button", name="Validate").click()

    expect(page.get_by_role("heading", name="It does not work yet")).to_be_visible()
    assert violations(page) == []


def test_a_mailbox_is_disconnected_after_a_question(
    page: Page, ben: Membership, providers: OAuthServer
) -> None:
    sign_in(page, ben)
    page.goto("/user-email/")
    _connect(page, "google")
    page.get_by_role("button", name="Allow").click()

    page.get_by_role("button", name="Disconnect…").click()
    assert violations(page) == []
    page.get_by_role("button", name="Disconnect ben@nordwind.example").click()

    expect(page.get_by_text("Google has taken the consent back")).to_be_visible()
    expect(page.get_by_role("button", name="Connect to Google")).to_be_visible()
    assert not Grant.objects.exists()


def test_an_administrator_enters_what_he_registered(
    page: Page, anna: Membership, providers: OAuthServer
) -> None:
    sign_in(page, anna)
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        page.goto("/settings/sign-in-providers/")
        assert (violations(page), overflow(page)) == ([], 0)

    page.locator("#google").get_by_label("Client id").fill("another.apps.googleusercontent.com")
    page.get_by_role("button", name="Save what is entered for Google").click()

    expect(page.get_by_text("Google is saved")).to_be_visible()
    expect(page.locator("#google").get_by_label("Client secret", exact=True)).to_have_value("")
