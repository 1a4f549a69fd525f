from __future__ import annotations

from datetime import datetime

import pytest

from outtray.lib.errors import Refused
from outtray.people.models import Company, Membership, Role
from outtray.people.password_links import choose_password, password_link, person_of_link
from outtray.people.persons import add_person, change_role, remove_person

PASSWORD = "a quiet harbour at dawn"


def token_of(link: str) -> str:
    return link.rstrip("/").rpartition("/")[2]


def test_a_new_person_chooses_a_password_by_a_link_that_works_once(
    anna: Membership, at: datetime
) -> None:
    added = add_person(anna, name="Carl Carstens", email="carl@nordwind.example", at=at)
    token = token_of(added.link)

    assert person_of_link(token) == added.membership.person
    carl = choose_password(token, PASSWORD)

    assert carl.check_password(PASSWORD)
    assert person_of_link(token) is None
    with pytest.raises(Refused) as refused:
        choose_password(token, PASSWORD)
    assert refused.value.code == "password_link_invalid"


@pytest.mark.parametrize("token", ["", "-", "x-y", "0" * 32 + "-abc"])
def test_a_made_up_link_is_nobodys(db: None, token: str) -> None:
    assert person_of_link(token) is None


def test_a_weak_password_does_not_spend_the_link(anna: Membership, ben: Membership) -> None:
    token = token_of(password_link(anna, ben))

    with pytest.raises(Refused) as refused:
        choose_password(token, "1234")

    assert (refused.value.code, refused.value.field) == ("weak_password", "password")
    assert person_of_link(token) == ben.person


def test_only_an_administrator_adds_persons(ben: Membership, at: datetime) -> None:
    with pytest.raises(Refused) as refused:
        add_person(ben, name="Carl", email="carl@nordwind.example", at=at)

    assert refused.value.code == "not_allowed"


def test_a_person_is_added_once(anna: Membership, ben: Membership, at: datetime) -> None:
    with pytest.raises(Refused) as refused:
        add_person(anna, name="Ben", email="BEN@nordwind.example", at=at)

    assert (refused.value.code, refused.value.field) == ("already_member", "email")


def test_nobody_gets_a_link_into_another_company(
    anna: Membership, clara: Membership, at: datetime
) -> None:
    added = add_person(anna, name="Clara", email=clara.person.email, at=at)

    assert added.membership.person == clara.person
    assert added.link == ""
    with pytest.raises(Refused) as refused:
        password_link(anna, added.membership)
    assert refused.value.code == "shared_person"


def test_an_administrator_always_remains(anna: Membership, ben: Membership) -> None:
    for leave in (lambda: change_role(anna, anna, Role.USER), lambda: remove_person(anna, anna)):
        with pytest.raises(Refused) as refused:
            leave()
        assert refused.value.code == "last_administrator"

    change_role(anna, ben, Role.ADMINISTRATOR)
    remove_person(anna, anna)

    assert [member.person.name for member in Membership.objects.all()] == ["Ben Behrens"]


def test_clara_is_nobody_at_nordwind(
    anna: Membership, ben: Membership, clara: Membership, nordwind: Company
) -> None:
    for attempt in (
        lambda: change_role(clara, ben, Role.ADMINISTRATOR),
        lambda: remove_person(clara, ben),
        lambda: password_link(clara, ben),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == "no_such_person"
    assert nordwind.memberships.count() == 2
