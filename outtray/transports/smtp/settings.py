"""What a person tells us about a server, and what we make of it."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import idna

from outtray.lib.errors import Refused
from outtray.mail.address import has_control_character
from outtray.transports.base import Field, FieldKind


class Security(StrEnum):
    """How a connection is protected."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Imap:
    """Where the mailbox shows its folders. User name and password are those for sending."""

    host: str
    port: int
    security: Security


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one route, clean."""

    host: str
    port: int
    security: Security
    username: str
    imap: Imap | None = None

    def to_json(self) -> dict[str, str | int]:
        """As they are kept. What concerns the Sent folder is not there if it is not known."""
        kept: dict[str, str | int] = {
            "host": self.host,
            "port": self.port,
            "security": str(self.security),
            "username": self.username,
        }
        if self.imap:
            kept["imap_host"] = self.imap.host
            kept["imap_port"] = self.imap.port
            kept["imap_security"] = str(self.imap.security)
        return kept


SENT_FOLDER = "Sent folder"

FIELDS = (
    Field(
        name="host",
        label="Outgoing server",
        kind=FieldKind.HOST,
        help="The name of the server that sends your mail, for example smtp.example.com.",
    ),
    Field(
        name="port",
        label="Port",
        kind=FieldKind.PORT,
        help="587 with STARTTLS or 465 with TLS, if your provider says nothing else.",
    ),
    Field(
        name="security",
        label="Encryption",
        kind=FieldKind.CHOICE,
        choices=(
            (Security.STARTTLS, "STARTTLS (usually port 587)"),
            (Security.TLS, "TLS from the start (usually port 465)"),
            (Security.NONE, "None (only for a server on this machine)"),
        ),
        help="How the connection is protected. Without encryption no password leaves here.",
    ),
    Field(
        name="username",
        label="User name",
        kind=FieldKind.TEXT,
        help="Mostly the whole email address. Leave it empty if the server asks for no login.",
        is_required=False,
    ),
    Field(
        name="password",
        label="Password",
        kind=FieldKind.SECRET,
        help="For Gmail, Yahoo, iCloud and some others this is an app password.",
        is_required=False,
    ),
    Field(
        name="imap_host",
        label="IMAP server",
        kind=FieldKind.HOST,
        help="Where your mail program reads mail, for example imap.example.com. Whenever the line "
        "breaks at the very last moment, we look there whether the email has left.",
        is_required=False,
        group=SENT_FOLDER,
    ),
    Field(
        name="imap_port",
        label="IMAP port",
        kind=FieldKind.PORT,
        help="993 with TLS or 143 with STARTTLS.",
        is_required=False,
        group=SENT_FOLDER,
    ),
    Field(
        name="imap_security",
        label="IMAP encryption",
        kind=FieldKind.CHOICE,
        choices=(
            (Security.TLS, "TLS from the start (usually port 993)"),
            (Security.STARTTLS, "STARTTLS (usually port 143)"),
        ),
        is_required=False,
        group=SENT_FOLDER,
    ),
)

_IMAP_PORT = {Security.TLS: 993, Security.STARTTLS: 143}

_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_MAX_USERNAME = 320


def read(settings: Mapping[str, object]) -> Settings:
    """The settings, clean. Raises Refused with the field that is wrong."""
    host = _host(_text(settings, "host"), field="host")
    security = _security(_text(settings, "security"), field="security")
    if security is Security.NONE and not _is_this_machine(host):
        raise Refused(
            "encryption_required",
            "Without encryption only a server on this machine can be used.",
            field="security",
        )
    return Settings(
        host=host,
        port=_port(_text(settings, "port"), field="port"),
        security=security,
        username=_username(_text(settings, "username")),
        imap=_imap(settings),
    )


def _imap(settings: Mapping[str, object]) -> Imap | None:
    """Without a server there is none; port and encryption have their usual values."""
    host = _text(settings, "imap_host")
    if not host:
        return None
    wished = _text(settings, "imap_security") or Security.TLS
    security = _security(wished, field="imap_security")
    if security is Security.NONE:
        raise Refused(
            "encryption_required",
            "The Sent folder is read with encryption only.",
            field="imap_security",
        )
    port = _text(settings, "imap_port") or str(_IMAP_PORT[security])
    return Imap(_host(host, field="imap_host"), _port(port, field="imap_port"), security)


def _text(settings: Mapping[str, object], name: str) -> str:
    value = settings.get(name)
    return "" if value is None else str(value).strip()


def _host(text: str, *, field: str) -> str:
    """A name in its ASCII form, or an address without brackets."""
    if not text:
        raise Refused("host_required", "Enter the name of the outgoing server.", field=field)
    try:
        return str(ipaddress.ip_address(text.strip("[]")))
    except ValueError:
        pass
    try:
        name = idna.encode(text.rstrip(".").lower(), uts46=True).decode()
    except idna.IDNAError:
        name = text.rstrip(".").lower()
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise Refused(
            "host_invalid",
            f"{text[:100]!r} is not the name of a server. Enter the name alone, for example "
            "smtp.example.com, without http:// and without the port.",
            field=field,
        )
    return name


def _port(text: str, *, field: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:6]) <= 65535:
        raise Refused("port_invalid", "The port is a number from 1 to 65535.", field=field)
    return int(text)


def _security(text: str, *, field: str) -> Security:
    try:
        return Security(text.lower())
    except ValueError as unknown:
        choices = ", ".join(Security)
        raise Refused(
            "security_invalid", f"The encryption is one of: {choices}.", field=field
        ) from unknown


def _username(text: str) -> str:
    if has_control_character(text) or len(text) > _MAX_USERNAME:
        raise Refused(
            "username_invalid",
            f"The user name has at most {_MAX_USERNAME} signs and no line breaks.",
            field="username",
        )
    return text


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
