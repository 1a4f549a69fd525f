"""Connect and Disconnect on the set-up pages, without a browser and without a provider."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from outtray.diagnosis.models import Probe
from outtray.diagnosis.probes import run_probe
from outtray.lib.sealing import Secret
from outtray.mailboxes.models import Grant, Mailbox, OAuthApp
from outtray.mailboxes.oauth_apps import AppDraft, save_app
from outtray.people.models import Membership
from tests import builders
from tests.servers.scripted import ScriptedServer
from tests.web.conftest import SignedIn

FRAGMENT = {"HX-Request": "true"}


def typed(**changes: str) -> Mapping[str, str]:
    """A mailbox of the Email Services, as its page posts it when Connect is pressed."""
    return {
        "address": "ben@nordwind.example",
        "display_name": "Ben of the harbour",
        "reply_to": "",
        "service_type": "email_services",
        "way": "smtp",
        "sign_in": "google",
        **changes,
    }


@pytest.fixture
def google(anna: Membership, at: datetime) -> OAuthApp:
    draft = AppDraft(provider="google", client_id="nordwind", secret=Secret("quiet"))
    return save_app(anna, draft, at=at)


def connected(membership: Membership, app: OAuthApp, *, at: datetime) -> Mailbox:
    """A User Email that was connected."""
    mailbox = builders.user_email(membership, at=at)
    mailbox.service_type, mailbox.sign_in = "email_services", app.provider
    mailbox.settings = {**mailbox.settings, "host": "smtp.gmail.com"}
    mailbox.save()
    Grant.objects.create(
        mailbox=mailbox,
        app=app,
        provider=app.provider,
        kind=Grant.Kind.USER,
        account=mailbox.address,
        granted_at=at,
    )
    return mailbox


def test_connect_leads_to_the_provider_with_all_that_it_asks_for(
    ben: Membership, google: OAuthApp, signed_in: SignedIn
) -> None:
    answer = signed_in(ben).post(reverse("user_email_connection"), typed(), headers=FRAGMENT)

    address = urlsplit(answer.headers["HX-Redirect"])
    asked = parse_qs(address.query)
    assert address.netloc == "accounts.google.com"
    assert asked["client_id"] == [google.client_id]
    assert asked["redirect_uri"][0].endswith(reverse("mailbox_connected", args=["google"]))
    assert asked["code_challenge_method"] == ["S256"]
    assert not Mailbox.objects.exists()


def test_connect_works_without_scripts_by_one_link_more(
    ben: Membership, google: OAuthApp, signed_in: SignedIn
) -> None:
    answer = signed_in(ben).post(reverse("user_email_connection"), typed())

    assert b'href="https://accounts.google.com/' in answer.content
    assert b"Continue to Google" in answer.content


def test_what_is_wrong_is_said_before_anybody_is_sent_away(
    ben: Membership, google: OAuthApp, signed_in: SignedIn
) -> None:
    wrong = typed(address="ben@@nordwind.example")

    answer = signed_in(ben).post(reverse("user_email_connection"), wrong, headers=FRAGMENT)

    assert "HX-Redirect" not in answer.headers
    assert b"Look at this first" in answer.content


def test_without_a_registration_a_person_is_told_whom_to_ask(
    anna: Membership, ben: Membership, signed_in: SignedIn
) -> None:
    page = {"service_type": "email_services"}

    bens = signed_in(ben).get(reverse("user_email"), page).content.decode()
    annas = signed_in(anna).get(reverse("user_email"), page).content.decode()

    assert "ask Anna Andresen" in bens
    assert f'href="{reverse("sign_in_providers")}#google"' in annas


def test_who_did_not_allow_it_finds_his_page_as_he_left_it(
    ben: Membership, google: OAuthApp, signed_in: SignedIn
) -> None:
    browser = signed_in(ben)
    sent = browser.post(reverse("user_email_connection"), typed(), headers=FRAGMENT)
    state = parse_qs(urlsplit(sent.headers["HX-Redirect"]).query)["state"][0]

    back = browser.get(
        reverse("mailbox_connected", args=["google"]),
        {"state": state, "error": "access_denied"},
        follow=True,
    )
    later = browser.get(reverse("user_email"))

    page = back.content.decode()
    assert back.redirect_chain == [(reverse("user_email"), 302)]
    assert "Nothing was connected" in page
    assert "You did not allow it" in page
    assert 'value="Ben of the harbour"' in page
    assert "Nothing was connected" not in later.content.decode()


def test_a_sign_in_that_was_not_begun_here_is_refused_in_words(
    ben: Membership, google: OAuthApp, signed_in: SignedIn
) -> None:
    answer = signed_in(ben).get(
        reverse("mailbox_connected", args=["google"]), {"state": "x", "code": "y"}, follow=True
    )

    assert b"not begun here by you" in answer.content
    assert not Mailbox.objects.exists()


def test_a_connected_mailbox_says_as_whom_and_since_when(
    ben: Membership, google: OAuthApp, signed_in: SignedIn, at: datetime
) -> None:
    connected(ben, google, at=at)

    page = signed_in(ben).get(reverse("user_email")).content.decode()

    assert "Connected as <strong>ben@nordwind.example</strong>" in page
    assert "Connect again" in page
    assert 'type="password"' not in page


def test_another_name_is_saved_without_connecting_again_but_not_another_address(
    ben: Membership, google: OAuthApp, signed_in: SignedIn, at: datetime
) -> None:
    mailbox = connected(ben, google, at=at)
    browser = signed_in(ben)

    browser.post(reverse("user_email"), typed(display_name="Ben B."))
    moved = browser.post(reverse("user_email"), typed(address="eve@nordwind.example"))

    mailbox.refresh_from_db()
    assert (mailbox.display_name, mailbox.address) == ("Ben B.", "ben@nordwind.example")
    assert b"Press Connect and sign in at Google" in moved.content


def test_what_a_sign_in_granted_is_never_used_as_a_password(
    ben: Membership, google: OAuthApp, signed_in: SignedIn, at: datetime
) -> None:
    connected(ben, google, at=at)
    web_mail = {
        **typed(service_type="web_mail"),
        "host": "smtp.gmail.com",
        "port": "465",
        "security": "tls",
        "username": "ben@nordwind.example",
        "password": "",
    }

    answer = signed_in(ben).post(reverse("user_email"), web_mail)

    assert b"Enter the password of this mailbox" in answer.content
    assert Mailbox.objects.get().service_type == "email_services"


def test_a_password_typed_for_a_connected_mailbox_is_tried_instead_of_its_consent(
    ben: Membership,
    google: OAuthApp,
    signed_in: SignedIn,
    at: datetime,
    smtp_server: ScriptedServer,
) -> None:
    connected(ben, google, at=at)
    web_mail = {
        **typed(service_type="web_mail"),
        **{name: str(value) for name, value in smtp_server.settings().items()},
        "password": "a new beginning",
    }

    signed_in(ben).post(reverse("user_email_probes"), web_mail)
    probe = run_probe(Probe.objects.get().pk)

    assert probe.state == Probe.State.PASSED, probe.explanation


def test_clara_connects_and_disconnects_nothing_of_nordwind(
    clara: Membership, ben: Membership, google: OAuthApp, signed_in: SignedIn, at: datetime
) -> None:
    mailbox = connected(ben, google, at=at)
    browser = signed_in(clara)

    for name in ("mailbox_connection", "mailbox_app_connection", "mailbox_disconnection"):
        answer = browser.post(reverse(name, args=[mailbox.pk]), typed())
        assert answer.status_code == 404
    assert Grant.objects.filter(mailbox=mailbox).exists()
