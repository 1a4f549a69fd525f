"""A mailbox as it was typed on a command line, as a Route."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from outtray.lib.errors import Refused
from outtray.lib.sealing import Secret
from outtray.mail.address import Address, AddressError
from outtray.transports.base import Failure, Resource, Route, Token
from outtray.transports.registry import TRANSPORTS

_BY_TOKEN = frozenset({"graph", "gmail"})


@dataclass(frozen=True, slots=True)
class Typed:
    """What was said. Without an address it follows from the user name and the server."""

    transport: str
    settings: Mapping[str, str]
    secret: str = field(default="", repr=False)
    address: str = ""
    ca_file: str = ""
    allow_local: bool = False
    allow_networks: tuple[str, ...] = ()


def route_of(typed: Typed) -> Route:
    """The way out that was meant. Refuses a transport that is not there, an address that is
    none, and options that the transport does not know."""
    if typed.transport not in TRANSPORTS:
        raise Refused("unknown_service", f"There is no service {typed.transport!r}.")
    _refuse_foreign(typed)
    by_token = typed.transport in _BY_TOKEN
    if by_token and not typed.secret:
        raise Refused("token_missing", "Say with --token-file which access token opens it.")
    sender = _sender(typed)
    return Route(
        transport=typed.transport,
        sender=sender,
        settings=dict(typed.settings),
        secret=Secret("" if by_token else typed.secret),
        ca_file=typed.ca_file,
        allow_local=typed.allow_local,
        allow_networks=typed.allow_networks,
        tokens=OneToken(typed.secret, str(sender)) if by_token else None,
    )


class OneToken:
    """An access token that somebody already has. It cannot be renewed."""

    is_app_only = False

    def __init__(self, text: str, address: str) -> None:
        told = _object(text) if text.lstrip().startswith("{") else {}
        value = str(told.get("access_token") or text).strip()
        claims = _claims(value)
        scopes = told.get("scope") or claims.get("scp") or claims.get("scope") or ""
        self.is_app_only = "roles" in claims and "scp" not in claims
        roles = claims.get("roles") or ()
        self._token = Token(
            value=Secret(value),
            scopes=frozenset(str(scopes).split()) | frozenset(map(str, roles)),
            account="" if self.is_app_only else _account(claims) or address,
            expires_at=_moment(claims.get("exp")),
        )

    def access_token(
        self,
        resource: Resource,  # noqa: ARG002 - whatever it opens, it is the one we have
        *,
        refused: Secret | None = None,  # noqa: ARG002 - there is no other
    ) -> Token | Failure:
        """The token that was given."""
        return self._token


def _refuse_foreign(typed: Typed) -> None:
    known = {field.name for field in TRANSPORTS[typed.transport].fields} | {"endpoint", "cloud"}
    foreign = sorted(typed.settings.keys() - known)
    if foreign:
        options = ", ".join("--" + name.replace("_", "-") for name in foreign)
        raise Refused("unknown_option", f"{typed.transport} has no {options}.")


def _sender(typed: Typed) -> Address:
    """The address that was typed, else the user name if it is one, else one made of it and
    the domain of the server."""
    username = typed.settings.get("username", "")
    if typed.address:
        return _address(typed.address)
    if "@" in username:
        return _address(username)
    domain = typed.settings.get("domain") or _domain_of(typed.settings.get("host", ""))
    local = username.rpartition("\\")[2]
    if not local or not domain:
        raise Refused("address_missing", "Say with --address which address is to be checked.")
    return _address(f"{local}@{domain}")


def _domain_of(host: str) -> str:
    """The domain that a server stands in. A server on this machine has local users."""
    name = host.strip().rstrip(".").lower()
    try:
        is_here = ipaddress.ip_address(name).is_loopback
    except ValueError:
        is_here = name == "localhost"
        labels = name.split(".")
        found = ".".join(labels[1:] if len(labels) > 2 else labels)
        return "localhost.localdomain" if is_here else found
    return "localhost.localdomain" if is_here else ""


def _address(text: str) -> Address:
    try:
        return Address.parse(text)
    except AddressError as wrong:
        raise Refused("bad_address", f"{wrong}. Say with --address which to check.") from wrong


def _claims(token: str) -> Mapping[str, Any]:
    """What a JSON Web Token says of itself (RFC 7519 §3), believed only to explain. Tokens
    that are none say nothing."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        octets = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
        return _object(octets.decode())
    except (binascii.Error, UnicodeDecodeError):
        return {}


def _object(text: str) -> Mapping[str, Any]:
    try:
        told = json.loads(text)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _account(claims: Mapping[str, Any]) -> str:
    names = ("email", "upn", "preferred_username", "unique_name")
    return next((str(claims[name]) for name in names if "@" in str(claims.get(name, ""))), "")


def _moment(seconds: object) -> datetime:
    """When it ends, as far as it says so."""
    if isinstance(seconds, int | float):
        return datetime.fromtimestamp(seconds, UTC)
    return datetime.max.replace(tzinfo=UTC)
