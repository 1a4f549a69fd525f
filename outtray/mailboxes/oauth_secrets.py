"""An OAuth app opened: what it proves itself by, and whom it asks."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from django.conf import settings

from outtray.lib.sealing import Secret
from outtray.mailboxes.keyring import ring
from outtray.mailboxes.models import OAuthApp
from outtray.transports.oauth.grants import Client, ServiceAccount, read_service_account
from outtray.transports.oauth.providers import Provider, provider_for
from outtray.transports.web import Web


@dataclass(frozen=True, slots=True)
class AppSecrets:
    """What is sealed of an app. Each is a text, empty where there is none."""

    secret: str = field(default="", repr=False)
    certificate: str = field(default="", repr=False)
    private_key: str = field(default="", repr=False)
    service_account: str = field(default="", repr=False)

    def to_json(self) -> str:
        return json.dumps(asdict(self))


def secrets_of(app: OAuthApp) -> AppSecrets:
    """What is sealed of it. Never to be shown, stored or logged."""
    opened = ring().open(bytes(app.sealed), context=app.sealing_context)
    return AppSecrets(**json.loads(opened.value))


def provider_of(app: OAuthApp) -> Provider:
    """Its provider, or the server that plays its part in the demo and in tests."""
    return provider_for(
        app.provider,
        cloud=app.cloud,
        tenant=app.tenant,
        stand_in=settings.STAND_INS.get(app.provider, ""),
    )


def client_of(app: OAuthApp) -> Client:
    """It as the token endpoint knows it."""
    kept = secrets_of(app)
    return Client(
        client_id=app.client_id,
        secret=Secret(kept.secret) if kept.secret else None,
        certificate=kept.certificate,
        private_key=Secret(kept.private_key) if kept.private_key else None,
    )


def service_account_of(app: OAuthApp) -> ServiceAccount | None:
    """Its service account, if it has one."""
    kept = secrets_of(app)
    return read_service_account(kept.service_account) if kept.service_account else None


def web() -> Web:
    """The guarded door, under what this installation allows."""
    return Web(settings.ALLOW_LOCAL, tuple(settings.ALLOW_NETWORKS), settings.CA_FILE)
