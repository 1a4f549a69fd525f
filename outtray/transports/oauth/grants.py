"""The grants: each is one request to the token endpoint, and its answer a value."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from outtray.lib.sealing import Secret
from outtray.transports.base import Failure, Stage
from outtray.transports.oauth.answers import (
    Granted,
    failure_told,
    granted_or_failure,
)
from outtray.transports.oauth.assertions import client_assertion, delegation
from outtray.transports.oauth.providers import MICROSOFT, Provider
from outtray.transports.web import Answer, NoAnswer, Web
from outtray.transports.web_failures import failure_from_no_answer

_BY_JWT = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_FOR_JWT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@dataclass(frozen=True, slots=True)
class Client:
    """An application as it was registered, and what it proves itself by: a secret, or a
    certificate with its private key. Both as PEM."""

    client_id: str
    secret: Secret | None = field(default=None, repr=False)
    certificate: str = field(default="", repr=False)
    private_key: Secret | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """A Google service account: its address, and its key."""

    address: str
    key_id: str
    private_key: Secret = field(repr=False)


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """What is told to the provider's page, and must come back from it."""

    redirect_uri: str
    scopes: tuple[str, ...]
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    challenge: str = ""
    account: str = ""


def authorize_url(provider: Provider, client_id: str, request: AuthorizationRequest) -> str:
    """Where to send a person (RFC 6749 §4.1.1, RFC 7636 §4.3)."""
    asked = {
        "client_id": client_id,
        "response_type": "code",
        "redirect_uri": request.redirect_uri,
        "scope": " ".join((*provider.identity_scopes, *request.scopes)),
        "state": request.state,
        "nonce": request.nonce,
        "code_challenge": request.challenge,
        "code_challenge_method": "S256",
        "login_hint": request.account,
        **provider.asked,
    }
    return f"{provider.authorize_url}?{urlencode(asked)}"


def exchange(
    web: Web,
    provider: Provider,
    client: Client,
    *,
    code: str,
    verifier: Secret,
    redirect_uri: str,
    scopes: tuple[str, ...],
    at: datetime,
) -> Granted | Failure:
    """Tokens for the code that a person brought back (RFC 6749 §4.1.3)."""
    asked = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier.value,
        **_scope(provider, (*provider.identity_scopes, *scopes)),
    }
    return _ask(web, provider, {**asked, **_proof(provider, client, at)})


def renew(
    web: Web,
    provider: Provider,
    client: Client,
    refresh_token: Secret,
    *,
    scopes: tuple[str, ...],
    at: datetime,
) -> Granted | Failure:
    """Another access token (RFC 6749 §6). A new refresh token may come with it."""
    asked = {
        "grant_type": "refresh_token",
        "refresh_token": refresh_token.value,
        **_scope(provider, scopes),
    }
    return _ask(web, provider, {**asked, **_proof(provider, client, at)})


def as_application(
    web: Web, provider: Provider, client: Client, *, scopes: tuple[str, ...], at: datetime
) -> Granted | Failure:
    """A token for the application by itself (RFC 6749 §4.4), as Microsoft gives it."""
    asked = {"grant_type": "client_credentials", "scope": " ".join(scopes)}
    return _ask(web, provider, {**asked, **_proof(provider, client, at)})


def as_mailbox(
    web: Web,
    provider: Provider,
    account: ServiceAccount,
    *,
    mailbox: str,
    scopes: tuple[str, ...],
    at: datetime,
) -> Granted | Failure:
    """A token for a mailbox, for a service account with delegation (RFC 7523 §2.1)."""
    assertion = delegation(
        account.address,
        provider.token_url,
        key_id=account.key_id,
        private_key=account.private_key,
        mailbox=mailbox,
        scopes=scopes,
        at=at,
    )
    return _ask(web, provider, {"grant_type": _FOR_JWT, "assertion": assertion})


def revoke(web: Web, provider: Provider, token: Secret) -> Failure | None:
    """Take a consent back (RFC 7009). Nothing to do where the provider has no way to."""
    if not provider.revoke_url:
        return None
    answer = _post(web, provider.revoke_url, {"token": token.value})
    if isinstance(answer, NoAnswer):
        return failure_from_no_answer(answer, stage=Stage.TOKEN)
    told = answer.json()
    # A token that is no longer good needs no revocation.
    if answer.is_good or (isinstance(told, dict) and told.get("error") == "invalid_token"):
        return None
    return failure_told(answer.status, told if isinstance(told, dict) else {}, answer)


def read_service_account(text: str) -> ServiceAccount:
    """The key file of a service account, as Google makes it. Raises ValueError if it is none."""
    told = json.loads(text)
    if not isinstance(told, dict) or told.get("type") != "service_account":
        raise ValueError("this is not the key file of a service account")
    parts = [told.get(name) for name in ("client_email", "private_key_id", "private_key")]
    if not all(isinstance(part, str) and part for part in parts):
        raise ValueError("the key file of the service account is incomplete")
    address, key_id, private_key = map(str, parts)
    return ServiceAccount(address, key_id, Secret(private_key))


def _ask(web: Web, provider: Provider, asked: Mapping[str, str]) -> Granted | Failure:
    return granted_or_failure(_post(web, provider.token_url, asked))


def _post(web: Web, url: str, asked: Mapping[str, str]) -> Answer | NoAnswer:
    return web.ask(
        "POST",
        url,
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        },
        content=urlencode(asked).encode(),
    )


def _scope(provider: Provider, scopes: tuple[str, ...]) -> dict[str, str]:
    """Microsoft gives tokens for one service at a time; Google always for all that was granted."""
    return {"scope": " ".join(scopes)} if provider.name == MICROSOFT else {}


def _proof(provider: Provider, client: Client, at: datetime) -> dict[str, str]:
    """What the application proves itself by (RFC 6749 §2.3.1, RFC 7523 §2.2)."""
    who = {"client_id": client.client_id}
    if client.private_key is not None:
        assertion = client_assertion(
            client.client_id,
            provider.token_url,
            certificate=client.certificate,
            private_key=client.private_key,
            at=at,
        )
        return {**who, "client_assertion_type": _BY_JWT, "client_assertion": assertion}
    return {**who, "client_secret": client.secret.value} if client.secret else who
