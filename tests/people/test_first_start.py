from __future__ import annotations

from datetime import datetime

import pytest

from outtray.lib.errors import Refused
from outtray.people.first_start import start
from outtray.people.models import Company, Membership, Person
from outtray.people.setup_link import new_setup_token

PASSWORD = "a quiet harbour at dawn"


def token() -> str:
    made = new_setup_token()
    assert made
    return made


def test_the_first_start_makes_company_and_administrator(db: None, at: datetime) -> None:
    membership = start("Nordwind", "Anna", "Anna@Nordwind.example", PASSWORD, token=token(), at=at)

    assert membership.is_administrator
    assert membership.company.name == "Nordwind"
    assert membership.person.email == "anna@nordwind.example"
    assert membership.person.check_password(PASSWORD)


def test_the_link_works_once(db: None, at: datetime) -> None:
    link = token()
    start("Nordwind", "Anna", "anna@nordwind.example", PASSWORD, token=link, at=at)

    with pytest.raises(Refused) as refused:
        start("Again", "Eve", "eve@nordwind.example", PASSWORD, token=link, at=at)

    assert refused.value.code == "setup_link_invalid"
    assert Company.objects.count() == 1


@pytest.mark.parametrize(
    ("company", "person", "email", "password", "field"),
    [
        ("", "Anna", "anna@nordwind.example", PASSWORD, "company_name"),
        ("Nordwind", " ", "anna@nordwind.example", PASSWORD, "name"),
        ("Nordwind", "Anna", "anna", PASSWORD, "email"),
        ("Nordwind", "Anna", "anna@nordwind.example", "password", "password"),
        ("Nord\nwind", "Anna", "anna@nordwind.example", PASSWORD, "company_name"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_made(
    db: None, at: datetime, company: str, person: str, email: str, password: str, field: str
) -> None:
    link = token()

    with pytest.raises(Refused) as refused:
        start(company, person, email, password, token=link, at=at)

    assert refused.value.field == field
    assert not Company.objects.exists()
    assert not Person.objects.exists()
    assert not Membership.objects.exists()
