"""Whom a message goes to, as To, Cc and Bcc of one that Exchange sends.

Exchange knows no envelope: it sends to the recipients that a message has. Who is in the
envelope and in no header is a Bcc; who is in a header but not in the envelope must not be a
recipient at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.parser import HeaderParser

from outtray.mail.address import Address, AddressError
from outtray.mail.envelope import Envelope


@dataclass(frozen=True, slots=True)
class Parties:
    """Addresses, each in one place."""

    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()

    @property
    def hidden(self) -> Parties:
        """Only those who are in no header."""
        return Parties(bcc=self.bcc)

    def named(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """By the names of EWS, in the order of its schema."""
        yield "ToRecipients", self.to
        yield "CcRecipients", self.cc
        yield "BccRecipients", self.bcc

    def is_kept_by(self, found: Parties) -> bool:
        """Whether a server that was told these has just these.

        It may write an address in another way (its own primary one, or a name of its
        directory), so besides their number only strangers count.
        """
        return (len(self.to), len(self.cc), len(self.bcc)) == (
            len(found.to),
            len(found.cc),
            len(found.bcc),
        )


@dataclass(frozen=True, slots=True)
class Addressing:
    """The recipients to be, whether the message's own headers name just them, and its id."""

    parties: Parties
    as_headers_say: bool
    message_id: str


def addressing_of(message: bytes, envelope: Envelope) -> Addressing:
    """Read from the headers who of the envelope is where."""
    head = message.partition(b"\r\n\r\n")[0].decode("utf-8", "replace")
    headers = HeaderParser(policy=policy.default).parsestr(f"{head}\r\n\r\n")
    said_to = _addresses(headers.get_all("To", []))
    said_cc = _addresses(headers.get_all("Cc", []))
    wanted = {address.key: str(address) for address in envelope.recipients}
    to = [key for key in said_to if key in wanted]
    cc = [key for key in said_cc if key in wanted and key not in to]
    bcc = [key for key in wanted if key not in to and key not in cc]
    parties = Parties(*(tuple(wanted[key] for key in place) for place in (to, cc, bcc)))
    is_same = to == said_to and cc == said_cc and not headers.get_all("Bcc")
    message_id = str(headers.get("Message-ID", "")).strip()
    return Addressing(parties, as_headers_say=is_same, message_id=message_id)


def _addresses(headers: list[object]) -> list[str]:
    """Each address once, in order, as a key to compare by."""
    found: dict[str, None] = {}
    for header in headers:
        for address in getattr(header, "addresses", ()):
            try:
                found[Address.parse(address.addr_spec).key] = None
            except AddressError:
                found[str(address.addr_spec)] = None
    return list(found)
