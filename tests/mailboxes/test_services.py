"""The Email Service Types: their ways out, and what replaces those that end."""

from __future__ import annotations

import pytest

from outtray.lib.errors import Refused
from outtray.mailboxes.better_way import better_way
from outtray.mailboxes.models import ServiceType, SignIn
from outtray.mailboxes.services import SERVICES, way_of


def test_each_service_names_the_transports_it_sends_by() -> None:
    assert {type_: service.transports for type_, service in SERVICES.items()} == {
        ServiceType.WEB_MAIL: ("smtp",),
        ServiceType.EXCHANGE: ("ews",),
        ServiceType.EMAIL_SERVICES: ("gmail", "smtp", "graph"),
    }


@pytest.mark.parametrize(
    ("service_type", "transport", "sign_in"),
    [
        ("web_mail", "graph", ""),
        ("web_mail", "smtp", "google"),
        ("email_services", "gmail", "microsoft"),
        ("email_services", "smtp", ""),
        ("exchange", "smtp", ""),
    ],
)
def test_a_way_that_no_service_has_is_refused(
    service_type: str, transport: str, sign_in: str
) -> None:
    with pytest.raises(Refused) as refused:
        way_of(service_type, transport, sign_in)

    assert refused.value.code == "unknown_service"


@pytest.mark.parametrize(
    ("address", "sign_in", "host"),
    [
        ("ben@nordwind.example", "google", "smtp.gmail.com"),
        ("ben@nordwind.example", "microsoft", "smtp.office365.com"),
        ("ben@hotmail.com", "microsoft", "smtp-mail.outlook.com"),
    ],
)
def test_who_signs_in_need_not_name_the_server(address: str, sign_in: str, host: str) -> None:
    settings = way_of("email_services", "smtp", sign_in).completed({}, address)

    assert (settings["host"], settings["username"]) == (host, address)


def test_a_server_that_was_named_is_kept() -> None:
    way = way_of("email_services", "smtp", "microsoft")

    settings = way.completed({"host": "smtp.office365.us", "port": 587}, "ben@nordwind.example")

    assert settings == {"host": "smtp.office365.us", "port": 587}


@pytest.mark.parametrize(
    ("service_type", "settings", "is_over"),
    [
        ("exchange", {"uri": "https://outlook.office365.com/EWS/Exchange.asmx"}, True),
        ("exchange", {"uri": "Outlook.Office365.com"}, True),
        ("web_mail", {"host": "smtp.office365.com"}, False),
        ("web_mail", {"host": "smtp-mail.outlook.com"}, True),
    ],
)
def test_what_microsoft_ends_is_led_to_a_sign_in(
    service_type: str, settings: dict[str, str], is_over: bool
) -> None:
    better = better_way(service_type, settings)

    assert better
    assert (better.service_type, better.sign_in) == (
        ServiceType.EMAIL_SERVICES,
        SignIn.MICROSOFT,
    )
    assert better.is_over == is_over


@pytest.mark.parametrize(
    ("service_type", "settings"),
    [
        ("exchange", {"uri": "https://mail.company.com/EWS/Exchange.asmx"}),
        ("exchange", {"uri": "https://notoutlook.com"}),
        ("exchange", {"uri": "https://[broken"}),
        ("web_mail", {"host": "smtp.gmail.com"}),
        ("web_mail", {}),
    ],
)
def test_other_servers_are_left_alone(service_type: str, settings: dict[str, str]) -> None:
    assert better_way(service_type, settings) is None
