"""The address box in a real browser: found while typing, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect
from pytest_django import Settings

from outtray.mailboxes.detection.detect import LIMIT
from outtray.people.models import Membership
from tests.servers.names import NameServer, name_server
from tests.web.browser import PHONE, overflow, sign_in, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def zone(settings: Settings) -> Iterator[NameServer]:
    LIMIT.forget()
    with name_server() as server:
        settings.DETECTION = True
        settings.NAME_SERVERS = [server.place]
        yield server


def test_the_server_stands_in_its_fields_before_anybody_has_asked_for_it(
    page: Page, ben: Membership, zone: NameServer
) -> None:
    zone.says("nordwind.example", "MX", "10 mx00.ionos.de.")
    sign_in(page, ben)

    page.goto("/user-email/")

    expect(page.get_by_label("Outgoing server")).to_have_value("smtp.ionos.de")
    expect(page.get_by_role("radio", name="Web Mail")).to_be_checked()
    page.get_by_text("Where we looked").click()
    assert violations(page) == []
    page.set_viewport_size(PHONE)
    assert overflow(page) == 0


def test_another_address_brings_another_card_and_back(
    page: Page, ben: Membership, zone: NameServer
) -> None:
    zone.says("nordwind.example", "MX", "0 nordwind-example.mail.protection.outlook.com.")
    sign_in(page, ben)
    page.goto("/user-email/")
    expect(page.get_by_role("radio", name="Email Services")).to_be_checked()

    page.get_by_label("Email Address").fill("ben@web.de")

    expect(page.get_by_role("radio", name="Web Mail")).to_be_checked()
    expect(page.get_by_label("Outgoing server")).to_have_value("smtp.web.de")
    assert violations(page) == []


def test_what_is_entered_meanwhile_stays_and_the_password_never_goes_along(
    page: Page, ben: Membership, zone: NameServer
) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    sign_in(page, ben)
    page.goto("/user-email/")
    expect(page.get_by_text("No mail server was found")).to_be_visible()
    page.get_by_label("Password", exact=True).fill("a-quiet-one")
    page.evaluate("document.querySelector('[name=password]').type = 'text'")

    page.route("**/mailboxes/preset/**", hold)
    with page.expect_request("**/mailboxes/preset/**") as asked:
        page.get_by_label("Email Address").fill("ben@web.de")
        page.get_by_label("Email Address").press("Tab")
    page.get_by_label("User name").fill("customer-7")
    held[0].continue_()

    expect(page.get_by_label("Outgoing server")).to_have_value("smtp.web.de")
    expect(page.get_by_label("User name")).to_have_value("customer-7")
    expect(page.get_by_label("Password", exact=True)).to_have_value("a-quiet-one")
    assert "host=" in asked.value.url
    assert "a-quiet-one" not in asked.value.url
