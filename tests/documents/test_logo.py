"""Logos are drawings and nothing else."""

from __future__ import annotations

import struct
import zlib

import pytest
from django.conf import settings

from outtray.documents.logo import check_logo
from outtray.documents.samples.cast import sample_logo
from outtray.lib.errors import Refused
from tests.documents.builders import company, document_of, raw, render

XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'


def svg(inside: str, attributes: str = "") -> bytes:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10" {attributes}>'
    return f"{head}{inside}</svg>".encode()


def png(width: int = 40, height: int = 10, *, stated: int | None = None) -> bytes:
    pixels = b"".join(b"\0" + b"\x10\x80\x90" * width for _ in range(height))
    header = struct.pack(">IIBBBBB", stated or width, stated or height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(pixels)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )


@pytest.mark.parametrize(
    "content",
    [
        svg("<script>alert(1)</script>"),
        svg('<rect onload="alert(1)" width="1" height="1"/>'),
        svg('<rect ONCLICK="alert(1)" width="1" height="1"/>'),
        svg('<a href="https://evil.example"><rect/></a>'),
        svg('<use href="https://evil.example/x.svg#a"/>'),
        svg('<use xlink:href="file:///etc/passwd"/>', XLINK),
        svg('<image href="https://evil.example/x.png"/>'),
        svg('<image href="data:image/png;base64,AAAA"/>'),
        svg("<foreignObject><body/></foreignObject>"),
        svg('<g xmlns:h="http://www.w3.org/1999/xhtml"><h:script/></g>'),
        svg("<style>@import url(https://evil.example/x.css);</style>"),
        svg("<style>rect { fill: url(https://evil.example/x) }</style>"),
        svg("<style>rect { fill: u\\72l(x) }</style>"),
        svg('<rect style="fill:url(//evil.example)"/>'),
        svg('<rect fill="url( &quot;https://evil.example/x#a&quot; )"/>'),
        svg('<animate attributeName="href" to="x"/>'),
        svg('<set attributeName="href" to="x"/>'),
        svg("<text>Nordwind</text>"),
        svg("<filter/>"),
        b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "b">]>' + svg("&a;"),
        b"<!DOCTYPE svg>" + svg(""),
        b'<?xml-stylesheet href="https://evil.example/x.css"?>' + svg(""),
        svg("<g>" * 60 + "</g>" * 60),
        svg("<rect/>" * 6_000),
    ],
)
def test_an_svg_that_could_do_more_than_be_seen_is_unsafe(content: bytes) -> None:
    with pytest.raises(Refused) as refused:
        check_logo(content)

    assert refused.value.code == "unsafe_logo"
    assert len(refused.value.detail) > 20


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        b"hello",
        b"\x89PNG\r\n\x1a\n",
        png()[:-20],
        b"\xff\xd8\xff\xe0\x00\x10JFIF",
        svg("<g>"),
        png().replace(b"IDAT", b"IDAX"),
        svg("").decode().encode("utf-16"),
        svg("").replace(b"<svg", b'<?xml version="1.0" encoding="latin-1"?><svg') + b"\xe4",
        b'<svg viewBox="0 0 1 1"></svg>',
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        svg("").replace(b"0 0 40 10", b"0 0 0 10"),
        svg("").replace(b"0 0 40 10", b"0 0 4000 10"),
        svg("").replace(b"0 0 40 10", b"0 0 nan 10"),
    ],
)
def test_what_is_no_image_is_unreadable(content: bytes) -> None:
    with pytest.raises(Refused) as refused:
        check_logo(content)

    assert refused.value.code == "unreadable_logo"


@pytest.mark.parametrize("content", [b"\x89PNG" + b"0" * 1_100_000, png(stated=9_000)])
def test_a_logo_is_bounded(content: bytes) -> None:
    with pytest.raises(Refused) as refused:
        check_logo(content)

    assert refused.value.code == "logo_too_large"


def test_ordinary_drawings_are_welcome() -> None:
    drawing = svg(
        '<defs><linearGradient id="a"><stop offset="0"/></linearGradient></defs>'
        '<style>.b{fill:url(#a)}</style><g><path class="b" d="M0 0h9v9z"/></g>'
        '<use xlink:href="#c"/><metadata><x xmlns="urn:x"/></metadata>',
        XLINK,
    )

    logo = check_logo(drawing)

    assert (logo.format, logo.width, logo.height) == ("svg", 40, 10)


@pytest.mark.parametrize(("content", "form"), [(sample_logo(), "svg"), (png(), "png")])
def test_an_admitted_logo_stands_on_the_paper(content: bytes, form: str) -> None:
    plain = company()
    marked = company()
    marked.logo = settings.BLOBS.put(content)
    marked.logo_format = check_logo(content).format

    pdf = render(document_of(raw("invoice"), marked))

    assert marked.logo_format == form
    assert pdf.content != render(document_of(raw("invoice"), plain)).content
