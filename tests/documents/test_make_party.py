"""A party that is entered by hand."""

from __future__ import annotations

from datetime import datetime

import pytest

from outtray.documents.make_party import make_party
from outtray.documents.models import Party
from outtray.lib.errors import Refused
from outtray.people.models import Company, Membership

GIVEN = {"role": "customer", "number": "10001", "name": "Blue Lagoon Ltd"}


def test_a_party_is_made_with_all_that_is_given(anna: Membership, at: datetime) -> None:
    given = {
        **GIVEN,
        "billing_email": "AP@Lagoon.Example",
        "address": {"city": "Hull", "country": "GB"},
        "excluded": ["estimate"],
        "contacts": [{"name": "Lou Lake", "email": "lou@lagoon.example"}],
    }

    party = make_party(anna.company, given, by=anna.person, at=at)

    party.refresh_from_db()
    assert (party.billing_email, party.address["city"]) == ("AP@lagoon.example", "Hull")
    assert party.bill_to_address == {}
    assert party.excluded == ["estimate"]
    assert [str(each) for each in party.contacts.all()] == ["Lou Lake <lou@lagoon.example>"]
    assert [(line.code, line.by) for line in party.events.all()] == [("entered", anna.person)]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"number": " "}, "number"),
        ({"main_email": "nobody"}, "main_email"),
        ({"excluded": ["purchase_order"]}, "excluded[0]"),
        ({"contacts": [{"name": "Lou", "email": ""}]}, "contacts[0].email"),
        ({"colour": "blue"}, "colour"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(
    wrong: dict[str, object], field: str, nordwind: Company, at: datetime
) -> None:
    with pytest.raises(Refused) as refused:
        make_party(nordwind, {**GIVEN, **wrong}, by=None, at=at)

    assert (refused.value.code, refused.value.field) == ("bad_party", field)
    assert not Party.objects.exists()


def test_a_number_is_given_once_on_each_side_of_a_companys_business(
    nordwind: Company, clara: Membership, at: datetime
) -> None:
    make_party(nordwind, GIVEN, by=None, at=at)

    with pytest.raises(Refused, match="10001 is there already: Blue Lagoon") as refused:
        make_party(nordwind, {**GIVEN, "name": "Red Lagoon"}, by=None, at=at)
    make_party(nordwind, {**GIVEN, "role": "vendor"}, by=None, at=at)
    make_party(clara.company, GIVEN, by=None, at=at)

    assert (refused.value.code, refused.value.field) == ("party_exists", "number")
    assert Party.objects.count() == 3
