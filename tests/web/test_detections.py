"""The address box: what is found is filled in, and what a person has typed stays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from html import unescape
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from outtray.mailboxes.detection.detect import LIMIT
from outtray.mailboxes.models import Mailbox, OAuthApp
from outtray.people.models import Membership
from tests import builders
from tests.servers.names import NameServer, name_server
from tests.web.conftest import SignedIn

BEN = "ben@nordwind.example"


@pytest.fixture
def zone(settings: Settings) -> Iterator[NameServer]:
    LIMIT.forget()
    with name_server() as server:
        settings.DETECTION = True
        settings.NAME_SERVERS = [server.place]
        yield server
    LIMIT.forget()


@pytest.fixture
def bens_mailbox(ben: Membership, at: datetime) -> Mailbox:
    return builders.user_email(ben, at=at)


@pytest.fixture
def browser(ben: Membership, signed_in: SignedIn) -> Client:
    return signed_in(ben)


def looked_up(browser: Client, address: str = BEN, **shown: str) -> HttpResponse:
    return browser.get(reverse("mailbox_preset"), {"address": address, **shown})  # type: ignore[return-value] # the test client's


def filled(answer: HttpResponse) -> dict[str, Any]:
    """What the answer put into the form, or nothing where it leaves the form alone."""
    if answer.headers.get("HX-Reswap") == "none":
        return {}
    form = answer.context["form"]  # type: ignore[attr-defined] # the test client's
    return {**form.initial, "card": form.service.type}


def remembered(answer: HttpResponse) -> str:
    page = answer.content.decode()
    start = page.index('name="detected" value="') + len('name="detected" value="')
    return unescape(page[start : page.index('"', start)])


def test_the_server_of_a_domain_of_ones_own_is_found_and_said_from_where(
    browser: Client, zone: NameServer
) -> None:
    zone.says("nordwind.example", "MX", "10 mx00.ionos.de.")

    answer = looked_up(browser)

    assert filled(answer)["host"] == "smtp.ionos.de"
    assert filled(answer)["card"] == "web_mail"
    assert "the mail of nordwind.example goes to" in answer.content.decode()
    assert "Where we looked" in answer.content.decode()


def test_the_card_of_the_service_is_chosen(browser: Client, zone: NameServer) -> None:
    zone.says("nordwind.example", "MX", "0 nordwind-example.mail.protection.outlook.com.")

    found = filled(looked_up(browser))

    assert (found["card"], found["sign_in"]) == ("email_services", "microsoft")


def test_signing_in_at_google_comes_first_where_the_company_has_registered(
    browser: Client, ben: Membership, zone: NameServer, at: datetime
) -> None:
    without = filled(looked_up(browser, "ben@gmail.com"))
    OAuthApp.objects.create(
        company=ben.company, provider="google", client_id="abc", created_at=at, changed_at=at
    )

    registered = filled(looked_up(browser, "ben@gmail.com"))

    assert without["card"] == "web_mail"
    assert (registered["card"], registered["sign_in"]) == ("email_services", "google")


def test_the_providers_own_interface_is_chosen_before_smtp(
    browser: Client, ben: Membership, zone: NameServer, at: datetime
) -> None:
    OAuthApp.objects.create(
        company=ben.company, provider="microsoft", client_id="abc", created_at=at, changed_at=at
    )

    page = looked_up(browser, "ben@outlook.com").content.decode()

    assert 'name="way" value="api" checked' in page


def test_a_server_that_nobody_vouches_for_is_to_be_looked_at(
    browser: Client, zone: NameServer
) -> None:
    zone.says("_submissions._tcp.nordwind.example", "SRV", "0 1 465 mail.hoster.example.")
    zone.is_here("mail.hoster.example")

    answer = looked_up(browser)

    assert filled(answer)["host"] == "mail.hoster.example"
    assert "Is this your mail server?" in answer.content.decode()


def test_what_is_not_found_leaves_the_fields_and_says_so(browser: Client, zone: NameServer) -> None:
    answer = looked_up(browser, host="mail.of-mine.example")

    assert filled(answer) == {}
    assert "No mail server was found" in answer.content.decode()


def test_a_gateway_is_named(browser: Client, zone: NameServer) -> None:
    zone.says("nordwind.example", "MX", "10 eu-smtp-inbound-1.mimecast.com.")

    assert "Mimecast filters the mail" in looked_up(browser).content.decode()


def test_a_server_typed_by_hand_is_never_overwritten(browser: Client, zone: NameServer) -> None:
    zone.says("nordwind.example", "MX", "10 mx00.ionos.de.")

    answer = looked_up(browser, host="mail.of-mine.example", port="465", service_type="web_mail")

    assert filled(answer) == {}
    assert "was left as it is" in answer.content.decode()


def test_what_was_filled_in_before_gives_way_and_what_was_typed_does_not(
    browser: Client, zone: NameServer
) -> None:
    first = looked_up(browser, "ben@web.de")
    zone.says("nordwind.example", "MX", "10 mx00.ionos.de.")
    shown = {**json.loads(remembered(first))[2]["web_mail"], "username": "customer-7"}

    second = looked_up(browser, **shown, detected=remembered(first))

    assert filled(second)["host"] == "smtp.ionos.de"
    assert filled(second)["username"] == "customer-7"


def test_a_sent_folder_typed_by_hand_is_kept_as_a_whole(browser: Client, zone: NameServer) -> None:
    typed = {"imap_host": "imap.of-mine.example", "imap_port": "143", "imap_security": "starttls"}

    answer = looked_up(browser, "ben@web.de", service_type="web_mail", **typed)

    assert {name: filled(answer)[name] for name in typed} == typed
    assert filled(answer)["host"] == "smtp.web.de"


def test_a_card_chosen_by_hand_stays(browser: Client, zone: NameServer) -> None:
    answer = looked_up(browser, "ben@web.de", service_type="email_services")

    assert filled(answer) == {}


def test_another_card_shows_what_was_found_for_it(browser: Client, zone: NameServer) -> None:
    found = looked_up(browser, "ben@gmail.com")

    there = browser.get(
        reverse("mailbox_service"),
        {
            "address": "ben@gmail.com",
            "service_type": "email_services",
            "detected": remembered(found),
        },
    )
    back = browser.get(
        reverse("mailbox_service"),
        {"address": "ben@gmail.com", "service_type": "web_mail", "detected": remembered(found)},
    )

    assert there.context["form"].initial["sign_in"] == "google"
    assert back.context["form"].initial["host"] == "smtp.gmail.com"


@pytest.mark.parametrize("address", ["", "ben", "ben@", "ben@nordwind"])
def test_half_an_address_is_not_looked_up(browser: Client, zone: NameServer, address: str) -> None:
    assert looked_up(browser, address).status_code == 204
    assert zone.asked == []


def test_the_same_address_is_not_looked_up_again(browser: Client, zone: NameServer) -> None:
    zone.says("nordwind.example", "MX", "10 mx00.ionos.de.")
    first = looked_up(browser)

    again = looked_up(browser, detected=remembered(first))

    assert again.status_code == 204


def test_a_saved_mailbox_is_left_alone_until_its_address_changes(
    browser: Client, ben: Membership, zone: NameServer, bens_mailbox: Mailbox
) -> None:
    of_page = {"mailbox_id": str(bens_mailbox.pk), "whose": "user"}
    shown = {name: str(value) for name, value in bens_mailbox.settings.items()}

    same = looked_up(browser, bens_mailbox.address, **of_page, **shown)
    other = looked_up(browser, "ben@web.de", **of_page, **shown)

    assert same.status_code == 204
    assert filled(other)["host"] == "smtp.web.de"


def test_who_looks_up_too_much_is_told_to_wait(browser: Client, zone: NameServer) -> None:
    for number in range(60):
        looked_up(browser, f"ben@n{number}.example")

    answer = looked_up(browser)

    assert "Too many addresses were looked up" in answer.content.decode()
    assert answer.headers["HX-Reswap"] == "none"


@pytest.mark.parametrize("nonsense", ["{", "[]", "[1, 2, 3]", '["a", "b", {"c": 7}]', "[" * 4000])
def test_a_memory_that_makes_no_sense_is_forgotten(
    browser: Client, zone: NameServer, nonsense: str
) -> None:
    answer = looked_up(browser, "ben@web.de", detected=nonsense)

    assert filled(answer)["host"] == "smtp.web.de"
