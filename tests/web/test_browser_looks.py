"""Every page of set-up in both widths and themes: nothing sticks out, and axe finds nothing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import pytest
from playwright.sync_api import Page

from outtray.documents.models import Party
from outtray.mailboxes.models import Health
from outtray.people.models import Membership
from tests import builders
from tests.web.browser import faults_in_all_looks, overflow, sign_in, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

_PARTY = UUID("01900000-0000-7000-8000-000000000001")
PAGES = (
    "/",
    "/user-email/",
    "/company-emails/",
    "/company-emails/new/",
    "/settings/",
    "/settings/people/",
    "/settings/senders/",
    "/settings/recipients/",
    "/settings/recipients/invoice/",
    "/settings/layouts/",
    "/settings/layouts/new/",
    "/settings/e-invoices/",
    "/settings/sign-in-providers/",
    "/settings/import-folder/",
    "/settings/keys/",
    "/profile/",
    "/profile/password/",
    "/parties/",
    "/parties/new/",
    "/parties/import/",
    f"/parties/{_PARTY}/",
)


def test_pages_fit_and_are_accessible(page: Page, anna: Membership, at: datetime) -> None:
    mailbox = builders.user_email(anna, at=at, health=Health.UNVALIDATED)
    builders.queued(mailbox, at=at)
    Party.objects.create(
        id=_PARTY, company=anna.company, role="customer", number="1", name="Kunde AG",
        main_email="info@kunde.example", created_at=at, changed_at=at,
    )  # fmt: skip
    sign_in(page, anna)

    found = {path: _faults(page, path) for path in PAGES}

    assert found == {path: [] for path in PAGES}


@pytest.mark.parametrize("path", ["/sign-in/", "/password/spent/", "/start/used/", "/nowhere/"])
def test_pages_for_strangers_are_accessible(page: Page, anna: Membership, path: str) -> None:
    page.set_content("")  # a page that is not there is a complaint of the console, not of ours
    page.goto("/sign-in/")
    page.route(f"**{path}", lambda route: route.fulfill(response=route.fetch(), status=200))
    page.goto(path)

    assert (violations(page), overflow(page)) == ([], 0)


def _faults(page: Page, path: str) -> list[str]:
    page.goto(path)
    return faults_in_all_looks(page)
