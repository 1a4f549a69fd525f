"""A document keeps its own copies of Bill To and Ship To; a party keeps its history."""

from __future__ import annotations

import pytest

from outtray.documents.addresses import slots
from outtray.documents.models import Document, Party
from outtray.documents.party_history import Code
from outtray.documents.save_party import save_party
from outtray.lib.errors import Refused
from outtray.people.models import Membership
from tests.conftest import TurnedClock
from tests.documents.builders import bring_in, raw

LAGOON = {"number": "1", "name": "Blue Lagoon Ltd", "emails": {"bill_to": "ap@lagoon.example"}}
PO_BOX = {"street": "PO Box 7", "postcode": "HU1", "city": "Hull", "country": "GB"}


def invoice(**changes: object) -> dict[str, object]:
    made = raw("invoice", party=LAGOON, **changes)
    return {name: value for name, value in made.items() if value is not None}


def test_what_a_document_leaves_empty_is_the_partys_as_it_was_then(
    ben: Membership, clock: TurnedClock
) -> None:
    bring_in(invoice(number="RE-1"), ben, clock)
    party = Party.objects.get()
    save_party(party, {"bill_to_address": PO_BOX, "ship_to_email": "dock@lagoon.example"},
               by=ben.person, at=clock.now())  # fmt: skip

    bring_in(invoice(number="RE-2", ship_to={"email": "own@lagoon.example"}), ben, clock)
    save_party(party, {"bill_to_address": {}, "bill_to_email": ""}, by=None, at=clock.now())

    first, second = Document.objects.order_by("number")
    assert (slots(first)["bill_to"], first.data["bill_to"]["address"]["street"]) == (
        "ap@lagoon.example",
        "",
    )
    assert second.data["bill_to"]["address"] == {**PO_BOX, "extra": "", "region": ""}
    assert slots(second)["ship_to"] == "own@lagoon.example"


def test_a_document_with_an_address_of_its_own_takes_no_half_of_another(
    ben: Membership, clock: TurnedClock
) -> None:
    bring_in(invoice(number="RE-1"), ben, clock)
    save_party(Party.objects.get(), {"bill_to_address": PO_BOX}, by=ben.person, at=clock.now())

    bring_in(invoice(number="RE-2", bill_to={"name": "Lagoon Holding"}), ben, clock)

    document = Document.objects.get(number="RE-2")
    assert document.data["bill_to"]["name"] == "Lagoon Holding"
    assert document.data["bill_to"]["address"]["street"] == ""
    assert document.data["bill_to"]["email"] == "ap@lagoon.example"


def test_importing_the_same_document_again_is_no_change_though_the_party_changed(
    ben: Membership, clock: TurnedClock
) -> None:
    bring_in(invoice(number="RE-1"), ben, clock)
    save_party(Party.objects.get(), {"bill_to_address": PO_BOX}, by=None, at=clock.now())

    result = bring_in(invoice(number="RE-1"), ben, clock)

    assert [item.status.value for item in result.items] == ["unchanged"]
    assert Document.objects.get().data["bill_to"]["address"]["street"] == ""


def test_the_history_says_who_changed_what_and_which_document_did(
    ben: Membership, clock: TurnedClock
) -> None:
    bring_in(invoice(number="RE-1"), ben, clock)
    party = Party.objects.get()
    save_party(party, {"main_email": "info@lagoon.example"}, by=ben.person, at=clock.now())

    told = {**LAGOON, "emails": {"main": "new@lagoon.example"}}
    bring_in({**invoice(number="RE-2"), "party": told}, ben, clock)

    assert [(each.code, each.by, each.detail) for each in party.events.all()] == [
        (Code.CREATED, ben.person, {"changes": {}, "document": "RE-1"}),
        (Code.CHANGED, ben.person, {"changes": {"main_email": ["", "info@lagoon.example"]}}),
        (
            Code.TOLD,
            ben.person,
            {
                "changes": {"main_email": ["info@lagoon.example", "new@lagoon.example"]},
                "document": "RE-2",
            },
        ),
    ]


def test_saving_what_is_there_already_leaves_no_line(ben: Membership, clock: TurnedClock) -> None:
    bring_in(invoice(number="RE-1"), ben, clock)
    party = Party.objects.get()

    save_party(party, {"bill_to_email": "ap@lagoon.example", "contacts": []}, by=None,
               at=clock.now())  # fmt: skip

    assert party.events.count() == 1


def test_a_wrong_field_is_refused_by_its_name(ben: Membership, clock: TurnedClock) -> None:
    bring_in(invoice(number="RE-1"), ben, clock)

    with pytest.raises(Refused) as refused:
        save_party(Party.objects.get(), {"cc_email": "nobody"}, by=None, at=clock.now())

    assert (refused.value.code, refused.value.field) == ("bad_party", "cc_email")
