"""First start, User Email Setup, Validate that fails and then passes: in a real browser."""

from __future__ import annotations

import pytest
from django.test import override_settings
from playwright.sync_api import Page, expect

from outtray.mailboxes.models import Health, Mailbox
from outtray.people.models import Membership
from outtray.people.setup_link import new_setup_token
from tests.servers.postfix import Postfix
from tests.web.browser import PHONE, sign_in, sign_in_by_hand, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _fill_mailbox(page: Page, server: Postfix, *, port: int, password: str) -> None:
    page.get_by_label("Email Address").fill(server.username)
    page.get_by_label("Outgoing server").fill(server.host)
    page.get_by_label("Port", exact=True).fill(str(port))
    page.get_by_label("User name").fill(server.username)
    page.get_by_label("Password", exact=True).fill(password)


def test_from_the_first_start_to_a_validated_mailbox(page: Page, postfix: Postfix) -> None:
    page.goto(f"/start/{new_setup_token()}/")
    page.get_by_label("Company", exact=True).fill("Nordwind Handels GmbH")
    page.get_by_label("Your name").fill("Ben Behrens")
    page.get_by_label("Your email address").fill("ben@nordwind.example")
    page.get_by_label("Password", exact=True).fill("seven gulls above the pier")
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", name="User Email Setup")).to_be_visible()

    with override_settings(CA_FILE=str(postfix.ca_file)):
        _fill_mailbox(page, postfix, port=postfix.starttls_port, password="not the right one")
        page.get_by_role("button", name="Validate").click()
        expect(page.get_by_role("heading", name="It does not work yet")).to_be_visible()
        expect(
            page.get_by_text("does not accept this user name and password").first
        ).to_be_visible()
        expect(page.get_by_text("Who must act")).to_be_visible()
        assert violations(page) == []

        page.get_by_label("Password", exact=True).fill(postfix.password)
        page.get_by_role("button", name="Validate").click()
        expect(page.get_by_role("heading", name="It works")).to_be_visible()
        assert violations(page) == []

    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("is saved and ready to send")).to_be_visible()
    assert Mailbox.objects.get().health == Health.READY


def test_what_is_typed_stays_while_errors_appear_at_their_fields(
    page: Page, ben: Membership
) -> None:
    sign_in(page, ben)
    page.goto("/user-email/")
    page.get_by_label("Password", exact=True).fill("typed once")

    page.get_by_role("button", name="Validate").click()

    expect(page.locator("#id_host_error")).to_contain_text("required")
    expect(page.get_by_label("Password", exact=True)).to_have_value("typed once")


def test_the_provider_of_an_address_is_found_while_it_is_typed(page: Page, ben: Membership) -> None:
    sign_in(page, ben)
    page.goto("/user-email/")

    page.get_by_label("Email Address").fill("")
    page.get_by_label("Email Address").press_sequentially("ben@gmail.com")

    expect(page.get_by_label("Outgoing server")).to_have_value("smtp.gmail.com")
    expect(page.get_by_text("Gmail wants an app password")).to_be_visible()


def test_a_button_sets_the_value_that_is_known_to_be_right(page: Page, ben: Membership) -> None:
    sign_in(page, ben)
    page.goto("/user-email/")
    page.get_by_label("Outgoing server").fill("localhost")
    page.get_by_label("Port", exact=True).fill("465")
    page.get_by_label("Encryption", exact=True).select_option("tls")
    page.get_by_label("User name").fill("ben@nordwind.example")
    page.get_by_label("Password", exact=True).fill("typed once")
    page.get_by_role("button", name="Validate").click()

    page.get_by_role("button", name="Use port 587 with STARTTLS").click()

    expect(page.get_by_label("Port", exact=True)).to_have_value("587")
    expect(page.get_by_label("Encryption", exact=True)).to_have_value("starttls")
    expect(page.get_by_role("button", name="Use port 465 with TLS")).to_be_visible()


def test_a_chosen_theme_is_there_before_the_page_is_painted(page: Page, ben: Membership) -> None:
    sign_in(page, ben)
    page.goto("/profile/")

    page.locator("main").get_by_role("button", name="Dark").click()
    page.reload()

    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    expect(page.locator("main").get_by_role("button", name="Dark")).to_have_attribute(
        "aria-pressed", "true"
    )


def test_the_menu_is_opened_and_closed_by_keyboard(page: Page, ben: Membership) -> None:
    sign_in_by_hand(page, ben)

    page.locator(".topbar .menu summary").last.press("Enter")
    expect(page.get_by_role("link", name="Profile")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.get_by_role("link", name="Profile")).to_be_hidden()
    expect(page.locator(".topbar .menu summary").last).to_be_focused()


def test_on_a_phone_the_sidebar_is_a_drawer(page: Page, ben: Membership) -> None:
    page.set_viewport_size(PHONE)
    sign_in_by_hand(page, ben)
    link = page.locator("#sidebar").get_by_role("link", name="User Email Setup")
    expect(link).to_be_hidden()

    page.get_by_role("link", name="Menu", exact=True).click()
    link.click()

    expect(page.get_by_role("heading", name="User Email Setup")).to_be_visible()


def test_a_removed_person_is_gone_after_a_question(
    page: Page, anna: Membership, ben: Membership
) -> None:
    sign_in(page, anna)
    page.goto("/settings/people/")
    page.get_by_text("Actions for Ben Behrens").or_(
        page.get_by_label("Actions for Ben Behrens")
    ).first.click()

    page.get_by_role("button", name="Remove…").locator("visible=true").click()
    expect(page.get_by_role("heading", name="Remove Ben Behrens?")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Remove Ben Behrens").click()

    expect(page.get_by_text("can’t open this company any more")).to_be_visible()
    assert not Membership.objects.filter(pk=ben.pk).exists()
