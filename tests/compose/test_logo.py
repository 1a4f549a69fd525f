"""The company's logo in its letters."""

from __future__ import annotations

import pytest
from django.conf import settings

from outtray.compose.letter import compose
from outtray.compose.logo import logo_of
from outtray.documents.samples.cast import sample_logo
from outtray.mailboxes.models import Mailbox
from outtray.people.models import Company
from tests.compose.conftest import Import


def test_the_logo_is_in_the_letter_itself(
    imported: Import, mailbox: Mailbox, nordwind: Company
) -> None:
    nordwind.logo = settings.BLOBS.put(sample_logo())
    nordwind.logo_format = "svg"
    nordwind.save()

    letter = compose([imported("invoice")], mailbox=mailbox)

    [image] = letter.inline
    assert image.content.startswith(b"\x89PNG")
    assert f'<img src="cid:{image.cid}" alt="Nordwind Handels GmbH"' in letter.html


@pytest.mark.parametrize(
    ("content", "image_format"),
    [(b"not a picture", "png"), (b"<svg", "svg"), (sample_logo(), "gif"), (b"", "")],
)
def test_a_logo_that_cannot_be_drawn_is_none(
    nordwind: Company, content: bytes, image_format: str
) -> None:
    nordwind.logo = settings.BLOBS.put(content)
    nordwind.logo_format = image_format

    assert logo_of(nordwind) is None


def test_a_lost_logo_is_none_and_the_log_says_so(
    nordwind: Company, caplog: pytest.LogCaptureFixture
) -> None:
    nordwind.logo, nordwind.logo_format = "0" * 64, "png"

    assert logo_of(nordwind) is None
    assert [record.message for record in caplog.records] == ["a logo cannot be drawn"]


def test_a_wide_logo_keeps_to_the_width_of_a_phone(nordwind: Company) -> None:
    wide = b'<svg xmlns="http://www.w3.org/2000/svg" width="2000" height="20"><rect/></svg>'
    nordwind.logo, nordwind.logo_format = settings.BLOBS.put(wide), "svg"

    logo = logo_of(nordwind)

    assert logo is not None
    assert int.from_bytes(logo.image.content[16:20]) == 480
    assert logo.height <= 4
