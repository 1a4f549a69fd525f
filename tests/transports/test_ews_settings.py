"""What may be typed about an Exchange server, and what is made of it."""

from __future__ import annotations

import base64

import pytest
from spnego._ntlm_raw.messages import AvId, Challenge, TargetInfo

from outtray.lib.errors import Refused
from outtray.transports.ews.challenge import domains_in
from outtray.transports.ews.settings import Form, Login, is_exchange_online, read
from outtray.transports.ews.transport import EwsTransport

URI = "https://mail.nordwind.example/EWS/Exchange.asmx"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (URI, URI),
        ("mail.nordwind.example", URI),
        ("https://MAIL.Nordwind.example./", URI),
        ("https://mail.nordwind.example:443/EWS/Exchange.asmx", URI),
        ("https://mail.nordwind.example/owa", "https://mail.nordwind.example/owa"),
        ("https://mail.südhang.example", "https://mail.xn--sdhang-3ya.example/EWS/Exchange.asmx"),
        (
            "https://mail.nordwind.example:8443",
            "https://mail.nordwind.example:8443/EWS/Exchange.asmx",
        ),
    ],
)
def test_the_name_of_the_server_is_enough(typed: str, kept: str) -> None:
    assert EwsTransport().check({"uri": typed, "username": "ben"})["uri"] == kept


@pytest.mark.parametrize(
    ("settings", "code", "field"),
    [
        ({"uri": ""}, "uri_required", "uri"),
        ({"uri": "http://mail.nordwind.example"}, "encryption_required", "uri"),
        ({"uri": "https://"}, "uri_invalid", "uri"),
        ({"uri": "https://ben:secret@mail.nordwind.example/"}, "uri_invalid", "uri"),
        ({"uri": "https://mail nordwind/"}, "uri_invalid", "uri"),
        ({"uri": "https://mail.nordwind.example:99999/"}, "uri_invalid", "uri"),
        ({"uri": "https://[::1"}, "uri_invalid", "uri"),
        ({"uri": "https://mail.nordwind.example/\x00EWS"}, "uri_invalid", "uri"),
        ({"domain": '"nordwind.example"'}, "ews_domain_form", "domain"),
        ({"domain": "https://nordwind.example"}, "ews_domain_form", "domain"),
        ({"domain": "NORDWIND"}, "ews_domain_form", "domain"),
        ({"domain": "NORDWIND\\ben"}, "ews_domain_form", "domain"),
        ({"domain": "ben@nordwind.example"}, "ews_domain_form", "domain"),
        ({"username": "a\\b\\c"}, "username_invalid", "username"),
        ({"username": "ben\r\n"[:4] + "x"}, "username_invalid", "username"),
        ({"login_form": "netbios"}, "login_form_invalid", "login_form"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    settings: dict[str, object], code: str, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        EwsTransport().check({"uri": URI, "username": "ben", **settings})

    assert (refused.value.code, refused.value.field) == (code, field)


@pytest.mark.parametrize(
    ("username", "domain", "tried"),
    [
        ("ben", "Nordwind.example", ["ben@nordwind.example", "nordwind.example\\ben"]),
        ("ben@corp.example", "nordwind.example", ["ben@corp.example", "nordwind.example\\ben"]),
        ("NORDWIND\\ben", "nordwind.example", ["NORDWIND\\ben"]),
        ("ben@nordwind.example", "", ["ben@nordwind.example"]),
        ("ben", "", ["ben"]),
        ("", "nordwind.example", []),
    ],
)
def test_at_most_two_forms_of_a_name_are_tried(
    username: str, domain: str, tried: list[str]
) -> None:
    settings = read({"uri": URI, "username": username, "domain": domain})

    assert [login.name for login in settings.logins()] == tried


def test_a_known_form_is_the_only_one() -> None:
    settings = {"uri": URI, "username": "ben", "domain": "nordwind.example"}

    logins = read({**settings, "login_form": "domain"}).logins()

    assert logins == (Login(Form.DOMAIN, "nordwind.example\\ben"),)
    assert EwsTransport().check({**settings, "login_form": "domain"})["login_form"] == "domain"
    assert "login_form" not in EwsTransport().check(settings)


@pytest.mark.parametrize(
    ("host", "is_online"),
    [
        ("outlook.office365.com", True),
        ("OUTLOOK.office365.com", True),
        ("outlook.office.com", True),
        ("outlook.office365.us", True),
        ("partner.outlook.cn", True),
        ("webmail.apps.mil", True),
        ("mail.nordwind.example", False),
        ("notoffice365.com", False),
        ("office365.com.nordwind.example", False),
    ],
)
def test_exchange_online_is_known_by_its_names(host: str, is_online: bool) -> None:
    assert is_exchange_online(read({"uri": f"https://{host}/EWS/Exchange.asmx"}).host) is is_online


def test_a_challenge_tells_the_domain_of_its_server() -> None:
    told = TargetInfo()
    told[AvId.nb_domain_name] = "NORDWIND"
    told[AvId.dns_domain_name] = "nordwind.local"
    challenge = Challenge(0x00A00001, b"12345678", target_name="NORDWIND", target_info=told)
    header = f"Negotiate, NTLM {base64.b64encode(challenge.pack()).decode()}"

    domains = domains_in(header)

    assert domains == {"server_domain": "NORDWIND", "server_dns_domain": "nordwind.local"}


@pytest.mark.parametrize("header", ["", "NTLM", "NTLM TlRMTVNTUAACAAAA", "NTLM " + "A" * 400])
def test_a_challenge_that_is_none_tells_nothing(header: str) -> None:
    assert domains_in(header) == {}
