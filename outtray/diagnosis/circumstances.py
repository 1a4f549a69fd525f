"""Under which settings something failed: what the words of a server leave open."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from outtray.mailboxes.presets import Preset, preset_for, preset_of

# RFC 8314 §3: 465 speaks TLS at once, 587 begins in clear text.
TLS_AT_ONCE = frozenset({465, 2465, 8465})
CLEAR_FIRST = frozenset({25, 587, 2525, 2587, 8025})


@dataclass(frozen=True, slots=True)
class Circumstances:
    """The settings in use, and the provider that they or the address tell.

    `auth` is the way of logging in as far as it is known ("XOAUTH2"), `url` the address of a web
    interface, `domain` the Windows domain of an Exchange user, `offered` what the server's
    EHLO answer offered.
    """

    transport: str = ""
    address: str = ""
    host: str = ""
    port: int = 0
    security: str = ""
    username: str = ""
    provider: Preset | None = None
    auth: str = ""
    url: str = ""
    domain: str = ""
    offered: frozenset[str] = frozenset()

    @property
    def port_is_published(self) -> bool | None:
        """Whether the provider lists this port for this server; None if we do not know it."""
        if self.provider is None or not self.port:
            return None
        return any(
            endpoint.port == self.port
            for endpoint in self.provider.smtp
            if not self.host or endpoint.host == self.host
        )

    @property
    def is_submission_port(self) -> bool:
        return self.port in TLS_AT_ONCE | CLEAR_FIRST

    @property
    def is_usual_port(self) -> bool:
        """Ports of this machine are whatever its owner chose."""
        return self.is_submission_port or self.is_this_machine

    @property
    def is_this_machine(self) -> bool:
        """Whether the server is named as this very machine."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host in {"localhost", ""}

    def lacks(self, extension: str) -> bool:
        """Whether the server is known not to offer it."""
        return bool(self.offered) and extension not in self.offered

    @property
    def signs_in_by_token(self) -> bool:
        return self.auth.upper() in {"XOAUTH2", "OAUTHBEARER", "OAUTH", "OAUTH2"}


def circumstances(
    transport: str,
    settings: Mapping[str, object],
    address: str = "",
    *,
    offered: tuple[str, ...] = (),
) -> Circumstances:
    """Read what matters from a transport's settings; what it lacks stays empty."""
    url = str(settings.get("uri") or settings.get("url") or "")
    host = str(settings.get("host") or _host(url)).lower()
    port = str(settings.get("port", ""))
    return Circumstances(
        transport=transport,
        address=address,
        host=host,
        port=int(port) if port.isdecimal() and len(port) <= 5 else 0,
        security=str(settings.get("security", "")).lower(),
        username=str(settings.get("username", "")),
        provider=preset_of(address, host) if host else preset_for(address),
        auth=str(settings.get("auth") or ("XOAUTH2" if settings.get("sign_in") else "")),
        url=url,
        domain=str(settings.get("domain", "")),
        offered=frozenset(line.upper().split()[0] for line in offered if line.strip()),
    )


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
