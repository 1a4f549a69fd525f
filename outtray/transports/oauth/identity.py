"""Who signed in, by the id token that came with the others (OpenID Connect Core 1.0 §3.1.3.7).

It came from the token endpoint itself over verified TLS, which the same section accepts in
place of its signature. What a browser brings along is never believed.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from outtray.transports.base import Failure, Scope, Source, Stage
from outtray.transports.oauth.providers import MICROSOFT, Provider

# A clock may be that wrong, theirs or ours.
_LEEWAY = timedelta(minutes=5)
_MAX_ID_TOKEN = 64 * 1024
_MANY = frozenset({"common", "organizations", "consumers"})
_SAME = {"googlemail.com": "gmail.com"}


@dataclass(frozen=True, slots=True)
class Identity:
    """The account that signed in: its address, and a subject that never changes."""

    account: str
    subject: str


def identity_in(
    id_token: str, provider: Provider, *, client_id: str, nonce: str, at: datetime
) -> Identity | Failure:
    """Who the id token says it is, if it is one for us, for just this sign-in."""
    claims = _claims(id_token)
    if claims is None:
        return _not_believed("the sign-in service did not tell who signed in")
    issuer = provider.issuer.replace("{tenantid}", str(claims.get("tid", "")))
    # Google's is also written without https://.
    if claims.get("iss") not in {issuer, issuer.removeprefix("https://")}:
        return _not_believed(f"the id token is from {claims.get('iss')!r}")
    audience = claims.get("aud")
    if client_id not in (audience if isinstance(audience, list) else [audience]):
        return _not_believed("the id token is for another application")
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        return _not_believed("the id token is of another sign-in")
    if not _is_valid_at(claims, at):
        return _not_believed("the id token is out of date; is the clock of this machine right?")
    account = _account(claims, provider)
    if not account:
        return _not_believed("the sign-in service did not tell the address that signed in")
    return Identity(account, str(claims.get("sub", "")))


def is_same(account: str, address: str) -> bool:
    """Whether both are the same mailbox: in any case, and by both of Gmail's domains."""
    return _plain(account) == _plain(address)


def mismatch(account: str, address: str) -> Failure | None:
    """The failure, where another account has signed in than the mailbox's.

    An empty account is an application by itself, which acts for the mailbox it is told.
    """
    if not account or is_same(account, address):
        return None
    return Failure(
        stage=Stage.IDENTITY,
        scope=Scope.MAILBOX,
        is_temporary=False,
        source=Source.LOCAL,
        text=f"{account} has signed in, but the mailbox is {address}",
        identifier="user_mismatch",
    )


def _claims(id_token: str) -> Mapping[str, Any] | None:
    parts = id_token.split(".")
    if len(parts) != 3 or len(id_token) > _MAX_ID_TOKEN:
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return None
    return claims if isinstance(claims, dict) else None


def _is_valid_at(claims: Mapping[str, Any], at: datetime) -> bool:
    expires = claims.get("exp")
    return isinstance(expires, int | float) and expires > (at - _LEEWAY).timestamp()


def _account(claims: Mapping[str, Any], provider: Provider) -> str:
    """Google says whether the address is verified; Microsoft's name to sign in with counts
    only if it is an address, and a guest's "email" is his own elsewhere."""
    if provider.name == MICROSOFT:
        named = (claims.get("preferred_username"), claims.get("email"), claims.get("upn"))
        return next((str(name) for name in named if name and "@" in str(name)), "")
    return str(claims.get("email", "")) if claims.get("email_verified") is not False else ""


def _plain(address: str) -> str:
    local, _, domain = address.strip().lower().rpartition("@")
    return f"{local}@{_SAME.get(domain, domain)}"


def _not_believed(text: str) -> Failure:
    return Failure(
        stage=Stage.IDENTITY,
        scope=Scope.MAILBOX,
        is_temporary=False,
        source=Source.SERVER,
        text=text,
        identifier="invalid_token",
    )
