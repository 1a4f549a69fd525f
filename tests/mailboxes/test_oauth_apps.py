"""What the administrator enters about Google and Microsoft, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from outtray.lib.errors import Refused
from outtray.lib.sealing import Secret
from outtray.mailboxes.keyring import ring
from outtray.mailboxes.models import Grant, OAuthApp
from outtray.mailboxes.oauth_apps import (
    AppDraft,
    apps_of,
    delete_app,
    redirect_uri,
    save_app,
    scopes_to_copy,
)
from outtray.mailboxes.oauth_secrets import client_of
from outtray.mailboxes.rotation import rotate
from outtray.people.models import Membership
from tests.builders import user_email
from tests.servers.oauth.server import Certified

GOOGLE = AppDraft("google", "an-id.apps.example", Secret("a secret"))
MICROSOFT = AppDraft("microsoft", "an-id", Secret("a secret"))


@pytest.fixture(scope="module")
def certified() -> Certified:
    return Certified("outtray")


def refusal(membership: Membership, draft: AppDraft, at: datetime) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        save_app(membership, draft, at=at)
    return refused.value.code, refused.value.field


def test_the_secret_is_sealed_and_never_read_back(anna: Membership, at: datetime) -> None:
    app = save_app(anna, GOOGLE, at=at)

    assert b"a secret" not in bytes(OAuthApp.objects.get().sealed)
    assert app.has_secret
    assert client_of(app).secret == Secret("a secret")
    assert "a secret" not in repr(client_of(app))


def test_saving_without_a_secret_keeps_the_stored_one(anna: Membership, at: datetime) -> None:
    save_app(anna, GOOGLE, at=at)

    app = save_app(anna, replace(GOOGLE, client_id="another", secret=None), at=at)

    assert client_of(app).secret == Secret("a secret")
    assert (OAuthApp.objects.get().client_id, app.has_secret) == ("another", True)


def test_a_certificate_takes_the_place_of_the_secret_and_knows_its_end(
    anna: Membership, certified: Certified, at: datetime
) -> None:
    save_app(anna, MICROSOFT, at=at)

    app = save_app(
        anna,
        AppDraft(
            "microsoft",
            "an-id",
            certificate=certified.certificate,
            private_key=Secret(certified.private_key),
        ),
        at=at,
    )

    assert not app.has_secret
    assert app.secret_expires_at == certified.ends_at
    assert client_of(app).secret is None
    assert "PRIVATE KEY" not in app.certificate


def test_certificate_and_key_may_come_in_one_file(
    anna: Membership, certified: Certified, at: datetime
) -> None:
    both = certified.certificate + certified.private_key

    app = save_app(anna, AppDraft("microsoft", "an-id", certificate=both), at=at)

    assert app.certificate.strip() == certified.certificate.strip()
    assert client_of(app).private_key is not None


def _elliptic() -> str:
    return (
        ec.generate_private_key(ec.SECP256R1())
        .private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        .decode()
    )


def test_what_cannot_work_is_refused_with_its_field(
    anna: Membership, certified: Certified, at: datetime
) -> None:
    other = Certified("another")
    with_key = replace(
        MICROSOFT,
        certificate=certified.certificate,
        private_key=Secret(certified.private_key),
    )

    refused = [
        refusal(anna, draft, at)
        for draft in (
            replace(GOOGLE, client_id=""),
            replace(GOOGLE, secret=None),
            replace(GOOGLE, client_id="two\nlines"),
            replace(GOOGLE, provider="yahoo"),
            replace(GOOGLE, service_account=Secret("{}")),
            replace(with_key, provider="google"),
            replace(with_key, certificate="no certificate"),
            replace(with_key, private_key=Secret("no key")),
            replace(with_key, private_key=Secret(_elliptic())),
            replace(with_key, private_key=Secret(other.private_key)),
            replace(MICROSOFT, tenant="our tenant"),
            replace(MICROSOFT, cloud="cumulus"),
            replace(MICROSOFT, service_account=Secret("{}")),
        )
    ]

    assert refused == [
        ("client_id_missing", "client_id"),
        ("client_secret_missing", "secret"),
        ("bad_text", "client_id"),
        ("unknown_provider", "provider"),
        ("service_account_unreadable", "service_account"),
        ("certificate_not_taken", "certificate"),
        ("certificate_unreadable", "certificate"),
        ("private_key_unreadable", "private_key"),
        ("private_key_unreadable", "private_key"),
        ("private_key_of_another", "private_key"),
        ("tenant_invalid", "tenant"),
        ("cloud_unknown", "cloud"),
        ("service_account_not_taken", "service_account"),
    ]
    assert not OAuthApp.objects.exists()


def test_only_an_administrator_enters_it_and_only_for_his_company(
    anna: Membership, ben: Membership, clara: Membership, at: datetime
) -> None:
    save_app(anna, GOOGLE, at=at)

    assert refusal(ben, GOOGLE, at) == ("not_allowed", "")
    assert apps_of(clara) == {}
    with pytest.raises(Refused):
        delete_app(clara, "google")
    assert list(apps_of(anna)) == ["google"]


def test_an_app_that_mailboxes_are_connected_by_is_not_deleted(
    anna: Membership, ben: Membership, at: datetime
) -> None:
    app = save_app(anna, GOOGLE, at=at)
    grant = Grant.objects.create(
        mailbox=user_email(ben, at=at), app=app, provider="google", kind="user", granted_at=at
    )

    with pytest.raises(Refused) as refused:
        delete_app(anna, "google")
    grant.delete()
    delete_app(anna, "google")

    assert refused.value.code == "oauth_app_in_use"
    assert not OAuthApp.objects.exists()


def test_what_is_to_be_copied_is_exact() -> None:
    assert redirect_uri("google") == f"{settings.BASE_URL}/mailboxes/connected/google/"
    assert scopes_to_copy("google") == (
        "https://www.googleapis.com/auth/gmail.send",
        "https://mail.google.com/",
    )
    assert "https://microsoftgraph.chinacloudapi.cn/Mail.Send" in scopes_to_copy(
        "microsoft", cloud="china"
    )


def test_keys_are_exchanged_under_the_apps_too(anna: Membership, at: datetime) -> None:
    app = save_app(anna, GOOGLE, at=at)

    done = rotate(at=at + timedelta(days=1))

    app = OAuthApp.objects.get(pk=app.pk)
    assert done == (1, 0)
    assert app.key_id == ring().current
    assert client_of(app).secret == Secret("a secret")
