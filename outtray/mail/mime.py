"""The bytes of a message, assembled directly: ten times as fast as `email`, same result.

    multipart/mixed
        multipart/alternative
            text/plain
            multipart/related
                text/html
                inline images
        attachments

Whatever is absent leaves its level out. Every line ends in CRLF, every text travels in
7 bits, and nothing of Bcc is ever written.
"""

from __future__ import annotations

import binascii
import re
import secrets
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache

from outtray.mail.address import NamedAddress
from outtray.mail.headers import (
    HeaderError,
    address_header,
    parameter_header,
    text_header,
    token_header,
)

_CONTENT_TYPE = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+")
# These have rules of their own (RFC 2046 §5) and must not be sent in base64.
_COMPOSITE = ("message/", "multipart/")
_OURS = {
    "from", "sender", "to", "cc", "bcc", "reply-to", "subject", "date", "message-id",
    "mime-version", "return-path", "received",
}  # fmt: skip
_CACHED_UP_TO = 64 * 1024
_LINE = 76  # RFC 2045 §6.8
# Many lines cut at once: twice as fast as one after the other.
_LINES = struct.Struct(f"{_LINE}s" * 64)

Pieces = list[bytes]  # what a part is written in; joined once, because files are large


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with the message; `base64` is its content once more, if known."""

    filename: str
    content_type: str
    content: bytes
    base64: str = ""


@dataclass(frozen=True, slots=True)
class InlineImage:
    """A picture that the HTML shows as `cid:<cid>`."""

    cid: str
    content_type: str
    content: bytes
    filename: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """All that a message says and to whom, save what is only in the envelope."""

    sender: NamedAddress
    to: tuple[NamedAddress, ...]
    subject: str
    text: str
    html: str = ""
    cc: tuple[NamedAddress, ...] = ()
    reply_to: NamedAddress | None = None
    inline: tuple[InlineImage, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()


def assemble(content: Content, *, message_id: str, date: datetime) -> bytes:
    """Write the message. Raises HeaderError for what must not become a header."""
    head = "".join(_headers(content, message_id=message_id, date=date)).encode()
    return b"".join([head, *_body(content)])


def _headers(content: Content, *, message_id: str, date: datetime) -> Iterator[str]:
    assert date.tzinfo is not None, "a Date needs its time zone"
    yield address_header("From", [content.sender])
    if content.to:
        yield address_header("To", content.to)
    if content.cc:
        yield address_header("Cc", content.cc)
    if not content.to and not content.cc:
        yield "To: undisclosed-recipients:;\r\n"
    if content.reply_to:
        yield address_header("Reply-To", [content.reply_to])
    yield text_header("Subject", content.subject)
    yield token_header("Date", format_datetime(date))
    yield token_header("Message-ID", message_id)
    yield "MIME-Version: 1.0\r\n"
    for name, value in content.headers:
        yield _extra_header(name, value)


def _extra_header(name: str, value: str) -> str:
    """A caller's own header. ASCII is never encoded: programs may have to read it."""
    if name.lower() in _OURS or name.lower().startswith("content-"):
        raise HeaderError(f"{name} is not for callers to set")
    return token_header(name, value) if value.isascii() else text_header(name, value)


def _body(content: Content) -> Pieces:
    parts = [_letter(content)]
    parts += [_attachment(each) for each in content.attachments]
    return _multipart("mixed", parts)


def _letter(content: Content) -> Pieces:
    if not content.html:
        return _text("plain", content.text)
    html = [_text("html", content.html), *(_inline(image) for image in content.inline)]
    related = _multipart("related", html, ("type", "text/html"))
    if not content.text:
        return related
    return _multipart("alternative", [_text("plain", content.text), related])


