"""What a page answers when something breaks under it."""

from __future__ import annotations

import errno
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django import Settings

from outtray.lib.blobs import FileBlobs
from outtray.people.models import Membership
from tests.web.conftest import SignedIn
from tests.web.test_settings_pages import COMPANY, LOGO


class Broken(FileBlobs):
    """A folder that answers everything with this error."""

    def __init__(self, root: Path, number: int) -> None:
        super().__init__(root)
        self._number = number

    def put(self, content: bytes) -> str:
        raise OSError(self._number, "it broke", len(content))


def test_a_full_disk_is_said_and_any_other_trouble_is_our_mistake(
    anna: Membership, signed_in: SignedIn, settings: Settings, tmp_path: Path
) -> None:
    browser = signed_in(anna)
    browser.raise_request_exception = False
    answers = {}

    for number in (errno.ENOSPC, errno.EIO):
        settings.BLOBS = Broken(tmp_path, number)
        logo = SimpleUploadedFile("logo.svg", LOGO)
        answers[number] = browser.post(reverse("company"), {**COMPANY, "logo": logo})

    assert answers[errno.ENOSPC].status_code == 507
    assert "The disk is full" in answers[errno.ENOSPC].content.decode()
    assert answers[errno.EIO].status_code == 500
    assert "It is our mistake" in answers[errno.EIO].content.decode()


def test_an_address_with_nul_is_refused_on_any_database(
    anna: Membership, signed_in: SignedIn
) -> None:
    browser = signed_in(anna)

    answers = [browser.get(f"{reverse(page)}?q=a%00b") for page in ("queue", "documents")]

    assert [answer.status_code for answer in answers] == [400, 400]
