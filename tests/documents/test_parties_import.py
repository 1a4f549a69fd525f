"""Parties come in from JSON and CSV: all or none, with a history, and never by halves."""

from __future__ import annotations

import json
from typing import Any

import pytest

from outtray.documents.keeping import Status
from outtray.documents.models import Contact, Party
from outtray.documents.parties_import import PartyImport, import_parties
from outtray.documents.party_columns import COLUMNS
from outtray.documents.party_history import Code
from outtray.lib.errors import Refused
from outtray.people.models import Membership
from tests.conftest import TurnedClock

LAGOON: dict[str, Any] = {
    "role": "customer",
    "number": "10001",
    "name": "Blue Lagoon Ltd",
    "language": "en",
    "main_email": "info@lagoon.example",
    "billing_email": "ap@lagoon.example",
    "address": {"street": "1 Quay", "city": "Hull", "country": "GB"},
    "bill_to_address": {"street": "PO Box 7", "city": "Leeds", "country": "GB"},
    "excluded": ["payment_reminder"],
    "contacts": [{"name": "Lou Lake", "email": "lou@lagoon.example", "role": "Buyer"}],
}
CSV = """Number;Name;Main Email;Billing Email;Street;City;Country;Contact Name;Contact Email
10001;Blue Lagoon Ltd;info@lagoon.example;ap@lagoon.example;1 Quay;Hull;GB;Lou;lou@lagoon.example
10001;;;;;;;Max Mere;max@lagoon.example
10002;"Weiß & Söhne; Hull";weiss@söhne.example;;;;;;
"""


def bring_in(by: Membership, clock: TurnedClock, payload: object, **how: Any) -> PartyImport:
    written = payload if isinstance(payload, str) else json.dumps(payload)
    return import_parties(by.company, written.encode(), by=by.person, at=clock.now(), **how)


def statuses(result: PartyImport) -> list[str]:
    return [item.status.value for item in result.items]


def test_a_party_comes_in_with_all_that_is_said_of_it(ben: Membership, clock: TurnedClock) -> None:
    result = bring_in(ben, clock, [LAGOON])

    party = Party.objects.get()
    assert statuses(result) == ["created"]
    assert (party.name, party.billing_email) == ("Blue Lagoon Ltd", "ap@lagoon.example")
    assert party.bill_to_address["city"] == "Leeds"
    assert party.excluded == ["payment_reminder"]
    assert str(party.contacts.get()) == "Lou Lake <lou@lagoon.example>"
    assert [event.code for event in party.events.all()] == [Code.CREATED]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("sign", [";", ",", "\t", "|"])
def test_a_table_comes_in_as_whatever_program_wrote_it(
    ben: Membership, clock: TurnedClock, encoding: str, sign: str
) -> None:
    table = f"sep={sign}\r\nNumber{sign}Name\r\n1{sign}Weiß & Söhne\r\n".encode(encoding)

    result = import_parties(ben.company, table, by=ben.person, at=clock.now())

    assert [(item.line, item.name) for item in result.items] == [(3, "Weiß & Söhne")]


def test_json_is_utf_8(ben: Membership, clock: TurnedClock) -> None:
    written = json.dumps([LAGOON | {"name": "Weiß"}], ensure_ascii=False).encode("cp1252")

    with pytest.raises(Refused) as refused:
        import_parties(ben.company, written, by=ben.person, at=clock.now())

    assert refused.value.code == "not_utf8"


def test_the_same_file_again_changes_nothing(ben: Membership, clock: TurnedClock) -> None:
    bring_in(ben, clock, [LAGOON])

    result = bring_in(ben, clock, [LAGOON])

    assert statuses(result) == ["unchanged"]
    assert Party.objects.get().events.count() == 1


def test_only_what_a_file_says_is_changed_and_noted(ben: Membership, clock: TurnedClock) -> None:
    bring_in(ben, clock, [LAGOON])

    result = bring_in(
        ben, clock, {"number": "10001", "billing_email": "", "cc_email": "c@x.example"}
    )

    party = Party.objects.get()
    assert statuses(result) == ["updated"]
    assert (party.billing_email, party.cc_email) == ("", "c@x.example")
    assert party.main_email == "info@lagoon.example"
    assert party.contacts.count() == 1
    event = party.events.last()
    assert event is not None
    assert (event.code, event.by) == (Code.IMPORTED, ben.person)
    assert event.detail["changes"] == {
        "cc_email": ["", "c@x.example"],
        "billing_email": ["ap@lagoon.example", ""],
    }


def test_a_csv_file_has_a_row_for_each_contact(ben: Membership, clock: TurnedClock) -> None:
    result = bring_in(ben, clock, CSV)

    assert [(item.number, item.line, item.status) for item in result.items] == [
        ("10001", 2, Status.CREATED),
        ("10002", 4, Status.CREATED),
    ]
    lagoon, weiss = Party.objects.order_by("number")
    assert [each.name for each in lagoon.contacts.order_by("id")] == ["Lou", "Max Mere"]
    assert lagoon.address["city"] == "Hull"
    assert weiss.name == "Weiß & Söhne; Hull"
    assert weiss.main_email == "weiss@xn--shne-5qa.example"


