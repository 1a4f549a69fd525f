"""What the page shows of a message as it was sent."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outtray.mail.address import Address, NamedAddress
from outtray.mail.mime import Attachment, Content, InlineImage, assemble
from outtray.mail.reading import read

BEN = NamedAddress("Ben Behrens", Address.parse("ben@nordwind.example"))


@pytest.fixture
def message() -> bytes:
    content = Content(
        sender=BEN,
        to=(BEN,),
        subject="Rechnung für Éva",
        text="Guten Tag",
        html='<img src="cid:logo"><img src="cid:other">',
        inline=(InlineImage("logo", "image/png", b"png"),),
        attachments=(Attachment("Rechnung.pdf", "application/pdf", b"%PDF"),),
    )
    return assemble(content, message_id="<1@b.example>", date=datetime(2026, 11, 23, tzinfo=UTC))


def test_a_message_is_read_back_with_all_that_it_carries(message: bytes) -> None:
    found = read(message)

    assert found.header("subject") == "Rechnung für Éva"
    assert found.text == "Guten Tag\n"
    assert [(each.filename, each.size) for each in found.attachments] == [("Rechnung.pdf", 4)]
    assert [(each.cid, each.content) for each in found.inline] == [("logo", b"png")]


def test_its_pictures_are_shown_without_fetching_anything(message: bytes) -> None:
    found = read(message)

    assert found.html_with_images.strip() == (
        '<img src="data:image/png;base64,cG5n"><img src="cid:other">'
    )


def test_an_unknown_charset_is_read_as_well_as_can_be() -> None:
    found = read(b"Content-Type: text/plain; charset=klingon\r\n\r\nHello\r\n")

    assert found.text == "Hello\n"


@given(st.binary(max_size=500))
def test_anything_can_be_read(octets: bytes) -> None:
    assert read(octets).header("No-Such-Header") == ""
