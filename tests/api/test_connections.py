"""Mailboxes of Exchange and of the Email Services, through the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from outtray.lib.sealing import Secret
from outtray.mailboxes.models import Grant, Mailbox, OAuthApp
from outtray.mailboxes.oauth_apps import AppDraft, save_app
from outtray.people.models import Membership
from tests.api.conftest import Program

EXCHANGE = {
    "whose": "user",
    "address": "ben@nordwind.example",
    "service_type": "exchange",
    "settings": {
        "uri": "https://mail.nordwind.example/EWS/Exchange.asmx",
        "domain": "nordwind.example",
        "username": "ben",
    },
    "password": "correct horse",
}


def connection(**changes: Any) -> dict[str, Any]:
    return {"whose": "user", "address": "ben@nordwind.example", "sign_in": "microsoft", **changes}


@pytest.fixture
def microsoft(anna: Membership, at: datetime) -> OAuthApp:
    draft = AppDraft(
        provider="microsoft", client_id="outtray", secret=Secret("quiet"), tenant="nordwind.example"
    )
    return save_app(anna, draft, at=at)


def test_an_exchange_mailbox_is_set_up_and_its_password_stays_with_its_server(
    bens: Program,
) -> None:
    made = bens.post("/mailboxes", EXCHANGE)
    moved = {
        **EXCHANGE,
        "password": None,
        "settings": {**EXCHANGE["settings"], "uri": "https://mail.thief.example"},  # type: ignore[dict-item] # settings are a dict
    }

    refused = bens.ask("PUT", f"/mailboxes/{made.json['id']}", moved)

    assert (made.status, made.json["transport"]) == (201, "ews")
    assert (refused.status, refused.code) == (422, "password_needed_again")


def test_a_connection_begins_at_the_provider_and_saves_nothing_yet(
    bens: Program, microsoft: OAuthApp
) -> None:
    answer = bens.post("/mailboxes/connections", connection())

    assert answer.status == 202
    assert urlsplit(answer.json["url"]).netloc == "login.microsoftonline.com"
    assert not Mailbox.objects.exists()


def test_without_a_registration_nothing_begins(bens: Program) -> None:
    assert bens.post("/mailboxes/connections", connection()).code == "oauth_app_missing"


def test_a_company_email_is_connected_without_a_person_and_disconnected(
    annas: Program, bens: Program, microsoft: OAuthApp
) -> None:
    company = connection(whose="company", name="Billing", address="billing@nordwind.example")

    refused = bens.post("/mailboxes/app-connections", company)
    made = annas.post("/mailboxes/app-connections", company).json
    gone = annas.ask("DELETE", f"/mailboxes/{made['id']}/connection")

    assert refused.code == "not_allowed"
    assert (made["transport"], made["has_password"]) == ("graph", False)
    assert made["connection"]["kind"] == "app"
    assert gone.status == 204
    assert not Grant.objects.exists()


def test_a_mailbox_that_signs_in_is_not_saved_without_its_consent(
    bens: Program, microsoft: OAuthApp
) -> None:
    wishes = connection(service_type="email_services")

    assert bens.post("/mailboxes", wishes).code == "connect_first"


def test_clara_connects_no_mailbox_of_nordwind(
    annas: Program, claras: Program, microsoft: OAuthApp
) -> None:
    company = connection(whose="company", name="Billing", address="billing@nordwind.example")
    made = annas.post("/mailboxes/app-connections", company).json
    hers = {**company, "mailbox_id": made["id"]}

    assert claras.post("/mailboxes/app-connections", hers).status == 404
    assert claras.post("/mailboxes/connections", hers).status == 404
    assert claras.ask("DELETE", f"/mailboxes/{made['id']}/connection").status == 404
    assert Grant.objects.count() == 1
