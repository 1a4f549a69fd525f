"""A message read back, by a parser that shares nothing with the assembler.

Pages show a message "as sent" from here, and tests compare with it what was meant.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart

from outtray.mail.mime import InlineImage


@dataclass(frozen=True, slots=True)
class ReadAttachment:
    """A file found in a message."""

    filename: str
    content_type: str
    content: bytes

    @property
    def size(self) -> int:
        return len(self.content)


@dataclass(frozen=True, slots=True)
class ReadMessage:
    """What a message says to a program that reads mail."""

    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    inline: tuple[InlineImage, ...]
    attachments: tuple[ReadAttachment, ...]

    def header(self, name: str) -> str:
        """The first header of that name, decoded, or an empty text."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    @property
    def html_with_images(self) -> str:
        """The HTML with its own pictures in it, as `data:`; it fetches nothing."""
        images = {image.cid: image for image in self.inline}

        def shown(found: re.Match[str]) -> str:
            image = images.get(found[1])
            return _data_url(image) if image else found[0]

        return re.sub(r"cid:([A-Za-z0-9@._-]+)", shown, self.html)


def read(content: bytes) -> ReadMessage:
    """Read a message. What it cannot make sense of is left out, never raised."""
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    leaves = [part for part in message.walk() if not part.is_multipart()]
    return ReadMessage(
        headers=tuple((name, _shown(str(value))) for name, value in message.items()),
        text=_body(message, "plain"),
        html=_body(message, "html"),
        inline=tuple(_image(part) for part in leaves if part["Content-ID"]),
        attachments=tuple(
            ReadAttachment(part.get_filename() or "", part.get_content_type(), _octets(part))
            for part in leaves
            if part.is_attachment() and not part["Content-ID"]
        ),
    )


def _shown(value: str) -> str:
    """A header with UTF-8 in it (RFC 6532) comes out of the parser as half characters."""
    return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _body(message: EmailMessage, subtype: str) -> str:
    part = message.get_body(preferencelist=(subtype,))
    if part is None:
        return ""
    return _decoded(_octets(part), part.get_content_charset("utf-8")).replace("\r\n", "\n")


def _decoded(octets: bytes, charset: str) -> str:
    try:
        return octets.decode(charset, "replace")
    except LookupError:
        return octets.decode("utf-8", "replace")


def _image(part: MIMEPart) -> InlineImage:
    return InlineImage(
        cid=str(part["Content-ID"]).strip("<> "),
        content_type=part.get_content_type(),
        content=_octets(part),
        filename=part.get_filename() or "",
    )


def _octets(part: MIMEPart) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _data_url(image: InlineImage) -> str:
    return f"data:{image.content_type};base64,{base64.b64encode(image.content).decode()}"
