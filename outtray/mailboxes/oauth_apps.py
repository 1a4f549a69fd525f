"""What the administrator registers at Google or Microsoft, so that mailboxes can connect."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.db import transaction
from django.db.models import RestrictedError

from outtray.lib.errors import Refused
from outtray.lib.sealing import Secret
from outtray.mail.address import has_control_character
from outtray.mailboxes.keyring import ring
from outtray.mailboxes.models import OAuthApp, SignIn
from outtray.mailboxes.oauth_secrets import AppSecrets, secrets_of
from outtray.people.models import Membership
from outtray.people.permission import require_administrator
from outtray.transports.oauth.assertions import load_private_key
from outtray.transports.oauth.grants import read_service_account
from outtray.transports.oauth.providers import CLOUDS, GOOGLE, MICROSOFT, provider_for

# Names of tenants that stand for many; an application by itself needs one of its own.
MANY_TENANTS = ("common", "organizations", "consumers")
_TENANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,199}")


@dataclass(frozen=True, slots=True)
class AppDraft:
    """An app as typed. A secret of None means: keep the one that is stored.

    A new secret takes the place of the certificate, and the other way round. Certificate, key
    and service account are the texts of their files.
    """

    provider: str
    client_id: str = ""
    secret: Secret | None = field(default=None, repr=False)
    certificate: str = ""
    private_key: Secret | None = field(default=None, repr=False)
    service_account: Secret | None = field(default=None, repr=False)
    tenant: str = ""
    cloud: str = ""
    secret_expires_at: datetime | None = None


def redirect_uri(provider: str) -> str:
    """The exact address to enter at the provider, where people come back to."""
    return f"{settings.BASE_URL}/mailboxes/connected/{provider}/"


def scopes_to_copy(provider: str, *, cloud: str = "") -> tuple[str, ...]:
    """The scopes of all ways out, to be entered at the provider."""
    asked = provider_for(provider, cloud=cloud)
    scopes: Iterable[tuple[str, ...]] = asked.scopes.values()
    return tuple(scope for some in scopes for scope in some)


def apps_of(membership: Membership) -> dict[str, OAuthApp]:
    """The company's apps by provider: whose mailboxes can be connected."""
    found = OAuthApp.objects.filter(company_id=membership.company_id)
    return {app.provider: app for app in found}


def app_for(company_id: UUID, provider: str) -> OAuthApp:
    """The company's app at that provider. Refuses where there is none."""
    app = OAuthApp.objects.filter(company_id=company_id, provider=provider).first()
    if app is None:
        raise Refused(
            "oauth_app_missing",
            "Your administrator must first enter what connects Outtray with this provider.",
        )
    return app


def save_app(membership: Membership, draft: AppDraft, *, at: datetime) -> OAuthApp:
    """Save the company's app at one provider: there is one, and this makes or changes it.

    Refuses what cannot work, with its field. What was connected stays connected as long as
    the client id and the tenant stay the same.
    """
    require_administrator(membership)
    if draft.provider not in SignIn:
        raise Refused("unknown_provider", "There is no such provider.", field="provider")
    with transaction.atomic():
        mine = OAuthApp.objects.select_for_update().filter(
            company_id=membership.company_id, provider=draft.provider
        )
        stored = mine.first()
        app = stored or OAuthApp(
            company_id=membership.company_id, provider=draft.provider, created_at=at
        )
        _fill_in(app, draft, before=secrets_of(stored) if stored else AppSecrets(), at=at)
        app.save()
    return app


def delete_app(membership: Membership, provider: str) -> None:
    """Forget an app that no mailbox is connected by."""
    require_administrator(membership)
    app = OAuthApp.objects.filter(company_id=membership.company_id, provider=provider).first()
    if app is None:
        raise Refused("no_such_oauth_app", "There is no such app.")
    try:
        app.delete()
    except RestrictedError as used:
        raise Refused(
            "oauth_app_in_use",
            "Mailboxes are connected by it. Disconnect them first.",
        ) from used


