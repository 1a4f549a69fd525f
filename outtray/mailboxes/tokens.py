"""The access tokens of a connected mailbox: kept while they are good, and renewed in time.

1. One that is kept and good is answered. 2. Else one thread of this process, and by a lease on
the Grant one process of all, asks the provider; no transaction is open meanwhile. 3. A new
refresh token is stored before the access token that came with it is used, so that a crash
loses at most what the provider gives again for the old one.
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from outtray.lib.clock import SYSTEM, Clock
from outtray.lib.sealing import CannotOpen, Secret
from outtray.mailboxes.keyring import ring
from outtray.mailboxes.models import Credential, Grant
from outtray.mailboxes.oauth_secrets import client_of, provider_of, service_account_of, web
from outtray.transports.base import Failure, Resource, Scope, Source, Stage, Token, Trouble
from outtray.transports.oauth import grants
from outtray.transports.oauth.answers import Granted

# A token is no longer used when it ends within this time.
NEARLY_OVER = timedelta(minutes=2)
# Longer than a renewal can take: six addresses to try, then one answer to wait for.
LEASE = timedelta(minutes=3)
_LOOK_EVERY = 0.1  # seconds, while another process renews

_Key = tuple[UUID, Resource]
_kept: dict[_Key, Token] = {}
_turns: dict[UUID, threading.Lock] = {}


class MailboxTokens:
    """The tokens of one Grant. Satisfies Tokens."""

    def __init__(self, grant: Grant, *, clock: Clock = SYSTEM) -> None:
        self.is_app_only = grant.kind == Grant.Kind.APP
        self._grant_id = grant.pk
        self._clock = clock

    def access_token(self, resource: Resource, *, refused: Secret | None = None) -> Token | Failure:
        """One that is good for at least two minutes, and is not the refused one."""
        key = (self._grant_id, resource)
        with _turns.setdefault(self._grant_id, threading.Lock()):
            kept = _kept.get(key)
            if kept and kept.value != refused and self._is_good(kept):
                return kept
            token = self._leased(resource)
            if isinstance(token, Failure):
                return token
            if token.value == refused:
                return _failure("the sign-in service gave the refused token again", "invalid_token")
            _kept[key] = token
            return token

    def _is_good(self, token: Token) -> bool:
        return token.expires_at > self._clock.now() + NEARLY_OVER

    def _leased(self, resource: Resource) -> Token | Failure:
        """Renew as the only one who does."""
        mine = secrets.token_hex(16)
        until = self._clock.now() + LEASE
        while not _take(self._grant_id, mine, at=self._clock.now()):
            if not Grant.objects.filter(pk=self._grant_id).exists():
                return _not_connected()
            if self._clock.now() > until:
                return _meanwhile()
            self._clock.wait(threading.Event(), _LOOK_EVERY)
        try:
            return self._renewed(resource, mine)
        finally:
            Grant.objects.filter(pk=self._grant_id, renewing_by=mine).update(
                renewing_by="", renewing_until=None
            )

    def _renewed(self, resource: Resource, lease: str) -> Token | Failure:
        grant = (
            Grant.objects.select_related("app", "mailbox__credential")
            .filter(pk=self._grant_id)
            .first()
        )
        if grant is None:
            return _not_connected()
        asked_at = self._clock.now()
        try:
            granted = _asked(grant, resource, at=asked_at)
        except CannotOpen:
            return _failure("the refresh token cannot be opened, its key is gone: sign in again")
        if isinstance(granted, Failure):
            return granted
        if granted.refresh_token and not _store(grant, granted, lease, at=self._clock.now()):
            return _meanwhile()
        return _token(grant, granted, asked_at)


class NoTokens:
    """For a mailbox that is to be connected and is not, or not for this server."""

    is_app_only = False

    def __init__(self, failure: Failure) -> None:
        self._failure = failure

    def access_token(
        self,
        resource: Resource,  # noqa: ARG002 - there is none for any
        *,
        refused: Secret | None = None,  # noqa: ARG002
    ) -> Token | Failure:
        return self._failure


def forget_tokens(grant_id: UUID) -> None:
    """Keep no access token of a Grant that has ended."""
    for key in [key for key in _kept if key[0] == grant_id]:
        _kept.pop(key, None)


def keep_token(grant: Grant, resource: Resource, granted: Granted, *, at: datetime) -> None:
    """Keep the access token that came with a consent, so that none is asked for at once."""
    _kept[grant.pk, resource] = _token(grant, granted, at)


def not_connected() -> NoTokens:
    """Where somebody must press Connect first."""
    return NoTokens(_not_connected())


def no_tokens(why: str) -> NoTokens:
    """Where the settings do not allow to hand any out."""
    return NoTokens(_failure(why, stage=Stage.SETTINGS))


def _token(grant: Grant, granted: Granted, asked_at: datetime) -> Token:
    return Token(
        value=granted.access_token,
        scopes=granted.scopes or frozenset(grant.scopes.split()),
        account=grant.account,
        expires_at=asked_at + timedelta(seconds=granted.seconds),
    )


def _take(grant_id: UUID, lease: str, *, at: datetime) -> bool:
    """Take the right to renew, if nobody has it."""
    free = Q(renewing_until__isnull=True) | Q(renewing_until__lte=at)
    return bool(
        Grant.objects.filter(free, pk=grant_id).update(renewing_by=lease, renewing_until=at + LEASE)
    )


def _asked(grant: Grant, resource: Resource, *, at: datetime) -> Granted | Failure:
    """One request to the provider. Raises CannotOpen."""
    app, mailbox = grant.app, grant.mailbox
    provider = provider_of(app)
    if grant.kind == Grant.Kind.USER:
        asked = provider.scopes_for(resource, is_shared=True)
        consented = tuple(scope for scope in asked if scope in grant.scopes.split())
        return grants.renew(
            web(),
            provider,
            client_of(app),
            ring().open(bytes(mailbox.credential.sealed), context=mailbox.sealing_context),
            scopes=consented or provider.scopes[resource],
            at=at,
        )
    scopes = provider.app_scopes[resource]
    account = service_account_of(app)
    if account is None:
        return grants.as_application(web(), provider, client_of(app), scopes=scopes, at=at)
    acts_for = str(mailbox.settings.get("username") or mailbox.address)
    return grants.as_mailbox(web(), provider, account, mailbox=acts_for, scopes=scopes, at=at)


def _store(grant: Grant, granted: Granted, lease: str, *, at: datetime) -> bool:
    """Store a new refresh token. False if the mailbox was connected anew, or disconnected."""
    assert granted.refresh_token is not None
    keys = ring()
    sealed = keys.seal(granted.refresh_token, context=grant.mailbox.sealing_context)
    seconds = granted.refresh_seconds
    expires_at = at + timedelta(seconds=seconds) if seconds else None
    with transaction.atomic():
        mine = Grant.objects.filter(pk=grant.pk, renewing_by=lease)
        if not mine.update(expires_at=expires_at, told_days=None):
            return False
        Credential.objects.filter(mailbox_id=grant.mailbox_id).update(
            sealed=sealed, key_id=keys.current, changed_at=at
        )
    return True


def _not_connected() -> Failure:
    return _failure("this mailbox has no refresh token: press Connect", "not_connected")


def _meanwhile() -> Failure:
    """Somebody else was quicker; whoever comes back finds what he stored."""
    failure = _failure("the sign-in of this mailbox is being renewed elsewhere")
    return replace(failure, scope=Scope.SERVER, is_temporary=True, trouble=Trouble.NONE)


def _failure(text: str, identifier: str = "", *, stage: Stage = Stage.TOKEN) -> Failure:
    return Failure(
        stage=stage,
        scope=Scope.MAILBOX,
        is_temporary=False,
        source=Source.LOCAL,
        text=text,
        trouble=Trouble.SETTINGS,
        identifier=identifier,
    )
