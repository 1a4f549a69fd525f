"""Email addresses: the one gate through which every address comes in.

What passes here holds no control character, so it can go into a header or an SMTP command.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import idna

_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\x80-\U0010ffff-]+")
_MAX_LOCAL_OCTETS = 64  # RFC 5321 §4.5.3.1.1
_MAX_PATH_OCTETS = 254  # RFC 5321 §4.5.3.1.3, less the two angle brackets


class AddressError(ValueError):
    """This is not an address that mail can be sent to. The text says why."""


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox address, `local@domain`, without a display name.

    `local` is as it goes on the wire (a quoted local part keeps its quotes). `domain` is
    ASCII, lower case, IDNA 2008.
    """

    local: str
    domain: str

    @classmethod
    def parse(cls, text: str) -> Address:
        """Read one bare address. Raises AddressError with a sentence that says what is wrong."""
        text = text.strip(" ")
        _refuse_control_characters(text)
        local, at, domain = text.rpartition("@")
        if not at or not local or not domain:
            raise AddressError(f"{text!r} is not an email address: name@domain is expected")
        return cls(_local(local), _domain(domain))

    @property
    def needs_smtputf8(self) -> bool:
        """True if only a server with SMTPUTF8 (RFC 6531) can take it."""
        return not self.local.isascii()

    @property
    def display_domain(self) -> str:
        """The domain as people write it."""
        try:
            return idna.decode(self.domain)
        except idna.IDNAError:
            return self.domain

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"


@dataclass(frozen=True, slots=True)
class NamedAddress:
    """An address with the name that people see beside it."""

    name: str
    address: Address

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else str(self.address)


def has_control_character(text: str) -> bool:
    """True for CR, LF, NUL and all else that could end a header or a command.

    Format characters count only where they could hide text: bidirectional overrides.
    """
    return any(
        unicodedata.category(character) in {"Cc", "Zl", "Zp"} or character in "\u202d\u202e"
        for character in text
    )


def _refuse_control_characters(text: str) -> None:
    if has_control_character(text):
        raise AddressError("an address must not contain line breaks or control characters")


def _local(local: str) -> str:
    local = unicodedata.normalize("NFC", local)
    if len(local.encode()) > _MAX_LOCAL_OCTETS:
        raise AddressError("the part before the @ is longer than 64 octets (RFC 5321 §4.5.3.1.1)")
    if local.startswith('"'):
        return _quoted(local)
    if not all(_ATOM.fullmatch(atom) for atom in local.split(".")):
        raise AddressError(f"the part before the @ cannot be written like this: {local!r}")
    return local


def _quoted(local: str) -> str:
    """RFC 5321 §4.1.2 Quoted-string: any printable, with a backslash before quote and slash."""
    if not re.fullmatch(r'"(?:[^"\\\x00-\x1f\x7f]|\\[\x20-\x7e])*"', local):
        raise AddressError(f"the quoted part before the @ does not end well: {local!r}")
    return local


def _domain(domain: str) -> str:
    if domain.startswith("["):
        raise AddressError("an address literal in brackets cannot be used; a domain is needed")
    try:
        encoded = idna.encode(domain.rstrip("."), uts46=True).decode()
    except idna.IDNAError as wrong:
        raise AddressError(f"{domain!r} is not a domain name: {wrong}") from wrong
    if "." not in encoded and encoded != "localhost":
        raise AddressError(f"{domain!r} is not a full domain name")
    return encoded
