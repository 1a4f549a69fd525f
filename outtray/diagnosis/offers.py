"""A button that sets the right value, where we know it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.circumstances import Circumstances
from outtray.mailboxes.presets import Endpoint, Preset, preset_for

Facts = Mapping[str, str]
_NOTHING: Facts = MappingProxyType({})
_SPOKEN = {"tls": "TLS", "starttls": "STARTTLS", "none": "no encryption"}


@dataclass(frozen=True, slots=True)
class Offer:
    """What the button says, and the settings that it puts into the form."""

    label: str
    settings: Mapping[str, str | int] = field(default_factory=dict)


def offer_for(cause: Cause, around: Circumstances, facts: Facts = _NOTHING) -> Offer | None:
    """The change that would help, if we know one that differs from what is set.

    `facts` are what a second look has found: what was seen comes before what is usual.
    """
    seen = _SEEN.get(cause)
    offer = seen(around, facts) if seen and facts else None
    make = _OFFERS.get(cause)
    return offer or (make(around) if make else None)


def published(around: Circumstances) -> Preset | None:
    """The provider whose published settings fit: of this server, else of the address."""
    return around.provider or preset_for(around.address)


def spoken(host: str, port: int, security: str) -> str:
    """A server's settings as one says them."""
    return f"{host}, port {port}, {_SPOKEN[security]}"


def _tls(_: Circumstances) -> Offer:
    return Offer("Use TLS", {"security": "tls"})


def _starttls(_: Circumstances) -> Offer:
    return Offer("Use STARTTLS", {"security": "starttls"})


def _published(around: Circumstances) -> Offer | None:
    preset = published(around)
    if preset is None or "{" in preset.host:
        return None
    now = Endpoint(around.host, around.port, around.security)
    best = preset.smtp[0]
    if best == now:
        return _other_endpoint(preset, now)
    return Offer(f"Use {spoken(best.host, best.port, best.security)}", _settings(best))


def _other_endpoint(preset: Preset, now: Endpoint) -> Offer | None:
    """Where the preferred settings do not work, the provider's next."""
    for other in preset.smtp:
        if other != now and other.host == now.host:
            label = f"Use port {other.port} with {_SPOKEN[other.security]}"
            return Offer(label, _settings(other))
    return None


def _settings(endpoint: Endpoint) -> Mapping[str, str | int]:
    return {"host": endpoint.host, "port": endpoint.port, "security": endpoint.security}


def _published_or_other_port(around: Circumstances) -> Offer | None:
    """The provider's own settings, or the other of the two usual ports (RFC 8314 §3)."""
    return _published(around) or _OTHER_PORT.get((around.port, around.security))


def _address_as_username(around: Circumstances) -> Offer | None:
    preset = published(around)
    username = preset.username_for(around.address) if preset else around.address
    if not username or username == around.username:
        return None
    return Offer(f"Use {username} as user name", {"username": username})


def _found_uri(_: Circumstances, facts: Facts) -> Offer | None:
    uri = facts.get("uri", "")
    return Offer(f"Use {uri}", {"uri": uri}) if uri else None


def _found_domain(around: Circumstances, facts: Facts) -> Offer | None:
    """What the Exchange server itself calls its domain."""
    domain = facts.get("server_dns_domain", "")
    if not domain or domain.lower() == around.domain.lower():
        return None
    return Offer(f"Use {domain} as domain", {"domain": domain})


def _bare_domain(around: Circumstances) -> Offer | None:
    """The domain as Exchange wants it, where it is hidden in what was typed."""
    found = _DOMAIN.search(around.domain)
    if not found or found[0] == around.domain:
        return None
    return Offer(f"Use {found[0]} as domain", {"domain": found[0]})


def _bare_host(around: Circumstances) -> Offer | None:
    """The name of the server, where a web address was typed; else the published settings."""
    if not any(sign in around.host for sign in "/:"):
        return _published(around)
    host = around.host.partition("//")[2] or around.host
    name = re.split(r"[/:?#]", host)[0]
    return Offer(f"Use {name}", {"host": name}) if "." in name else _published(around)


_DOMAIN = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_USE_587 = Offer("Use port 587 with STARTTLS", {"port": 587, "security": "starttls"})
_USE_465 = Offer("Use port 465 with TLS", {"port": 465, "security": "tls"})
_OTHER_PORT: Mapping[tuple[int, str], Offer] = {
    (25, "starttls"): _USE_587,
    (25, "tls"): _USE_465,
    (465, "tls"): _USE_587,
    (465, "starttls"): _USE_465,
    (587, "starttls"): _USE_465,
    (587, "tls"): _USE_587,
    (993, "tls"): _USE_465,
    (995, "tls"): _USE_465,
    (143, "starttls"): _USE_587,
}

_OFFERS: Mapping[Cause, Callable[[Circumstances], Offer | None]] = {
    Cause.STARTTLS_ON_IMPLICIT_TLS_PORT: _tls,
    Cause.IMPLICIT_TLS_ON_STARTTLS_PORT: _starttls,
    Cause.TLS_REQUIRED: _starttls,
    Cause.WRONG_HOST: _bare_host,
    Cause.CERTIFICATE_HOSTNAME_MISMATCH: _published,
    Cause.WRONG_PORT: _published_or_other_port,
    Cause.PORT_BLOCKED: _published_or_other_port,
    Cause.SERVICE_NOT_LISTENING: _published_or_other_port,
    Cause.STARTTLS_NOT_OFFERED: _published_or_other_port,
    Cause.AUTH_NOT_OFFERED: _published_or_other_port,
    Cause.USERNAME_FORMAT_WRONG: _address_as_username,
    Cause.WRONG_PASSWORD: _address_as_username,
    Cause.CREDENTIALS_NOT_SENT: _address_as_username,
    Cause.EWS_DOMAIN_FORMAT: _bare_domain,
}
_SEEN: Mapping[Cause, Callable[[Circumstances, Facts], Offer | None]] = {
    Cause.EWS_WRONG_URL: _found_uri,
    Cause.EWS_AUTODISCOVER_FAILED: _found_uri,
    Cause.EWS_DOMAIN_FORMAT: _found_domain,
    Cause.WRONG_PASSWORD: _found_domain,
    Cause.USERNAME_FORMAT_WRONG: _found_domain,
}
