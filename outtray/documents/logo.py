"""Admits logos: PNG, JPEG or a harmless SVG, of a bounded size."""

from __future__ import annotations

import base64
import json
import struct
from dataclasses import dataclass
from datetime import UTC, datetime

from typst import TypstError

from outtray.documents.pdf.compiler import typeset
from outtray.documents.svg import check_svg
from outtray.lib.errors import Refused

MOST_BYTES = 1024 * 1024
MOST_PIXELS = 16_000_000  # 4,000 by 4,000: sharp on any printer, and decoded in a moment

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True, slots=True)
class Logo:
    """A logo that was admitted. `format` is png, jpeg or svg; the size only gives the shape."""

    format: str
    content: bytes
    width: float
    height: float

    @property
    def content_type(self) -> str:
        return "image/svg+xml" if self.format == "svg" else f"image/{self.format}"

    def as_svg(self) -> str:
        """The logo as SVG text: photographs are wrapped, since data for the layout is text."""
        if self.format == "svg":
            return self.content.decode("utf-8-sig")
        coded = base64.b64encode(self.content).decode()
        size = f'width="{self.width:.0f}" height="{self.height:.0f}"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size}>'
            f'<image {size} href="data:{self.content_type};base64,{coded}"/></svg>'
        )


def check_logo(content: bytes) -> Logo:
    """Admit the image, or raise Refused (`unsafe_logo`, `unreadable_logo`, `logo_too_large`).

    It is set on a page of its own, so that one that cannot be drawn is not noticed by the
    first invoice.
    """
    logo = read_logo(content)
    try:
        typeset("logo.typ", _for_trial(logo), at=datetime(2000, 1, 1, tzinfo=UTC))
    except TypstError as wrong:
        raise Refused("unreadable_logo", "The image is damaged and cannot be drawn.") from wrong
    return logo


def _for_trial(logo: Logo) -> str:
    """Its very bytes: inside an SVG, a damaged photograph would be left out silently."""
    content = logo.as_svg() if logo.format == "svg" else list(logo.content)
    return json.dumps({"content": content, "format": logo.format.replace("jpeg", "jpg")})


def read_logo(content: bytes) -> Logo:
    """What kind of image it is, and its shape. Refuses all that needs no drawing to be seen."""
    if len(content) > MOST_BYTES:
        raise Refused("logo_too_large", "The logo has more than 1 MB. Save it smaller.")
    if content.startswith(_PNG):
        return _sized("png", content, *_png_size(content))
    if content.startswith(_JPEG):
        return _sized("jpeg", content, *_jpeg_size(content))
    if b"<svg" in content[:4096]:
        return _sized("svg", content, *check_svg(content))
    raise Refused("unreadable_logo", "The logo must be a PNG, JPEG or SVG image.")


def _sized(form: str, content: bytes, width: float, height: float) -> Logo:
    if width <= 0 or height <= 0:
        raise Refused("unreadable_logo", "The logo has no size.")
    if form != "svg" and width * height > MOST_PIXELS:
        raise Refused(
            "logo_too_large",
            f"The logo has {width:.0f} × {height:.0f} pixels; at most 16 million are allowed.",
        )
    if not 1 / 20 <= width / height <= 20:
        raise Refused("unreadable_logo", "The logo is far too narrow or far too flat to be seen.")
    return Logo(form, content, width, height)


def _png_size(content: bytes) -> tuple[int, int]:
    if content[12:16] != b"IHDR" or b"IEND" not in content[-16:]:
        raise Refused("unreadable_logo", "The PNG image is damaged or cut off.")
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def _jpeg_size(content: bytes) -> tuple[int, int]:
    """From the frame header, past the segments before it."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4])
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    raise Refused("unreadable_logo", "The JPEG image is damaged or cut off.")
