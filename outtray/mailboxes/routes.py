"""A mailbox as a Route: the only place where its credential is opened."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from django.conf import settings as site
from django.utils.crypto import salted_hmac

from outtray.lib.sealing import Secret
from outtray.mail.address import Address
from outtray.mailboxes.keyring import ring
from outtray.mailboxes.models import Grant, Mailbox, OAuthApp, SignIn
from outtray.mailboxes.oauth_secrets import provider_of
from outtray.mailboxes.presets import PRESETS
from outtray.mailboxes.tokens import MailboxTokens, NoTokens, no_tokens, not_connected
from outtray.transports.base import Route
from outtray.transports.registry import TRANSPORTS

Settings = Mapping[str, str | int]


def route_for(mailbox: Mailbox) -> Route:
    """The way out of this mailbox, for one sitting. Raises CannotOpen if its key is gone."""
    route = route_to(
        mailbox.transport,
        address=mailbox.address,
        settings=mailbox.settings,
        secret=Secret("") if mailbox.sign_in else secret_of(mailbox),
    )
    route = replace(route, files_sent=files_sent(mailbox))
    return signed_in(route, mailbox) if mailbox.sign_in else route


def signed_in(route: Route, mailbox: Mailbox) -> Route:
    """The route with the tokens of a connected mailbox, and no secret.

    `settings` gains the "cloud" of its app, and the "endpoint" of a server that plays the
    provider's part in the demo and in tests.
    """
    grant = Grant.objects.select_related("app").filter(mailbox_id=mailbox.pk).first()
    if grant is None:
        return replace(route, secret=Secret(""), tokens=not_connected())
    settings = {**route.settings, "cloud": grant.app.cloud or "global"}
    settings.pop("endpoint", None)
    if stand_in := site.STAND_INS.get(route.transport):
        settings["endpoint"] = stand_in
    tokens = _tokens(grant, route.settings)
    return replace(route, settings=settings, secret=Secret(""), tokens=tokens)


def foreign_server(app: OAuthApp, settings: Mapping[str, object]) -> tuple[str, str] | None:
    """The field and the name of a server that is not the app's provider's own.

    A token goes to its provider's servers, to no other that somebody has typed.
    """
    provider = provider_of(app)
    for field, own in (("host", provider.smtp), ("imap_host", provider.imap)):
        host = str(settings.get(field, "")).strip().lower().rstrip(".")
        if host and host not in own and not _plays(host, app):
            return field, host
    return None


def _tokens(grant: Grant, settings: Settings) -> MailboxTokens | NoTokens:
    foreign = foreign_server(grant.app, settings)
    if foreign:
        provider = SignIn(grant.provider).label
        return no_tokens(f"{foreign[1]} is no server of {provider}, so it is given no token")
    return MailboxTokens(grant)


def _plays(host: str, app: OAuthApp) -> bool:
    """Whether a server of this machine plays the provider's part."""
    return app.provider in site.STAND_INS and host in {"localhost", "127.0.0.1"}


def files_sent(mailbox: Mailbox) -> bool:
    """Whether what it sends lies in its Sent folder by itself: because its transport sees to
    that, or, with SMTP, its provider is known to."""
    saves = TRANSPORTS[mailbox.transport].saves_sent
    if saves is not None:
        return saves
    preset = PRESETS.get(mailbox.provider)
    return preset is not None and preset.saves_sent_copy is True


def route_to(transport: str, *, address: str, settings: Settings, secret: Secret) -> Route:
    """A Route from its parts, under what this installation allows."""
    return Route(
        transport=transport,
        sender=Address.parse(address),
        settings=dict(settings),
        secret=secret,
        ca_file=site.CA_FILE,
        allow_local=site.ALLOW_LOCAL,
        allow_networks=tuple(site.ALLOW_NETWORKS),
    )


def secret_of(mailbox: Mailbox) -> Secret:
    """The mailbox's password, opened. Never to be shown, stored or logged."""
    return ring().open(bytes(mailbox.credential.sealed), context=mailbox.sealing_context)


def fingerprint(transport: str, address: str, settings: Settings, secret: Secret) -> str:
    """Tells just these settings from all others, and nothing about the secret among them."""
    told = json.dumps([transport, address, dict(settings), secret.value], sort_keys=True)
    return salted_hmac("outtray.mailboxes.fingerprint", told, algorithm="sha256").hexdigest()


def fingerprint_of(mailbox: Mailbox) -> str:
    """The fingerprint of the settings as they are saved."""
    return fingerprint(mailbox.transport, mailbox.address, mailbox.settings, opener_of(mailbox))


def opener_of(mailbox: Mailbox) -> Secret:
    """What stands for the secret in a fingerprint: the password itself, or the consent, so that
    a token that is renewed changes nothing."""
    if not mailbox.sign_in:
        return secret_of(mailbox)
    grant = Grant.objects.filter(mailbox_id=mailbox.pk).values_list("pk", flat=True).first()
    return Secret(f"grant {grant}")
