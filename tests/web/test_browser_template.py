"""The template editor in Chromium: typing, fields, preview, faults in place, saving."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from outtray.compose.templates.models import Template
from outtray.documents.importing import import_documents
from outtray.documents.samples.samples import sample_documents
from outtray.outbox.models import Email
from outtray.people.models import Membership
from tests import builders
from tests.web.browser import DESK, PHONE, overflow, sign_in, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_template_is_written_tried_and_saved(page: Page, anna: Membership, at: datetime) -> None:
    import_documents(anna.company, json.dumps(sample_documents(at.date())).encode(), by=None, at=at)
    builders.user_email(anna, at=at)
    sign_in(page, anna)
    page.goto("/templates/new/?purpose=invoice")
    page.get_by_label("Name").fill("House style")
    page.get_by_role("button", name="Make the template").click()
    letter, code = _letter(page), page.get_by_role("textbox", name="Letter")

    expect(letter.get_by_text("Your invoice RE-2026-1043 is attached")).to_be_visible()
    code.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("<mj-text><p>Moin ")
    page.get_by_role("button", name="party.name Möbelhaus Ahrens KG", exact=True).click()
    page.keyboard.type("!")

    expect(letter.get_by_text("Moin Möbelhaus Ahrens KG!")).to_be_visible()
    page.get_by_role("button", name="Plain text").click()
    expect(page.locator("[data-text]")).to_contain_text("RE-2026-1043")
    page.get_by_role("button", name="Test mail to me").click()
    expect(page.get_by_role("status").filter(has_text="On its way")).to_be_visible()
    code.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("\n{{ nmae }}")
    expect(page.get_by_role("alert")).to_contain_text("Text and fields must stand within <mj-text>")
    page.get_by_role("button", name="Show the place").click()
    expect(page.locator(".cm-lint-marker-error")).to_be_visible()
    expect(code).to_be_focused()
    page.keyboard.press("Control+z")
    expect(page.get_by_role("alert")).to_be_hidden()
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Saved: version 2 in English")).to_be_visible()
    saved = Template.objects.get().versions.get(number=2)
    assert saved.mjml.endswith("<mj-text><p>Moin {{ party.name }}!</p></mj-text>")
    assert Email.objects.get().subject.startswith("Test: ")


def test_the_pages_of_templates_fit_and_are_accessible(
    page: Page, anna: Membership, at: datetime
) -> None:
    import_documents(anna.company, json.dumps(sample_documents(at.date())).encode(), by=None, at=at)
    sign_in(page, anna)
    page.goto("/templates/new/")
    page.get_by_label("Name").fill("House style")
    page.get_by_role("button", name="Make the template").click()
    page.wait_for_url("**/templates/*-*/")
    paths = ("/templates/", "/templates/new/", page.url)

    found = {}
    for theme, size in ("light", DESK), ("dark", PHONE):
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        page.set_viewport_size(size)
        for path in paths:
            page.goto(path)
            if path == paths[-1]:
                expect(_letter(page).get_by_role("heading", name="Your invoice")).to_be_visible()
            found[theme, size["width"], path] = (violations(page), overflow(page))

    assert found == dict.fromkeys(found, ([], 0))


def _letter(page: Page) -> FrameLocator:
    return page.frame_locator("[data-previews] iframe:not(.coming)")
