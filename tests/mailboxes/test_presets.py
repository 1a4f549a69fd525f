from __future__ import annotations

import pytest

from outtray.mailboxes.pace import pace_of
from outtray.mailboxes.presets import PRESETS, Preset, preset_for, preset_for_host, preset_of


def known(preset: Preset | None) -> str:
    return preset.id if preset else ""


@pytest.mark.parametrize(
    ("address", "provider"),
    [
        ("ben@gmail.com", "gmail"),
        ("ben@outlook.com", "outlook_com"),
        ("ben@yahoo.de", "yahoo"),
        ("ben@icloud.com", "icloud"),
        ("ben@zoho.eu", "zoho_eu"),
        ("ben@nordwind.onmicrosoft.com", "microsoft365"),
        ("ben@nordwind.example", ""),
        ("not an address", ""),
    ],
)
def test_an_address_tells_its_provider(address: str, provider: str) -> None:
    assert known(preset_for(address)) == provider


@pytest.mark.parametrize(
    ("host", "provider"),
    [
        ("smtp.office365.com", "microsoft365"),
        ("smtp.gmail.com", "google_workspace"),
        ("email-smtp.eu-central-1.amazonaws.com", "amazon_ses"),
        ("mail-eu.smtp2go.com", "smtp2go"),
        ("smtp.ionos.co.uk", "ionos_co_uk"),
        ("mail.nordwind.example", ""),
        ("127.0.0.1", ""),
        ("co.uk", ""),
    ],
)
def test_a_server_tells_its_provider(host: str, provider: str) -> None:
    assert known(preset_for_host(host)) == provider


def test_an_address_of_ones_own_behind_gmail_belongs_to_google_workspace() -> None:
    own = preset_of("ben@nordwind.example", "smtp.gmail.com")
    plain = preset_of("ben@gmail.com", "smtp.gmail.com")

    assert known(own) == "google_workspace"
    assert known(plain) == "gmail"


def test_every_preset_has_a_secured_server_and_a_user_name_rule() -> None:
    for preset in PRESETS.values():
        assert preset.smtp, preset.id
        assert {endpoint.security for endpoint in preset.smtp} <= {"tls", "starttls"}, preset.id
        assert preset.username_rule.split(":")[0] in {"email", "local_part", "given", "literal"}


def test_who_wants_an_app_password_says_where_or_how() -> None:
    unsaid = [
        preset.id
        for preset in PRESETS.values()
        if preset.needs_app_password and not (preset.app_password_url or preset.note)
    ]

    assert unsaid == []


def test_the_user_name_follows_the_providers_rule() -> None:
    assert PRESETS["gmail"].username_for("ben@gmail.com") == "ben@gmail.com"
    assert PRESETS["free_fr"].username_for("ben@free.fr") == "ben"
    assert PRESETS["sendgrid"].username_for("ben@nordwind.example") == "apikey"
    assert PRESETS["mailgun"].username_for("ben@nordwind.example") == ""


def test_a_known_limit_becomes_the_pace() -> None:
    microsoft = pace_of(PRESETS["microsoft365"])
    ionos = pace_of(PRESETS["ionos_de"])
    gmail = pace_of(PRESETS["gmail"])

    assert (microsoft.messages_per_minute, microsoft.connections) == (30, 3)
    assert microsoft.recipients_per_day == 10_000
    assert ionos.messages_per_minute == 8
    assert (gmail.messages_per_minute, gmail.messages_per_day) == (10, 500)


def test_a_server_of_ones_own_has_no_pace_of_ours() -> None:
    pace = pace_of(None)

    assert (pace.messages_per_minute, pace.messages_per_day, pace.connections) == (None, None, 1)