def test_every_field_has_its_column(ben: Membership, clock: TurnedClock) -> None:
    cells = {
        "role": "vendor", "number": "7", "name": "Mill", "language": "de", "vat_id": "",
        "excluded": "purchase_order; item_receipt", "country": "DE", "bill_to_country": "DE",
        "ship_to_country": "DE",
    }  # fmt: skip
    row = [cells.get(name, "a@mill.example" if "email" in name else "Mill") for name in COLUMNS]

    result = bring_in(ben, clock, "\t".join(COLUMNS) + "\n" + "\t".join(row) + "\n")

    party = Party.objects.get()
    assert statuses(result) == ["created"]
    assert (party.role, party.ship_to_address["street"]) == ("vendor", "Mill")
    assert party.excluded == ["item_receipt", "purchase_order"]


@pytest.mark.parametrize(
    ("wrong", "path", "code"),
    [
        ({"main_email": "a@b.example\r\nBcc: c@d.example"}, "main_email", "not_an_address"),
        ({"language": "tlh"}, "language", "not_allowed"),
        ({"adress": {}}, "adress", "unknown_field"),
        ({"excluded": ["purchase_order"]}, "excluded[0]", "unknown_kind"),
        ({"contacts": [{"name": "Lou"}]}, "contacts[0].email", "missing"),
        ({"contacts": [{"name": "Lou", "email": ""}]}, "contacts[0].email", "missing"),
        ({"number": ""}, "number", "missing"),
        ({"role": "friend"}, "role", "not_allowed"),
        ({"address": {"country": "Mars"}}, "address.country", "unknown_country"),
    ],
)
def test_one_wrong_party_keeps_all_out_and_says_why(
    wrong: dict[str, Any], path: str, code: str, ben: Membership, clock: TurnedClock
) -> None:
    result = bring_in(ben, clock, [{**LAGOON, "number": "1"}, {**LAGOON, **wrong}])

    assert statuses(result) == ["skipped", "refused"]
    assert [(each.path, each.code) for each in result.refused[0].problems] == [(path, code)]
    assert not Party.objects.exists()


def test_the_right_ones_are_kept_where_that_is_wanted(ben: Membership, clock: TurnedClock) -> None:
    nameless = {"number": "2", "main_email": "a@b.example"}

    result = bring_in(ben, clock, [LAGOON, nameless, LAGOON], keep_going=True)

    assert statuses(result) == ["created", "refused", "refused"]
    assert [item.problems[0].code for item in result.refused] == ["missing", "duplicate_in_file"]
    assert Party.objects.get().name == "Blue Lagoon Ltd"


def test_a_preview_says_what_would_be_and_keeps_nothing(
    ben: Membership, clock: TurnedClock
) -> None:
    bring_in(ben, clock, [LAGOON])

    result = bring_in(
        ben, clock, [{**LAGOON, "name": "Lagoon"}, {**LAGOON, "number": "2"}], preview=True
    )

    assert statuses(result) == ["updated", "created"]
    assert result.items[0].changed == ("name",)
    assert Party.objects.get().name == "Blue Lagoon Ltd"


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ("", "empty"),
        ("[]", "empty"),
        ("[{]", "not_json"),
        ("[" * 100_000, "not_json"),
        ("number,nmae\n1,A\n", "unknown_column"),
        ("number,number\n1,2\n", "unknown_column"),
        ("name\nA\n", "unknown_column"),
        ('number,name\n1,"A\n', "not_csv"),
        ("number,name\n1,A,B\n", "not_csv"),
        ("number\x00,name\n1,A\n", "not_utf8"),
    ],
)
def test_a_file_that_is_none_is_refused_as_a_whole(
    payload: str, code: str, ben: Membership, clock: TurnedClock
) -> None:
    with pytest.raises(Refused) as refused:
        bring_in(ben, clock, payload)

    assert refused.value.code == code


def test_two_lines_of_a_party_must_not_contradict_each_other(
    ben: Membership, clock: TurnedClock
) -> None:
    result = bring_in(
        ben, clock, "number,name,contact_name,contact_email\n1,A,X,x@a.example\n1,B,Y,y@a.example\n"
    )

    assert [each.code for each in result.refused[0].problems] == ["contradiction"]


def test_a_number_belongs_to_each_company_alone(
    ben: Membership, clara: Membership, clock: TurnedClock
) -> None:
    bring_in(ben, clock, [LAGOON])

    result = bring_in(clara, clock, [{**LAGOON, "name": "Somebody else"}])

    assert statuses(result) == ["created"]
    assert Party.objects.get(company=ben.company).name == "Blue Lagoon Ltd"
    assert Contact.objects.count() == 2
