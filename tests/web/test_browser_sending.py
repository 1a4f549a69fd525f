"""The journey of a working day, in a real browser: import, choose, send, read."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

from outtray.documents.models import Party
from outtray.outbox.models import Email
from outtray.outbox.states import State
from outtray.people.models import Membership
from tests.servers.scripted import ScriptedServer
from tests.web.browser import PHONE, overflow, sign_in, violations
from tests.web.papers import imported, mailbox_of, queued_email, samples

PATIENCE = 30_000  # milliseconds; ten seconds of them can be undone

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_documents_are_imported_chosen_sent_and_read(
    page: Page, ben: Membership, smtp_server: ScriptedServer
) -> None:
    mailbox_of(ben, smtp_server.port)
    sign_in(page, ben)

    page.goto("/documents/import/")
    page.get_by_label("Or paste it").fill(json.dumps(samples()))
    page.get_by_role("button", name="Show what is in it").click()
    page.get_by_role("button", name="Import 6 documents").click()
    expect(page.get_by_role("heading", name="6 documents imported")).to_be_visible()

    page.goto("/documents/")
    for pick in page.get_by_role(
        "checkbox", name=re.compile("^Choose (Invoice|Sales order)")
    ).all():
        pick.check()
    expect(page.get_by_text("2 documents chosen")).to_be_visible()
    page.get_by_role("button", name="Add to Email Queue").click()
    page.get_by_role("button", name=f"Send 2 emails from {ben.person.email}").click()

    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    smtp_server.wait_for_messages(2)
    expect(page.locator("tbody .pill", has_text="Sent")).to_have_count(2, timeout=PATIENCE)

    page.locator("tbody a.row-link").first.click()
    expect(page.get_by_text("Sent: the server accepted it")).to_be_visible()
    letter = page.frame_locator("iframe[title='The letter']")
    expect(letter.locator("body")).to_contain_text("Nordwind")


def test_undo_keeps_everything_in_the_house(
    page: Page, ben: Membership, smtp_server: ScriptedServer
) -> None:
    mailbox_of(ben, smtp_server.port)
    invoice = imported(ben)["invoice"]
    sign_in(page, ben)

    page.goto(f"/documents/queue/?ids={invoice.pk}")
    page.get_by_role("button", name="Send 1 email").click()
    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_text("1 email was taken back. Nothing was sent.")).to_be_visible()
    assert Email.objects.get().state == State.CANCELLED
    assert smtp_server.received == []


def test_a_letter_is_edited_and_seen_before_it_goes(
    page: Page, ben: Membership, smtp_server: ScriptedServer
) -> None:
    mailbox_of(ben, smtp_server.port)
    invoice = imported(ben)["invoice"]
    sign_in(page, ben)

    page.goto(f"/documents/{invoice.pk}/compose/")
    page.locator("trix-editor").click()
    page.keyboard.press("Control+Home")
    page.keyboard.type("A word before: ")
    letter = page.frame_locator("iframe[title='The letter as it goes out']").last
    expect(letter.locator("body")).to_contain_text("A word before:")
    page.get_by_role("button", name=re.compile("^Send to")).click()

    page.wait_for_url("**/queue/")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    assert Email.objects.count() == 1


def test_the_keyboard_alone_chooses_and_adds(
    page: Page, ben: Membership, smtp_server: ScriptedServer
) -> None:
    mailbox_of(ben, smtp_server.port)
    imported(ben)
    sign_in(page, ben)

    page.goto("/documents/")
    page.locator("tbody a.row-link").first.focus()
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")

    expect(page.get_by_text("2 documents chosen")).to_be_visible()
    page.get_by_role("button", name="Add to Email Queue").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Send 2 emails")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_of_the_day_has_a_barrier_or_is_too_wide(
    page: Page, ben: Membership, theme: str
) -> None:
    mailbox_of(ben)
    invoice = imported(ben)["invoice"]
    email = queued_email(ben, invoice)
    party = Party.objects.first()
    assert party
    sign_in(page, ben)
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    wrong: dict[str, object] = {}

    for path in (
        "/documents/",
        "/documents/import/",
        f"/documents/{invoice.pk}/",
        f"/documents/{invoice.pk}/compose/",
        f"/documents/queue/?ids={invoice.pk}",
        "/queue/",
        f"/queue/{email.pk}/",
        f"/queue/{email.pk}/?show=source",
        "/parties/",
        f"/parties/{party.pk}/",
    ):
        page.goto(path)
        found = violations(page)
        size = page.viewport_size
        page.set_viewport_size(PHONE)
        if found or overflow(page):
            wrong[path] = found, overflow(page)
        assert size
        page.set_viewport_size(size)

    assert wrong == {}
