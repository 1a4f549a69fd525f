"""What is known of providers: server, port, security, user name, password and limits.

The facts are data in `presets.json`; a provider's first endpoint is the one to prefer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import resources
from typing import Any

from outtray.mail.address import Address, AddressError


class PasswordRule(StrEnum):
    """Which password a provider takes over SMTP."""

    ACCOUNT = "account"
    APP_PASSWORD = "app_password"  # noqa: S105 - a rule
    APP_PASSWORD_IF_2FA = "app_password_if_2fa"  # noqa: S105 - a rule
    UNTIL_RETIRED = "until_retired"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server, its port and how the connection is secured."""

    host: str
    port: int
    security: str


@dataclass(frozen=True, slots=True)
class Preset:
    """One provider.

    `username_rule` is email, local_part, given (the person must type it) or literal:WORD.
    A limit that is not in `limits` is not known, which does not mean that there is none.
    `saves_sent_copy`: whether the server puts what it is given over SMTP into the Sent folder.
    """

    id: str
    name: str
    kind: str
    domains: tuple[str, ...]
    smtp: tuple[Endpoint, ...]
    username_rule: str
    password_rule: PasswordRule
    app_password_url: str = ""
    access_must_be_enabled: bool = False
    note: str = ""
    limits: Mapping[str, int] = field(default_factory=dict)
    imap: tuple[Endpoint, ...] = ()
    imap_takes_password: bool = True
    mx: tuple[str, ...] = ()
    saves_sent_copy: bool | None = None

    @property
    def host(self) -> str:
        return self.smtp[0].host

    @property
    def port(self) -> int:
        return self.smtp[0].port

    @property
    def security(self) -> str:
        return self.smtp[0].security

    @property
    def needs_app_password(self) -> bool:
        return self.password_rule == PasswordRule.APP_PASSWORD

    @property
    def sent_folder(self) -> Mapping[str, str | int]:
        """The settings with which the Sent folder is read, where a password opens it."""
        if not self.imap or not self.imap_takes_password:
            return {}
        endpoint = self.imap[0]
        return {
            "imap_host": endpoint.host,
            "imap_port": endpoint.port,
            "imap_security": endpoint.security,
        }

    def settings_for(self, address: str) -> dict[str, str | int]:
        """The settings of SMTP for an address, and what is known of its Sent folder."""
        return {
            "host": self.host,
            "port": self.port,
            "security": self.security,
            "username": self.username_for(address),
            **self.sent_folder,
        }

    def username_for(self, address: str) -> str:
        """The user name of this address, or an empty text where only the person knows it."""
        if self.username_rule.startswith("literal:"):
            return self.username_rule.removeprefix("literal:")
        if self.username_rule == "local_part":
            return address.rpartition("@")[0]
        return address if self.username_rule == "email" else ""


def preset_for(address: str) -> Preset | None:
    """The provider of an address by its domain, without asking the network."""
    try:
        domain = Address.parse(address).domain
    except AddressError:
        return None
    return _at_or_above(domain, _BY_DOMAIN)


def preset_for_host(host: str) -> Preset | None:
    """The provider whose server this is, or a sister of it in the same domain."""
    return _at_or_above(host.lower().rstrip("."), _BY_HOST)


def preset_of(address: str, host: str) -> Preset | None:
    """The provider of a mailbox: by its address if the server fits, else by its server."""
    by_address = preset_for(address)
    if by_address and any(endpoint.host == host.lower() for endpoint in by_address.smtp):
        return by_address
    return preset_for_host(host)


def _at_or_above(name: str, table: Mapping[str, Preset]) -> Preset | None:
    """Look up the name, then the domains above it, on label boundaries."""
    labels = name.split(".")
    above = (".".join(labels[start:]) for start in range(len(labels) - 1))
    return next((table[domain] for domain in above if domain in table), None)


def _load() -> dict[str, Preset]:
    stored = json.loads(resources.files("outtray.mailboxes").joinpath("presets.json").read_text())
    return {entry["id"]: _preset(entry) for entry in stored["presets"]}


def _preset(entry: dict[str, Any]) -> Preset:
    return Preset(
        id=entry["id"],
        name=entry["name"],
        kind=entry["kind"],
        domains=tuple(entry["domains"]),
        smtp=tuple(Endpoint(**endpoint) for endpoint in entry["smtp"]),
        username_rule=entry["username"],
        password_rule=PasswordRule(entry["password"]),
        app_password_url=entry.get("app_password_url", ""),
        access_must_be_enabled=entry.get("access_must_be_enabled", False),
        note=entry.get("note", ""),
        limits=entry.get("limits", {}),
        imap=tuple(Endpoint(**endpoint) for endpoint in entry.get("imap", ())),
        imap_takes_password=entry.get("imap_takes_password", True),
        mx=tuple(entry.get("mx", ())),
        saves_sent_copy=entry.get("saves_sent_copy"),
    )


def _by_host(presets: Mapping[str, Preset]) -> dict[str, Preset]:
    """Servers by name, and by the domain that they stand in.

    A provider without domains of its own comes first: behind Gmail's server, an address of
    another domain belongs to Google Workspace. An address of this machine tells nothing.
    """
    table: dict[str, Preset] = {}
    for preset in sorted(presets.values(), key=lambda preset: bool(preset.domains)):
        for endpoint in preset.smtp:
            _, _, domain = endpoint.host.partition(".{region}.")
            if not endpoint.host.startswith("127."):
                table.setdefault(domain or endpoint.host, preset)
    for host, preset in list(table.items()):
        domain = host.partition(".")[2]
        if "." in domain:
            table.setdefault(domain, preset)
    return table


PRESETS: Mapping[str, Preset] = _load()
_BY_DOMAIN = {domain: preset for preset in PRESETS.values() for domain in preset.domains}
_BY_HOST = _by_host(PRESETS)
