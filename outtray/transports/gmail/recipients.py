"""Exactly the recipients of the envelope, from an interface that reads them in the headers.

The API knows no envelope: it sends to everybody whom To, Cc and Bcc name, and takes the Bcc out
before anybody sees it
(developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages/send). So those whom
the envelope names and no header does are put into a line `Bcc` in front of the message, in what
goes to the API and nowhere else; the message that we keep has none.

The other way round there is no help. Where a header names somebody whom this attempt must not
reach, because he has had the message before, nothing is sent: changing the headers would be
another message. The API has one answer for all recipients, so this only happens to a mailbox
that was changed from SMTP to the API in between.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from email import policy
from email.headerregistry import AddressHeader
from email.parser import HeaderParser

from outtray.mail.address import Address, AddressError, NamedAddress
from outtray.mail.envelope import Envelope
from outtray.mail.headers import address_header
from outtray.transports.base import Failure, Scope, Source, Stage, Trouble

_MOST_NAMED = 3  # in a sentence


def addressed(message: bytes, envelope: Envelope) -> bytes | Failure:
    """The message as it goes to the API, or why it cannot go to just these recipients."""
    named = _named(message)
    wanted = {address.key for address in envelope.recipients}
    others = [shown for key, shown in named.items() if key not in wanted]
    if others:
        return _not_for(others)
    blind = [
        NamedAddress("", address) for address in envelope.recipients if address.key not in named
    ]
    return address_header("Bcc", blind).encode() + message if blind else message


def _named(message: bytes) -> Mapping[str, str]:
    """Whom the headers name, as they are written, by what is equal for the same mailbox."""
    head = message.partition(b"\r\n\r\n")[0].decode("utf-8", "replace")
    read = HeaderParser(policy=policy.default).parsestr(head)
    lines = [line for name in ("To", "Cc", "Bcc") for line in read.get_all(name, [])]
    return {_key(text): text for line in lines for text in _addresses(line)}


def _addresses(line: object) -> Iterator[str]:
    assert isinstance(line, AddressHeader)
    yield from (address.addr_spec for address in line.addresses if address.domain)


def _key(text: str) -> str:
    try:
        return Address.parse(text).key
    except AddressError:
        return text.casefold()


def _not_for(others: list[str]) -> Failure:
    more = f" and {len(others) - _MOST_NAMED} more" if len(others) > _MOST_NAMED else ""
    return Failure(
        stage=Stage.RECIPIENT,
        scope=Scope.MESSAGE,
        is_temporary=False,
        source=Source.LOCAL,
        text="Gmail sends to everybody whom a message names, and this one would reach "
        f"{', '.join(others[:_MOST_NAMED])}{more} again",
        trouble=Trouble.MESSAGE_MALFORMED,
    )
