from __future__ import annotations

from datetime import datetime

from outtray.people.keys import membership_of
from outtray.people.models import ApiKey, Company, Membership, Person
from outtray.people.password_links import person_of_link
from tests.builders import user_email
from tests.cli.conftest import Run


def test_a_key_is_printed_once_and_works_until_it_is_revoked(
    run: Run, ben: Membership, anna: Membership, at: datetime
) -> None:
    made = run("key", "create", "ERP", "--as", "ben@nordwind.example")
    secret = made.stdout.strip()
    listed = run("key", "list")

    assert membership_of(secret, at=at) == ben
    assert secret not in listed.stdout
    assert "ben@nordwind.example" in listed.stdout
    assert run("key", "revoke", secret[:16]).exit_code == 0
    assert membership_of(secret, at=at) is None
    assert run("key", "revoke", secret[:16]).exit_code == 1


def test_the_key_under_the_passwords_is_exchanged(run: Run, ben: Membership, at: datetime) -> None:
    user_email(ben, at=at)

    result = run("key", "rotate")

    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("Sealed 1 passwords with a new key")


def test_a_person_is_added_with_a_link_for_the_password(run: Run, anna: Membership) -> None:
    result = run("person", "add", "carl@nordwind.example", "--name", "Carl Carstens")

    link = result.stdout.split("Choose a password: ")[1].strip().rstrip("/")
    assert result.exit_code == 0, result.output
    assert person_of_link(link.rpartition("/")[2]) == Person.objects.get(name="Carl Carstens")
    assert "carl@nordwind.example" in run("person", "list").stdout


def test_another_company_is_founded_with_its_administrator(run: Run, anna: Membership) -> None:
    result = run("person", "add", "dora@ost.example", "--name", "Dora", "--new-company", "Ostwind")

    assert result.exit_code == 0, result.output
    assert Membership.objects.get(company__name="Ostwind").is_administrator
    assert Company.objects.count() == 2


def test_the_last_administrator_stays(run: Run, anna: Membership, ben: Membership) -> None:
    leaving = run("person", "remove", "anna@nordwind.example")
    promoted = run("person", "role", "ben@nordwind.example", "administrator")
    left = run("person", "remove", "anna@nordwind.example")

    assert leaving.exit_code == 1
    assert "only administrator" in leaving.stderr
    assert promoted.exit_code == left.exit_code == 0
    assert [member.person for member in Membership.objects.all()] == [ben.person]


def test_keys_and_links_of_another_company_are_out_of_reach(
    run: Run, ben: Membership, clara: Membership
) -> None:
    run("key", "create", "ERP", "--company", "Nordwind Handels GmbH")

    at_suedhang = ("--company", "Südhang Weinbau")
    assert run("key", "revoke", "ERP", *at_suedhang).exit_code == 1
    assert "ERP" not in run("key", "list", *at_suedhang).stdout
    assert run("person", "link", "ben@nordwind.example", *at_suedhang).exit_code == 1
    assert ApiKey.objects.get().revoked_at is None
