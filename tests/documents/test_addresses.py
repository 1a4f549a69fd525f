"""Addresses pass one gate when a document comes in, and the document's own win."""

from __future__ import annotations

import pytest

from outtray.documents.addresses import slots
from outtray.people.models import Membership
from tests.conftest import TurnedClock
from tests.documents.builders import bring_in, only_problem, problems, raw


def with_main(address: str) -> dict[str, object]:
    return raw("invoice", party={"number": "1", "name": "Ahrens", "emails": {"main": address}})


@pytest.mark.parametrize(
    "address",
    ["a@b.example\r\nBcc: c@d.example", "a@b.example\n", "nobody", "a b@c.example", "a@-.example"],
)
def test_a_broken_address_is_refused(address: str) -> None:
    problem = only_problem(with_main(address))

    assert (problem.path, problem.code) == ("party.emails.main", "not_an_address")


@pytest.mark.parametrize(
    "address",
    ['"front desk"@hotel.example', "info@bücher.example", "jürgen@bücher.example"],
)
def test_rare_but_right_addresses_are_taken(address: str) -> None:
    assert problems(with_main(address)) == []


@pytest.mark.django_db
def test_the_documents_own_addresses_win_over_the_partys(
    ben: Membership, clock: TurnedClock
) -> None:
    bring_in(raw("invoice"), ben, clock)
    party = {"number": "10008", "name": "Ahrens", "emails": {"main": "new@ahrens.example"}}
    own = raw(
        "invoice",
        number="RE-2",
        party=party,
        bill_to={"email": "rechnung@ahrens.example"},
        contact={"name": "Jürgen", "email": "j@ahrens.example"},
    )

    document = bring_in(own, ben, clock).documents[0]

    found = slots(document)
    assert found["main"] == "new@ahrens.example"
    assert found["bill_to"] == "rechnung@ahrens.example"
    assert found["billing"] == "buchhaltung@moebel-ahrens.example"
    assert "contact" not in found


@pytest.mark.django_db
def test_the_contact_is_offered_only_where_that_is_wanted(
    ben: Membership, clock: TurnedClock
) -> None:
    document = bring_in(raw("sales_order"), ben, clock).documents[0]

    assert slots(document)["contact"] == "olivia.hartley@brightwater.example"
