"""Email addresses: the one gate through which every address comes in.

What passes here holds no control character and nothing invisible, so it can go into a
header or an SMTP command and reads as what it is.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import idna

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\x80-\U0010ffff-]+"
_DOT_ATOM = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
# RFC 5321 §4.1.2 Quoted-string: any printable, with a backslash before quote and backslash.
_QUOTED = re.compile(r'"((?:[^"\\]|\\[\x20-\x7e])+)"')
_PLAIN_DOMAIN = re.compile(r"(?:(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_MAX_LOCAL_OCTETS = 64  # RFC 5321 §4.5.3.1.1
_MAX_OCTETS = 254  # RFC 5321 §4.5.3.1.3, less the two angle brackets
# Marks, spaces and unassigned characters that nobody can see or type on purpose.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"}
_NOTHING = _UNSEEN - {"Co", "Cn"}  # newer signs than this Python knows are seen all the same
# Letters and signs by their category that are drawn as nothing: fillers, and a blank of Braille.
_DRAWN_AS_NOTHING = frozenset("\u115f\u1160\u2800\u3164\uffa0")
# Embeddings, overrides and isolates: they can show a name or an address backwards.
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class AddressError(ValueError):
    """This is not an address that mail can be sent to. The text says why."""


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox address, `local@domain`, without a display name.

    `local` is as it goes on the wire: quoted only where it must be. `domain` is ASCII,
    lower case, IDNA 2008.
    """

    local: str
    domain: str

    @classmethod
    def parse(cls, text: str) -> Address:
        """Read one bare address. Raises AddressError with a sentence that says what is wrong."""
        text = text.strip(" ")
        _refuse_other_things(text)
        local, at, domain = text.rpartition("@")
        if not at or not local or not domain:
            raise AddressError(f"{text!r} is not an email address: name@domain is expected")
        address = cls(_local(local), _domain(domain))
        if len(str(address).encode()) > _MAX_OCTETS:
            raise AddressError("the address is longer than 254 octets (RFC 5321 §4.5.3.1.3)")
        return address

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

    @property
    def key(self) -> str:
        """What is equal for addresses that mean the same mailbox to everybody but RFC 5321."""
        return str(self).casefold()

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

    Also for half characters, which no encoding can write, and for those that turn the
    direction of what follows. Joiners and direction marks, which names need, are none.
    """
    return not text.isprintable() and any(
        character in _BIDI or unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}
        for character in text
    )


def is_invisible(text: str) -> bool:
    """True for a text that shows nothing: blanks, joiners, marks of direction, fillers."""
    return all(
        unicodedata.category(character) in _NOTHING or character in _DRAWN_AS_NOTHING
        for character in text
    )


def _refuse_other_things(text: str) -> None:
    if len(text) > _MAX_OCTETS:
        raise AddressError("the address is longer than 254 octets (RFC 5321 §4.5.3.1.3)")
    if has_control_character(text):
        raise AddressError("an address must not contain line breaks or control characters")
    if text.startswith('"'):
        return
    if "<" in text:
        raise AddressError(f"{text!r} holds more than an address: write name@domain alone")
    if text.count("@") > 1 and re.search(r"[,;\s]", text):
        raise AddressError(f"{text!r} looks like several addresses: one is expected")


def _local(local: str) -> str:
    local = unicodedata.normalize("NFC", local)
    if not local.isascii() and _has_unseen(local):
        raise AddressError("the part before the @ contains a character that cannot be seen")
    if local.startswith('"'):
        local = _quoted(local)
    elif not _DOT_ATOM.fullmatch(local):
        raise AddressError(f"the part before the @ cannot be written like this: {local!r}")
    if len(local.encode()) > _MAX_LOCAL_OCTETS:
        raise AddressError("the part before the @ is longer than 64 octets (RFC 5321 §4.5.3.1.1)")
    return local


def _has_unseen(local: str) -> bool:
    """Of ASCII only the control characters, which were refused before."""
    return any(
        character != " " and unicodedata.category(character) in _UNSEEN for character in local
    )


def _quoted(local: str) -> str:
    """The same local part with no quotes or backslashes that it can do without."""
    found = _QUOTED.fullmatch(local)
    if not found:
        raise AddressError(f"the quoted part before the @ does not end well: {local!r}")
    bare = re.sub(r"\\(.)", r"\1", found[1])
    if _DOT_ATOM.fullmatch(bare):
        return bare
    return '"' + re.sub(r'(["\\])', r"\\\1", bare) + '"'


def _domain(domain: str) -> str:
    if domain.startswith("["):
        raise AddressError("an address literal in brackets cannot be used; a domain is needed")
    if _PLAIN_DOMAIN.fullmatch(domain):
        return domain
    try:
        encoded = idna.encode(domain, uts46=True).decode().removesuffix(".")
    except idna.IDNAError as wrong:
        raise AddressError(f"{domain!r} is not a domain name: {wrong}") from wrong
    if "." not in encoded and encoded != "localhost":
        raise AddressError(f"{domain!r} is not a full domain name")
    if encoded.rpartition(".")[2].isdigit():
        raise AddressError(f"{domain!r} is a number; a domain is needed")
    return encoded
