"""Disconnect a mailbox: take its consent back at the provider, and forget what opened it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from outtray.lib.sealing import CannotOpen, Secret
from outtray.mailboxes import history
from outtray.mailboxes.health import UNPAUSED
from outtray.mailboxes.history import Code
from outtray.mailboxes.keyring import ring
from outtray.mailboxes.models import Credential, Grant, Health, Mailbox
from outtray.mailboxes.oauth_secrets import provider_of, web
from outtray.mailboxes.rights import require_change
from outtray.mailboxes.routes import secret_of
from outtray.mailboxes.tokens import forget_tokens
from outtray.people.models import Membership
from outtray.transports.oauth import grants


def disconnect(membership: Membership, mailbox: Mailbox, *, at: datetime) -> bool:
    """Forget the tokens of a mailbox; it sends again when it is connected and validated.

    True if the provider has taken the consent back. It stays there where the provider has no
    way to (Microsoft), where it was not reached, and where another mailbox of the same account
    still needs it: then only its owner can remove it, on the provider's own page.
    """
    require_change(membership, mailbox)
    grant = Grant.objects.select_related("app").filter(mailbox=mailbox).first()
    if grant is None:
        return False
    token = _token(mailbox, grant)
    keys = ring()
    with transaction.atomic():
        if not Grant.objects.filter(pk=grant.pk).delete()[0]:
            return False
        Credential.objects.filter(mailbox=mailbox).update(
            sealed=keys.seal(Secret(""), context=mailbox.sealing_context),
            key_id=keys.current,
            changed_at=at,
        )
        Mailbox.objects.filter(pk=mailbox.pk).update(
            health=Health.UNVALIDATED,
            validated_at=None,
            validated_settings="",
            changed_at=at,
            **UNPAUSED,
        )
        detail = {"provider": grant.provider, "account": grant.account}
        history.record(mailbox.pk, Code.DISCONNECTED, at=at, by=membership.person, detail=detail)
    forget_tokens(grant.pk)
    return token is not None and _revoked(grant, token)


def _token(mailbox: Mailbox, grant: Grant) -> Secret | None:
    """The refresh token to revoke. One that cannot be opened is forgotten all the same."""
    if grant.kind != Grant.Kind.USER or _is_needed_elsewhere(grant):
        return None
    try:
        return secret_of(mailbox)
    except CannotOpen:
        return None


def _is_needed_elsewhere(grant: Grant) -> bool:
    """A revocation ends all that this account has allowed the app, for every mailbox."""
    same = Grant.objects.filter(app_id=grant.app_id, subject=grant.subject)
    return same.exclude(pk=grant.pk).exists()


def _revoked(grant: Grant, token: Secret) -> bool:
    provider = provider_of(grant.app)
    return bool(provider.revoke_url) and grants.revoke(web(), provider, token) is None
