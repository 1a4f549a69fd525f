"""Advice on a sender's domain, against a name server of ours."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from outtray.diagnosis.domain.advise import advise
from outtray.diagnosis.domain.values import Advice, Subject, Verdict
from outtray.mailboxes.domain_records import DOMAIN_RECORDS
from outtray.mailboxes.presets import PRESETS
from outtray.transports.names import Names
from tests.servers.names import NameServer, name_server

BEN = "ben@nordwind.example"
DOMAIN = "nordwind.example"
UNHURRIED = 20.0
KEY = '"v=DKIM1; k=rsa; p=MIGfMA0"'


@pytest.fixture
def zone() -> Iterator[NameServer]:
    with name_server() as server:
        yield server


def advised(zone: NameServer, provider: str = "") -> dict[Subject, Advice]:
    names = Names((zone.place,))
    found = advise(BEN, provider, names=names, seconds=UNHURRIED)
    return {advice.subject: advice for advice in found}


def spf(zone: NameServer, *records: str, provider: str = "") -> Advice:
    zone.says(DOMAIN, "TXT", '"another text"', *(f'"{record}"' for record in records))
    return advised(zone, provider)[Subject.SPF]


def dmarc(zone: NameServer, *records: str) -> Advice:
    zone.says(f"_dmarc.{DOMAIN}", "TXT", *(f'"{record}"' for record in records))
    return advised(zone)[Subject.DMARC]


def test_a_domain_in_order_has_nothing_to_do(zone: NameServer) -> None:
    zone.says(DOMAIN, "TXT", '"v=spf1 include:spf.protection.outlook.com -all"')
    zone.says(f"selector1._domainkey.{DOMAIN}", "TXT", KEY)
    zone.says(f"_dmarc.{DOMAIN}", "TXT", '"v=DMARC1; p=quarantine"')

    found = advised(zone, "microsoft365")

    assert {advice.verdict for advice in found.values()} == {Verdict.OK}
    assert list(found) == [Subject.SPF, Subject.DKIM, Subject.DMARC]


def test_a_bare_domain_is_told_what_to_add_with_the_values_to_copy(zone: NameServer) -> None:
    found = advised(zone, "fastmail")

    assert {advice.verdict for advice in found.values()} == {Verdict.ADVICE}
    assert [(advice.name, advice.kind, advice.value) for advice in found.values()] == [
        (DOMAIN, "TXT", "v=spf1 include:spf.messagingengine.com ~all"),
        (f"fm1._domainkey.{DOMAIN}", "CNAME", f"fm1.{DOMAIN}.dkim.fmhosted.com"),
        (f"_dmarc.{DOMAIN}", "TXT", "v=DMARC1; p=none"),
    ]


def test_a_provider_that_is_missing_is_added_to_the_record_that_is_there(
    zone: NameServer,
) -> None:
    advice = spf(zone, "v=spf1 mx ip4:192.0.2.1 -all", provider="google_workspace")

    assert advice.verdict is Verdict.ADVICE
    assert advice.value == "v=spf1 mx ip4:192.0.2.1 include:_spf.google.com -all"


def test_a_provider_that_another_record_includes_is_found(zone: NameServer) -> None:
    zone.says("spf.hoster.example", "TXT", '"v=spf1 include:_spf.google.com ~all"')

    advice = spf(zone, "v=spf1 redirect=spf.hoster.example", provider="google_workspace")

    assert advice.verdict is Verdict.OK


def test_two_spf_records_are_put_together(zone: NameServer) -> None:
    advice = spf(zone, "v=spf1 mx -all", "v=spf1 include:_spf.google.com mx ~all")

    assert advice.verdict is Verdict.ADVICE
    assert sorted(advice.value.split()) == ["include:_spf.google.com", "mx", "v=spf1", "~all"]
    assert advice.value.endswith(" ~all")


def test_a_record_that_lets_anybody_send_is_advised_against(zone: NameServer) -> None:
    assert spf(zone, "v=spf1 mx +all").value == "v=spf1 mx ~all"
    assert spf(zone, "v=spf1 all").verdict is Verdict.ADVICE


def test_more_than_ten_look_ups_are_counted_through_all_that_is_included(
    zone: NameServer,
) -> None:
    zone.says(
        "big.example", "TXT", '"v=spf1 a mx ptr exists:x.example ' + "a:y.example " * 5 + '-all"'
    )

    fine = spf(zone, "v=spf1 include:big.example -all")
    many = spf(zone, "v=spf1 mx include:big.example -all")

    assert fine.verdict is Verdict.OK
    assert many.verdict is Verdict.ADVICE
    assert "11 look-ups" in many.sentence


def test_records_that_include_each_other_come_to_an_end(zone: NameServer) -> None:
    zone.says("a.example", "TXT", '"v=spf1 include:b.example ~all"')
    zone.says("b.example", "TXT", '"v=spf1 include:a.example ~all"')

    assert spf(zone, "v=spf1 include:a.example ~all").verdict is Verdict.OK


def test_a_chain_of_records_without_end_is_not_followed_for_ever(zone: NameServer) -> None:
    for number in range(100):
        zone.says(f"{number}.example", "TXT", f'"v=spf1 include:{number + 1}.example ~all"')

    assert spf(zone, "v=spf1 include:0.example ~all").verdict is Verdict.ADVICE
    assert len(zone.asked) < 50


def test_what_could_not_be_followed_is_not_known(zone: NameServer) -> None:
    zone.is_silent_about("spf.hoster.example")
    zone.says(DOMAIN, "TXT", '"v=spf1 include:spf.hoster.example ~all"')

    found = advise(BEN, "google_workspace", names=Names((zone.place,)), seconds=0.3)

    assert found[0].verdict is Verdict.UNKNOWN


def test_a_relay_with_a_return_address_of_its_own_asks_for_no_spf(zone: NameServer) -> None:
    advice = spf(zone, "v=spf1 mx -all", provider="postmark")

    assert advice.verdict is Verdict.OK
    assert "DKIM" in advice.sentence


def test_a_key_under_a_name_that_the_customer_chooses_is_not_called_missing(
    zone: NameServer,
) -> None:
    found = advised(zone, "google_workspace")[Subject.DKIM]

    assert found.verdict is Verdict.UNKNOWN
    assert "google" in found.sentence


def test_a_key_that_was_taken_back_is_said(zone: NameServer) -> None:
    zone.says(f"selector1._domainkey.{DOMAIN}", "TXT", '"v=DKIM1; p="')

    found = advised(zone, "microsoft365")[Subject.DKIM]

    assert found.verdict is Verdict.ADVICE
    assert "taken back" in found.sentence


def test_without_a_known_provider_the_key_is_not_guessed(zone: NameServer) -> None:
    assert advised(zone)[Subject.DKIM].verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("record", "verdict", "words"),
    [
        ("v=DMARC1; p=none; rua=mailto:d@nordwind.example", Verdict.OK, "p=none"),
        ("v=DMARC1; p=reject; adkim=s", Verdict.OK, "nordwind.example itself"),
        ("v=DMARC1; rua=mailto:d@nordwind.example", Verdict.ADVICE, "no policy"),
    ],
)
def test_the_policy_of_dmarc_is_told_in_words(
    zone: NameServer, record: str, verdict: Verdict, words: str
) -> None:
    found = dmarc(zone, record)

    assert found.verdict is verdict
    assert words in found.sentence


def test_two_dmarc_records_are_none(zone: NameServer) -> None:
    assert dmarc(zone, "v=DMARC1; p=none", "v=DMARC1; p=reject").verdict is Verdict.ADVICE


def test_a_domain_stands_under_the_policy_of_the_one_above_it(zone: NameServer) -> None:
    zone.says("_dmarc.nordwind.example", "TXT", '"v=DMARC1; p=none; sp=reject"')

    found = advise("b@mail.nordwind.example", "", names=Names((zone.place,)), seconds=UNHURRIED)

    assert found[2].verdict is Verdict.OK
    assert "p=reject" in found[2].sentence


def test_a_name_server_that_never_answers_leaves_everything_unknown(zone: NameServer) -> None:
    zone.is_silent_about("")

    found = advise(BEN, "microsoft365", names=Names((zone.place,)), seconds=0.2)

    assert [advice.verdict for advice in found] == [Verdict.UNKNOWN] * 3


def test_the_domain_of_a_provider_is_not_ours_to_advise_on(zone: NameServer) -> None:
    assert advise("ben@gmail.com", "gmail", names=Names((zone.place,))) == []
    assert zone.asked == []


def test_an_installation_that_asks_nobody_gives_no_advice() -> None:
    assert advise(BEN, "") == []


def test_advice_is_told_in_plain_texts(zone: NameServer) -> None:
    told = advised(zone)[Subject.DMARC].to_json()

    assert told["subject"] == "dmarc"
    assert told["verdict"] == "advice"
    assert told["value"] == "v=DMARC1; p=none"


def test_the_table_names_providers_that_there_are() -> None:
    assert set(DOMAIN_RECORDS) <= set(PRESETS)
    for records in DOMAIN_RECORDS.values():
        assert not records.spf_to_add or records.spf_to_add in records.spf
        assert records.selectors or not records.dkim_alias
