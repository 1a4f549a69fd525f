"""A PDF layout in Chromium: what is chosen is seen at once, and kept when it is saved."""

from __future__ import annotations

import base64
import re

import pytest
from playwright.sync_api import Page, expect

from outtray.documents.layouts import Layout
from outtray.people.models import Membership
from tests.web.browser import PHONE, overflow, sign_in, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_layout_is_seen_while_it_is_made(page: Page, anna: Membership) -> None:
    sign_in(page, anna)
    page.goto("/settings/layouts/")
    page.get_by_role("link", name="New layout").click()
    sheet = page.locator("[data-pages] img").first
    expect(sheet).to_be_visible()
    before = sheet.get_attribute("src")
    assert before

    page.get_by_label("Modern").check()
    page.get_by_label("Colour", exact=True).fill("#7a1f4f")
    page.get_by_label("Name", exact=True).fill("House")

    expect(page.get_by_label("Another colour")).to_be_checked()
    expect(sheet).not_to_have_attribute("src", before)
    page.wait_for_function("() => !document.querySelector('[data-pages][aria-busy]')")
    assert b"#7a1f4f" in _drawn(page)
    assert (violations(page), overflow(page)) == ([], 0)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The layout “House” is saved")).to_be_visible()
    layout = Layout.objects.get()
    assert (layout.design, layout.colour) == ("modern", "#7a1f4f")
    page.set_viewport_size(PHONE)
    assert (violations(page), overflow(page)) == ([], 0)


def _drawn(page: Page) -> bytes:
    source = page.locator("[data-pages] img").first.get_attribute("src") or ""
    return base64.b64decode(re.sub("^data:image/svg.xml;base64,", "", source))
