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
from outtray.mailboxes.models import Mailbox
from outtray.mailboxes.presets import PRESETS
from outtray.transports.base import Route

Settings = Mapping[str, str | int]


def route_for(mailbox: Mailbox) -> Route:
    """The way out of this mailbox, for one sitting. Raises CannotOpen if its key is gone."""
    route = route_to(
        mailbox.transport,
        address=mailbox.address,
        settings=mailbox.settings,
        secret=secret_of(mailbox),
    )
    return replace(route, files_sent=files_sent(mailbox))


def files_sent(mailbox: Mailbox) -> bool:
    """Whether its provider is known to put into the Sent folder what is sent over SMTP."""
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
    return fingerprint(mailbox.transport, mailbox.address, mailbox.settings, secret_of(mailbox))
