"""What presets add to a failure: the server that was meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outtray.diagnosis.second_look import distance, looked_again, near
from outtray.lib.sealing import Secret
from outtray.mail.address import Address
from outtray.transports.base import Failure, Finding, Route, Scope, Source, Stage, Trouble


def route(host: str, *, port: int = 587) -> Route:
    return Route(
        transport="smtp",
        sender=Address.parse("ben@nordwind.example"),
        settings={"host": host, "port": port, "security": "starttls", "username": "ben"},
        secret=Secret(""),
    )


def failed(stage: Stage, trouble: Trouble, text: str = "") -> Finding:
    failure = Failure(
        stage=stage,
        scope=Scope.MAILBOX,
        is_temporary=False,
        source=Source.NETWORK,
        text=text,
        trouble=trouble,
    )
    return Finding(stage, 1, text, failure=failure)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("smpt.gmail.com", "smtp.gmail.com"),
        ("smtp.gmial.com", "smtp.gmail.com"),
        ("smtp.gmail.co", "smtp.gmail.com"),
        ("smtp.office356.com", "smtp.office365.com"),
        ("smtp-mail.outlok.com", "smtp-mail.outlook.com"),
        ("mail.gmx.nett", "mail.gmx.net"),
        ("smtp.web.d", "smtp.web.de"),
    ],
)
def test_a_name_with_a_typo_is_near_the_one_that_was_meant(typed: str, meant: str) -> None:
    assert near(typed)[0].host == meant


@pytest.mark.parametrize("typed", ["smtp.gmail.com", "mail.nordwind.example", "mail", ""])
def test_a_right_name_and_a_strange_one_are_near_nothing(typed: str) -> None:
    assert all(endpoint.host != typed for endpoint in near(typed))
    assert typed == "smtp.gmail.com" or near(typed) == []


@given(st.text("abc.", max_size=8), st.text("abc.", max_size=8))
def test_typos_are_counted_alike_in_both_directions(one: str, other: str) -> None:
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) == (one == other)


@pytest.mark.parametrize(
    ("typed", "facts"),
    [
        ("https://mail.nordwind.example/", {"use_host": "mail.nordwind.example"}),
        (
            "mail.nordwind.example:465",
            {"use_host": "mail.nordwind.example", "use_port": "465"},
        ),
        ("smtp://mail.nordwind.example", {"use_host": "mail.nordwind.example"}),
        ("not a name", {}),
        ("http://[", {}),
    ],
)
def test_an_address_of_the_web_holds_the_name_that_was_meant(
    typed: str, facts: dict[str, str]
) -> None:
    finding = failed(Stage.SETTINGS, Trouble.SETTINGS)

    assert looked_again(finding, route(typed)).facts == facts


def test_the_server_of_another_provider_is_offered_as_it_publishes_it() -> None:
    finding = failed(
        Stage.GREETING, Trouble.OTHER_SERVER, "Google answers in place of x: smtp.gmail.com ESMTP"
    )

    facts = looked_again(finding, route("mail.nordwind.example")).facts

    assert facts["use_host"] == "smtp.gmail.com"


def test_whatever_answers_at_a_providers_own_name_is_no_offer() -> None:
    finding = failed(
        Stage.GREETING, Trouble.OTHER_SERVER, "mail.isp.example answers in place of x: mail.isp"
    )

    assert looked_again(finding, route("smtp.gmail.com")).facts == {}


def test_what_passed_is_left_alone() -> None:
    finding = Finding(Stage.DNS, 1, "smtp.gmail.com is 192.0.2.1")

    assert looked_again(finding, route("smtp.gmail.com")) is finding