def _fill_in(app: OAuthApp, draft: AppDraft, *, before: AppSecrets, at: datetime) -> None:
    app.client_id = _line(draft.client_id, field="client_id")
    app.tenant = _tenant(draft) if draft.provider == MICROSOFT else ""
    app.cloud = _cloud(draft) if draft.provider == MICROSOFT else ""
    kept = _secrets(draft, before)
    app.has_secret = bool(kept.secret)
    app.certificate = kept.certificate
    app.service_account = _address_of(kept.service_account)
    if not app.client_id and not app.service_account:
        raise Refused("client_id_missing", "Enter the client id.", field="client_id")
    if app.client_id and not (kept.secret or kept.certificate):
        raise Refused("client_secret_missing", "Enter the client secret.", field="secret")
    ends_at = _ends_at(kept.certificate) if kept.certificate else draft.secret_expires_at
    if ends_at != app.secret_expires_at:
        app.told_days = None
    app.secret_expires_at = ends_at
    keys = ring()
    app.sealed = keys.seal(Secret(kept.to_json()), context=app.sealing_context)
    app.key_id = keys.current
    app.changed_at = at


def _secrets(draft: AppDraft, before: AppSecrets) -> AppSecrets:
    """What was typed, and what is kept of before."""
    service_account = before.service_account
    if draft.service_account is not None and draft.service_account.value.strip():
        service_account = _service_account(draft)
    if draft.certificate.strip() or (draft.private_key and draft.private_key.value.strip()):
        return _certified(draft, service_account)
    if draft.secret is not None and draft.secret.value.strip():
        return AppSecrets(secret=draft.secret.value.strip(), service_account=service_account)
    return AppSecrets(before.secret, before.certificate, before.private_key, service_account)


def _certified(draft: AppDraft, service_account: str) -> AppSecrets:
    """A certificate with the private key that belongs to it; they may come in one file."""
    if draft.provider != MICROSOFT:
        raise Refused(
            "certificate_not_taken",
            "Google takes a client secret, and no certificate.",
            field="certificate",
        )
    key_text = draft.private_key.value if draft.private_key else ""
    try:
        certificate = x509.load_pem_x509_certificate(draft.certificate.encode())
    except ValueError as unread:
        raise Refused(
            "certificate_unreadable",
            "This is no certificate. Choose the PEM file that begins with BEGIN CERTIFICATE.",
            field="certificate",
        ) from unread
    try:
        key = load_private_key(key_text.strip() or draft.certificate)
    except ValueError as unread:
        raise Refused(
            "private_key_unreadable",
            "This is no RSA private key without a password, in a PEM file.",
            field="private_key",
        ) from unread
    whole = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if key.public_key().public_bytes(*whole) != certificate.public_key().public_bytes(*whole):
        raise Refused(
            "private_key_of_another",
            "The private key does not belong to the certificate.",
            field="private_key",
        )
    return AppSecrets(
        certificate=certificate.public_bytes(Encoding.PEM).decode(),
        private_key=key_text.strip() or draft.certificate,
        service_account=service_account,
    )


def _service_account(draft: AppDraft) -> str:
    if draft.provider != GOOGLE or draft.service_account is None:
        raise Refused(
            "service_account_not_taken",
            "Only Google has service accounts.",
            field="service_account",
        )
    text = draft.service_account.value.strip()
    try:
        load_private_key(read_service_account(text).private_key.value)
    except ValueError as unread:
        raise Refused(
            "service_account_unreadable",
            "This is not the key file (JSON) of a service account.",
            field="service_account",
        ) from unread
    return text


def _address_of(service_account: str) -> str:
    return str(json.loads(service_account)["client_email"])[:254] if service_account else ""


def _ends_at(certificate: str) -> datetime:
    ends_at = x509.load_pem_x509_certificate(certificate.encode()).not_valid_after_utc
    return ends_at.astimezone(UTC)


def _tenant(draft: AppDraft) -> str:
    tenant = draft.tenant.strip() or "common"
    if not _TENANT.fullmatch(tenant):
        raise Refused(
            "tenant_invalid",
            "The tenant is its id, one of its domains, or one of common, organizations, consumers.",
            field="tenant",
        )
    return tenant


def _cloud(draft: AppDraft) -> str:
    cloud = draft.cloud.strip() or "global"
    if cloud not in CLOUDS:
        raise Refused("cloud_unknown", "There is no such cloud.", field="cloud")
    return cloud


def _line(text: str, *, field: str) -> str:
    text = text.strip()
    if has_control_character(text) or len(text) > 200:
        raise Refused("bad_text", "This must be one line of at most 200 signs.", field=field)
    return text
