"""Compose in a real browser: drafts by themselves, files, the exact message, by keyboard."""

from __future__ import annotations

from email import message_from_bytes, policy

import pytest
from django.conf import settings
from playwright.sync_api import FilePayload, Page, Route, expect

from outtray.compose.models import Draft
from outtray.outbox.models import Email
from outtray.people.models import Membership
from tests.web.browser import DESK, PHONE, overflow, sign_in, violations
from tests.web.papers import imported, mailbox_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TERMS = FilePayload(name="terms.txt", mimeType="text/plain", buffer=b"Payable soon.")
PROGRAM = FilePayload(name="offer.pdf", mimeType="application/pdf", buffer=b"MZ\x90\0" + b"\0" * 80)


def test_a_letter_is_kept_looked_at_and_sent_as_it_was_seen(page: Page, ben: Membership) -> None:
    mailbox_of(ben)
    invoice = imported(ben)["invoice"]
    sign_in(page, ben)
    page.goto(f"/documents/{invoice.pk}/compose/")
    expect(page.locator("iframe.letter")).to_be_visible()
    assert not Draft.objects.exists()

    _write(page, "Please find it attached.")
    expect(page.locator("[data-saved]")).to_contain_text("Draft kept")
    page.route("**/files/", _quietly)
    page.locator("[name=more]").set_input_files([TERMS, PROGRAM])
    expect(page.get_by_role("link", name="terms.txt")).to_be_visible()
    expect(page.get_by_text("offer.pdf is a program")).to_be_visible()
    page.get_by_label("Subject").press("Control+Enter")
    dialog = page.get_by_role("dialog", name="The exact message")
    letter = page.frame_locator("dialog iframe")
    expect(letter.get_by_text("Please find it attached.")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(dialog.get_by_role("tabpanel", name="Text")).to_contain_text("Please find it attached.")
    page.keyboard.press("ArrowRight")
    source = dialog.get_by_role("tabpanel", name="Source")
    expect(source).to_contain_text("Message-ID:")
    seen = bytes(Draft.objects.get().seen_message or b"")
    assert violations(page) == []
    dialog.get_by_role("button", name="Send exactly this").click()
    page.wait_for_url("**/queue/")

    content = settings.BLOBS.get(Email.objects.get().message)
    message = message_from_bytes(content, policy=policy.default)
    assert content == seen
    assert [part.get_filename() for part in message.iter_attachments()][-1] == "terms.txt"
    assert not Draft.objects.exists()


def test_two_windows_are_told_of_each_other(page: Page, ben: Membership) -> None:
    mailbox_of(ben)
    sign_in(page, ben)
    page.goto("/compose/")
    _write(page, "From the first window.")
    expect(page.locator("[data-saved]")).to_contain_text("Draft kept")
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator("trix-editor")).to_contain_text("From the first window.")
    other.get_by_label("Subject").fill("From the second")
    expect(other.locator("[data-saved]")).to_contain_text("Draft kept")

    page.route("**/save/", _quietly)
    page.get_by_label("Subject").fill("From the first")
    expect(page.get_by_role("alert").filter(has_text="Changed elsewhere")).to_be_visible()
    assert Draft.objects.get().subject == "From the second"
    page.unroute("**/save/")
    page.get_by_role("button", name="Keep this one").click()

    expect(page.locator("[data-saved]")).to_contain_text("Draft kept")
    assert Draft.objects.get().subject == "From the first"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_fit_and_are_accessible(page: Page, ben: Membership, theme: str) -> None:
    mailbox_of(ben)
    invoice = imported(ben)["invoice"]
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    sign_in(page, ben)
    paths = (
        f"/documents/{invoice.pk}/compose/",
        f"/documents/{invoice.pk}/",
        "/drafts/",
        "/profile/",
    )

    found = {}
    for path in paths:
        page.set_viewport_size(DESK)
        page.goto(path)
        faults = violations(page)
        page.set_viewport_size(PHONE)
        found[path] = (faults, overflow(page))

    assert found == dict.fromkeys(paths, ([], 0))


def _write(page: Page, sentence: str) -> None:
    page.locator("trix-editor").click()
    page.keyboard.press("Control+Home")
    page.keyboard.type(f"{sentence} ")


def _quietly(route: Route) -> None:
    """A refusal is an answer like any other, but the console would tell it as a complaint."""
    route.fulfill(response=route.fetch(), status=200)
