"""A button that sets the right value, where we know it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.circumstances import Circumstances
from outtray.mailboxes.presets import Endpoint, Preset, preset_for

_SPOKEN = {"tls": "TLS", "starttls": "STARTTLS", "none": "no encryption"}


@dataclass(frozen=True, slots=True)
class Offer:
    """What the button says, and the settings that it puts into the form."""

    label: str
    settings: Mapping[str, str | int] = field(default_factory=dict)


def offer_for(cause: Cause, around: Circumstances) -> Offer | None:
    """The change that would help, if we know one that differs from what is set."""
    make = _OFFERS.get(cause)
    return make(around) if make else None


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
    Cause.WRONG_HOST: _published,
    Cause.CERTIFICATE_HOSTNAME_MISMATCH: _published,
    Cause.WRONG_PORT: _published_or_other_port,
    Cause.PORT_BLOCKED: _published_or_other_port,
    Cause.SERVICE_NOT_LISTENING: _published_or_other_port,
    Cause.STARTTLS_NOT_OFFERED: _published_or_other_port,
    Cause.AUTH_NOT_OFFERED: _published_or_other_port,
    Cause.USERNAME_FORMAT_WRONG: _address_as_username,
    Cause.WRONG_PASSWORD: _address_as_username,
    Cause.CREDENTIALS_NOT_SENT: _address_as_username,
}