def _multipart(kind: str, parts: Sequence[Pieces], *parameters: tuple[str, str]) -> Pieces:
    """The parts behind one header; a single part stands for itself.

    No part can contain the boundary: "=_" occurs in no encoding that we use, and where
    nothing is encoded 144 random bits stand against it.
    """
    if len(parts) == 1:
        return parts[0]
    boundary = f"=_{secrets.token_hex(18)}"
    head = parameter_header(
        "Content-Type", f"multipart/{kind}", [*parameters, ("boundary", boundary)]
    )
    line = f"--{boundary}\r\n".encode()
    end = f"--{boundary}--\r\n".encode()
    inner = [piece for part in parts for piece in (line, *part, b"\r\n")]
    return [head.encode(), b"\r\n", *inner, end]


def _text(subtype: str, text: str) -> Pieces:
    encoding, body = _encoded_text(text)
    head = (
        f"Content-Type: text/{subtype}; charset=utf-8\r\n"
        f"Content-Transfer-Encoding: {encoding}\r\n\r\n"
    )
    return [head.encode(), body]


def _encoded_text(text: str) -> tuple[str, bytes]:
    """As it stands if nothing on the way could change it, else the shorter encoding."""
    lines = re.sub(r"\r\n?", "\n", text).removesuffix("\n").split("\n")
    octets = ("\n".join(lines) + "\n").encode("utf-8", "replace")
    if all(_travels_well(line) for line in lines):
        return "7bit", octets.replace(b"\n", b"\r\n")
    quoted = binascii.b2a_qp(octets, istext=True).replace(b"\n", b"\r\n")
    if len(quoted) <= len(octets) * 4 // 3:
        return "quoted-printable", quoted
    return "base64", _base64(octets.replace(b"\n", b"\r\n"))


def _travels_well(line: str) -> bool:
    return (
        len(line) <= 78
        and line.isascii()
        and line.isprintable()
        and not line.endswith(" ")
        and not line.startswith(("From ", ".", "--"))
    )


def _attachment(attachment: Attachment) -> Pieces:
    head = [
        f"Content-Type: {_content_type(attachment.content_type)}\r\n",
        "Content-Transfer-Encoding: base64\r\n",
        parameter_header("Content-Disposition", "attachment", [("filename", attachment.filename)]),
        "\r\n",
    ]
    known = attachment.base64.encode()
    body = _in_lines(known) if known else _base64(attachment.content)
    return ["".join(head).encode(), body]


def _inline(image: InlineImage) -> Pieces:
    named = [("filename", image.filename)] if image.filename else []
    head = [
        f"Content-Type: {_content_type(image.content_type)}\r\n",
        "Content-Transfer-Encoding: base64\r\n",
        parameter_header("Content-Disposition", "inline", named),
        token_header("Content-ID", f"<{image.cid}>"),
        "\r\n",
    ]
    return ["".join(head).encode(), _base64_of(image.content)]


def _content_type(text: str) -> str:
    text = text.lower()
    if not _CONTENT_TYPE.fullmatch(text):
        raise HeaderError(f"{text!r} is not a content type")
    return "application/octet-stream" if text.startswith(_COMPOSITE) else text


def _base64_of(content: bytes) -> bytes:
    """A small picture, such as the logo, returns with every message and is encoded once."""
    return _base64_once(content) if len(content) <= _CACHED_UP_TO else _base64(content)


@lru_cache(maxsize=64)
def _base64_once(content: bytes) -> bytes:
    return _base64(content)


def _base64(content: bytes) -> bytes:
    return _in_lines(binascii.b2a_base64(content, newline=False))


def _in_lines(encoded: bytes) -> bytes:
    """Base64 in lines of 76 (RFC 2045 §6.8), the last one ended too."""
    cut = len(encoded) - len(encoded) % _LINES.size
    blocks = _LINES.iter_unpack(memoryview(encoded)[:cut])
    lines = [line for block in blocks for line in block]
    lines += [encoded[start : start + _LINE] for start in range(cut, len(encoded), _LINE)]
    return b"\r\n".join([*lines, b""])
