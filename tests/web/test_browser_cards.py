"""The three Email Service Types as cards: each with its own fields, by mouse and by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from outtray.lib import clock
from outtray.lib.sealing import Secret
from outtray.mailboxes.oauth_apps import AppDraft, save_app
from outtray.people.models import Membership
from tests.web.browser import faults_in_all_looks, sign_in, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIELDS = {
    "Web Mail": {"host", "port", "security", "username", "password"},
    "Exchange": {"uri", "domain", "username", "password"},
    "Email Services": set[str](),
}


def _choose(page: Page, card: str) -> None:
    page.locator(".card-of", has_text=card).click()


@pytest.mark.parametrize("card", FIELDS)
def test_a_card_shows_the_fields_of_its_service_only(
    page: Page, ben: Membership, card: str
) -> None:
    sign_in(page, ben)
    page.goto("/user-email/")

    _choose(page, card)

    for name in set().union(*FIELDS.values()):
        field = page.locator(f"#service-fields [name={name}]")
        expect(field).to_be_visible(visible=name in FIELDS[card])


def test_cards_are_chosen_by_keyboard_alone(page: Page, ben: Membership) -> None:
    sign_in(page, ben)
    page.goto("/user-email/")

    page.get_by_role("radio", name="Web Mail", exact=True).focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Exchange Uri")).to_be_visible()
    expect(page.get_by_role("radio", name="Exchange", exact=True)).to_be_focused()
    page.keyboard.press("ArrowRight")

    expect(page.get_by_role("heading", name="Microsoft")).to_be_visible()
    expect(page.get_by_role("radio", name="Email Services", exact=True)).to_be_focused()


def test_every_card_fits_and_is_accessible(page: Page, anna: Membership) -> None:
    app = AppDraft(provider="google", client_id="nordwind", secret=Secret("quiet"))
    save_app(anna, app, at=clock.now())
    sign_in(page, anna)
    page.goto("/company-emails/new/")

    found = {}
    for card in FIELDS:
        _choose(page, card)
        expect(page.get_by_role("region", name=card, exact=True)).to_be_visible()
        for summary in page.locator("#service-fields summary").all():
            summary.click()
        found[card] = faults_in_all_looks(page)

    assert found == {card: [] for card in FIELDS}


def test_exchange_online_is_led_to_a_sign_in_at_microsoft(page: Page, ben: Membership) -> None:
    sign_in(page, ben)
    page.goto("/user-email/")
    _choose(page, "Exchange")

    page.get_by_label("Exchange Uri").fill("https://outlook.office365.com/EWS/Exchange.asmx")
    page.get_by_label("Exchange Uri").press("Tab")
    expect(page.get_by_text("1 April 2027")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="Go to Email Services").click()

    expect(page.get_by_role("radio", name="Email Services", exact=True)).to_be_checked()
    expect(page.get_by_role("heading", name="Microsoft")).to_be_visible()


def test_a_pasted_app_password_goes_in_without_its_blanks(page: Page, ben: Membership) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in(page, ben)
    page.goto("/user-email/")
    password = page.get_by_label("Password", exact=True)

    page.evaluate("navigator.clipboard.writeText('abcd efgh ijkl mnop')")
    password.press("Control+v")

    expect(password).to_have_value("abcdefghijklmnop")


def test_a_typed_password_stays_while_the_address_is_corrected(page: Page, ben: Membership) -> None:
    sign_in(page, ben)
    page.goto("/user-email/")
    page.get_by_label("Password", exact=True).fill("typed once")

    page.get_by_label("Email Address").fill("ben@gmail.com")
    expect(page.get_by_text("Gmail wants an app password")).to_be_visible()

    expect(page.get_by_label("Password", exact=True)).to_have_value("typed once")
    expect(page.get_by_text("2-Step Verification, if it is off")).to_be_visible()
