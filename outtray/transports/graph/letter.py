"""A message taken apart, so that Graph can be told in JSON what it says.

Whatever is neither a header nor one of its two texts is a file, so nothing is left behind.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.headerregistry import AddressHeader, BaseHeader
from email.message import EmailMessage, MIMEPart
from email.parser import BytesHeaderParser

from outtray.mail.address import Address, AddressError, NamedAddress

# What has a field of its own in Graph, or is written by whoever sends.
_OWN_PLACE = frozenset(
    {"from", "sender", "to", "cc", "bcc", "reply-to", "subject", "date", "message-id"}
    | {"mime-version", "return-path", "received"}
)


@dataclass(frozen=True, slots=True)
class Heads:
    """Who a message is from and to by its headers. `is_clear` is False where an address of its
    recipients cannot be read, or a blind copy is named: then the headers are not to be trusted.
    """

    sender: Address | None
    to: tuple[NamedAddress, ...]
    cc: tuple[NamedAddress, ...]
    is_clear: bool

    @property
    def recipients(self) -> frozenset[str]:
        """All that are named, in the form in which addresses are compared."""
        return frozenset(each.address.key for each in (*self.to, *self.cc))


@dataclass(frozen=True, slots=True)
class File:
    """An attachment, or with a `cid` a picture in the HTML."""

    name: str
    content_type: str
    content: bytes = field(repr=False)
    cid: str = ""
    is_inline: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """All that a message says."""

    heads: Heads
    subject: str
    message_id: str
    reply_to: tuple[NamedAddress, ...]
    text: str
    html: str
    headers: tuple[tuple[str, str], ...]
    files: tuple[File, ...]


def heads_of(message: bytes) -> Heads:
    """The addresses of a message, without reading the rest of it."""
    head = message.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    return _heads(BytesHeaderParser(policy=policy.default).parsebytes(head))


def take_apart(message: bytes) -> Letter:
    """Read a message. Nothing of it is raised; what is no header and no text is a file."""
    whole = message_from_bytes(message, policy=policy.default)
    assert isinstance(whole, EmailMessage)
    html = whole.get_body(preferencelist=("html",))
    plain = whole.get_body(preferencelist=("plain",))
    leaves = [part for part in _leaves(whole) if part is not html and part is not plain]
    return Letter(
        heads=_heads(whole),
        subject=_shown(str(whole.get("Subject", ""))),
        message_id=_shown(str(whole.get("Message-ID", ""))).strip(),
        reply_to=_addresses(whole, "Reply-To")[0],
        text=_text(plain),
        html=_text(html),
        headers=tuple(_others(whole)),
        files=tuple(_file(part, number) for number, part in enumerate(leaves, start=1)),
    )


def _heads(message: EmailMessage) -> Heads:
    senders, _ = _addresses(message, "From")
    to, to_is_clear = _addresses(message, "To")
    cc, cc_is_clear = _addresses(message, "Cc")
    names_blind = any(name.lower() in ("bcc", "resent-to", "resent-cc") for name in message)
    return Heads(
        sender=senders[0].address if senders else None,
        to=to,
        cc=cc,
        is_clear=to_is_clear and cc_is_clear and not names_blind,
    )


def _addresses(message: EmailMessage, name: str) -> tuple[tuple[NamedAddress, ...], bool]:
    """The addresses of all headers of that name, and whether each could be read."""
    found: list[NamedAddress] = []
    is_clear = True
    for header in message.get_all(name, []):
        assert isinstance(header, BaseHeader)
        assert isinstance(header, AddressHeader)
        is_clear = is_clear and not header.defects
        for each in header.addresses:
            try:
                address = Address.parse(_shown(each.addr_spec))
            except AddressError:
                is_clear = False
            else:
                found.append(NamedAddress(_shown(each.display_name), address))
    return tuple(found), is_clear


def _others(message: EmailMessage) -> Iterator[tuple[str, str]]:
    for name, value in message.items():
        if name.lower() not in _OWN_PLACE and not name.lower().startswith("content-"):
            yield name, _shown(str(value))


def _leaves(part: MIMEPart) -> Iterator[MIMEPart]:
    """The parts that hold something. A message within the message is one of them."""
    if not part.is_multipart() or part.get_content_maintype() == "message":
        yield part
        return
    for inner in part.iter_parts():
        yield from _leaves(inner)


def _file(part: MIMEPart, number: int) -> File:
    cid = str(part.get("Content-ID", "")).strip("<> ")
    kind = part.get_content_type()
    usual = f"attachment-{number}{mimetypes.guess_extension(kind) or ''}"
    return File(
        name=_shown(part.get_filename() or usual),
        content_type=kind,
        content=_octets(part),
        cid=cid,
        is_inline=bool(cid) and not part.is_attachment(),
    )


def _octets(part: MIMEPart) -> bytes:
    if part.is_multipart():
        return b"".join(inner.as_bytes() for inner in part.iter_parts())
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _text(part: MIMEPart | None) -> str:
    if part is None:
        return ""
    try:
        return _octets(part).decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        return _octets(part).decode("utf-8", "replace")


def _shown(value: str) -> str:
    """A header with UTF-8 in it (RFC 6532) comes out of the parser as half characters."""
    return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
