"""Validate that fails, the offered value pressed, success, Save: on a real Postfix."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import override_settings
from playwright.sync_api import Page, expect

from outtray.mailboxes.models import Health, Mailbox
from outtray.people.models import Membership
from tests.servers.postfix import Postfix
from tests.web.browser import PHONE, overflow, sign_in, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def trusted(postfix: Postfix) -> Iterator[Postfix]:
    """A server whose certificate is known here."""
    with override_settings(CA_FILE=str(postfix.ca_file)):
        yield postfix


def _fill(page: Page, server: Postfix, *, security: str) -> None:
    """The port that speaks TLS at once, with that encryption."""
    page.get_by_label("Email Address").fill(server.username)
    page.get_by_label("Outgoing server").fill(server.host)
    page.get_by_label("Port", exact=True).fill(str(server.tls_port))
    page.get_by_label("Encryption", exact=True).select_option(security)
    page.get_by_label("User name").fill(server.username)
    page.get_by_label("Password", exact=True).fill(server.password)


def test_the_offered_value_is_pressed_and_validated_again(
    page: Page, ben: Membership, trusted: Postfix
) -> None:
    sign_in(page, ben)
    page.goto("/user-email/")
    _fill(page, trusted, security="starttls")

    page.get_by_role("button", name="Validate").click()
    expect(page.get_by_role("heading", name="It does not work yet")).to_be_visible()
    expect(page.get_by_text("Who must act")).to_be_visible()
    assert violations(page) == []
    page.locator("#probe [data-sets]").click()

    expect(page.get_by_label("Encryption", exact=True)).to_have_value("tls")
    expect(page.get_by_role("heading", name="It works")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("is saved and ready to send")).to_be_visible()
    assert Mailbox.objects.get().health == Health.READY


def test_it_all_works_by_keyboard_on_a_phone(page: Page, ben: Membership, trusted: Postfix) -> None:
    page.set_viewport_size(PHONE)
    sign_in(page, ben)
    page.goto("/user-email/")
    _fill(page, trusted, security="starttls")

    page.get_by_role("button", name="Validate").press("Enter")
    expect(page.get_by_role("heading", name="It does not work yet")).to_be_visible()
    assert (violations(page), overflow(page)) == ([], 0)
    page.locator("#probe [data-sets]").press("Enter")
    expect(page.get_by_role("heading", name="It works")).to_be_visible()
    page.get_by_role("button", name="Save").press("Enter")

    expect(page.get_by_text("is saved and ready to send")).to_be_visible()


def test_a_value_in_a_step_is_copied_by_a_press(
    page: Page, ben: Membership, trusted: Postfix
) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in(page, ben)
    page.goto("/user-email/")
    _fill(page, trusted, security="tls")
    page.get_by_label("Password", exact=True).fill("not the right one")
    page.get_by_role("button", name="Validate").click()

    page.get_by_role("button", name=f"Copy {trusted.username}").first.click()

    assert page.evaluate("navigator.clipboard.readText()") == trusted.username
