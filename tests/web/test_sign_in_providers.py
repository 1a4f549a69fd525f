"""Settings, Sign-in providers: what an administrator has registered at Google and Microsoft."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from outtray.lib import clock
from outtray.mailboxes.models import OAuthApp
from outtray.mailboxes.oauth_apps import redirect_uri
from outtray.mailboxes.oauth_secrets import secrets_of
from outtray.people.models import Membership
from tests.web.conftest import SignedIn

SECRET = "GOCSPX-never-to-be-seen-again"
GOOGLE = {"google-client_id": "123.apps.googleusercontent.com", "google-secret": SECRET}
MICROSOFT = {
    "microsoft-client_id": "11111111-2222-3333-4444-555555555555",
    "microsoft-secret": SECRET,
    "microsoft-tenant": "nordwind.example",
    "microsoft-cloud": "global",
}


def save(provider: str) -> str:
    return reverse("save_sign_in_provider", args=[provider])


def test_what_was_registered_is_saved_and_its_secret_never_comes_out(
    anna: Membership, signed_in: SignedIn
) -> None:
    browser = signed_in(anna)

    saved = browser.post(save("google"), GOOGLE, follow=True)
    page = browser.get(reverse("sign_in_providers"))

    app = OAuthApp.objects.get(company=anna.company)
    assert (app.provider, app.client_id, app.has_secret) == (
        "google",
        GOOGLE["google-client_id"],
        True,
    )
    assert b"Mailboxes can be connected now" in saved.content
    assert b"A secret is stored" in page.content
    assert SECRET.encode() not in saved.content + page.content


def test_an_empty_secret_keeps_the_stored_one(anna: Membership, signed_in: SignedIn) -> None:
    browser = signed_in(anna)
    browser.post(save("microsoft"), MICROSOFT)

    browser.post(
        save("microsoft"), {**MICROSOFT, "microsoft-secret": "", "microsoft-cloud": "usgov"}
    )

    app = OAuthApp.objects.get()
    assert app.cloud == "usgov"
    assert secrets_of(app).secret == SECRET


def test_redirect_address_and_scopes_stand_there_to_be_copied(
    anna: Membership, signed_in: SignedIn
) -> None:
    page = signed_in(anna).get(reverse("sign_in_providers")).content.decode()

    for provider in ("google", "microsoft"):
        assert f'<code id="{provider}-redirect">{redirect_uri(provider)}</code>' in page
    assert "https://www.googleapis.com/auth/gmail.send" in page
    assert "https://graph.microsoft.com/Mail.Send" in page


def test_the_redirect_address_is_one_that_the_site_answers(
    anna: Membership, signed_in: SignedIn
) -> None:
    path = redirect_uri("google").partition("://")[2].partition("/")[2]

    assert f"/{path}" == reverse("mailbox_connected", args=["google"])


def test_what_is_missing_is_said_at_its_field(anna: Membership, signed_in: SignedIn) -> None:
    browser = signed_in(anna)

    nothing = browser.post(save("google"), {})
    wrong = browser.post(
        save("microsoft"),
        {**MICROSOFT, "microsoft-certificate": SimpleUploadedFile("c.pem", b"no certificate")},
    )

    assert b"Enter the client id" in nothing.content
    assert b"This is no certificate" in wrong.content
    assert not OAuthApp.objects.exists()


def test_a_secret_that_ends_soon_is_warned_of(anna: Membership, signed_in: SignedIn) -> None:
    browser = signed_in(anna)
    ends_on = (clock.now() + timedelta(days=12)).date()

    browser.post(save("microsoft"), {**MICROSOFT, "microsoft-secret_expires_on": f"{ends_on}"})
    page = browser.get(reverse("sign_in_providers"))

    assert b"The client secret ends" in page.content


def test_it_is_removed_again(anna: Membership, signed_in: SignedIn) -> None:
    browser = signed_in(anna)
    browser.post(save("google"), GOOGLE)

    browser.post(reverse("remove_sign_in_provider", args=["google"]))

    assert not OAuthApp.objects.exists()


@pytest.mark.parametrize("name", ["save_sign_in_provider", "remove_sign_in_provider"])
def test_only_an_administrator_registers(ben: Membership, signed_in: SignedIn, name: str) -> None:
    browser = signed_in(ben)

    assert browser.get(reverse("sign_in_providers")).status_code == 403
    assert browser.post(reverse(name, args=["google"]), GOOGLE).status_code == 403
    assert not OAuthApp.objects.exists()
