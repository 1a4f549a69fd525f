"""Who gets in, and how."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from outtray.people.models import Membership
from outtray.people.password_links import password_link
from outtray.people.setup_link import new_setup_token
from tests.conftest import PASSWORD
from tests.web.conftest import SignedIn

NEW_PASSWORD = "seven gulls above the pier"


def test_a_person_signs_in_with_address_and_password(client: Client, ben: Membership) -> None:
    answer = client.post(
        reverse("account_login"), {"login": "Ben@Nordwind.example", "password": PASSWORD}
    )

    assert answer.status_code == 302
    assert client.get("/").status_code == 200


def test_signing_in_says_nothing_that_the_page_does_not_show(
    client: Client, ben: Membership
) -> None:
    answer = client.post(
        reverse("account_login"),
        {"login": "ben@nordwind.example", "password": PASSWORD},
        follow=True,
    )

    assert list(answer.context["messages"]) == []


def test_a_wrong_password_is_refused_without_telling_who_exists(
    client: Client, ben: Membership
) -> None:
    known = client.post(
        reverse("account_login"), {"login": "ben@nordwind.example", "password": "wrong"}
    )
    unknown = client.post(
        reverse("account_login"), {"login": "nobody@nordwind.example", "password": "wrong"}
    )

    assert known.status_code == unknown.status_code == 200
    assert known.context["form"].errors == unknown.context["form"].errors


def test_a_stranger_is_led_to_the_sign_in_and_back(client: Client, ben: Membership) -> None:
    answer = client.get(reverse("user_email"))

    assert answer.headers["Location"] == f"{reverse('account_login')}?next=/user-email/"


def test_a_part_of_a_page_sends_the_whole_page_to_the_sign_in(
    client: Client, ben: Membership
) -> None:
    answer = client.get(reverse("attention"), headers={"HX-Request": "true"})

    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == reverse("account_login")


@pytest.mark.parametrize("path", ["signup/", "email/", "password/reset/", "confirm-email/"])
def test_nobody_signs_himself_up_or_resets_a_password_by_mail(client: Client, path: str) -> None:
    answers = [client.get(f"{prefix}{path}") for prefix in ("/", "/accounts/")]

    assert [answer.status_code for answer in answers] == [404, 404]


def test_a_person_changes_the_password(ben: Membership, signed_in: SignedIn) -> None:
    browser = signed_in(ben)

    answer = browser.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )

    assert answer.status_code == 302
    ben.person.refresh_from_db()
    assert ben.person.check_password(NEW_PASSWORD)


def test_a_one_time_link_lets_a_person_choose_a_password_once(
    client: Client, anna: Membership, ben: Membership
) -> None:
    path = urlsplit(password_link(anna, ben)).path

    chosen = client.post(path, {"password": NEW_PASSWORD})
    again = Client().post(path, {"password": "another one that is long"})

    assert chosen.headers["Location"] == "/"
    assert client.get("/").status_code == 200
    assert again.status_code == 404
    ben.person.refresh_from_db()
    assert ben.person.check_password(NEW_PASSWORD)


def test_a_weak_password_is_refused_at_its_field(
    client: Client, anna: Membership, ben: Membership
) -> None:
    path = urlsplit(password_link(anna, ben)).path

    answer = client.post(path, {"password": "short"})

    assert "too short" in str(answer.context["form"].errors["password"])


@pytest.mark.django_db
def test_a_fresh_installation_tells_where_the_set_up_link_is(client: Client) -> None:
    answer = client.get("/")

    assert b"outtray serve" in answer.content


@pytest.mark.django_db
def test_the_first_start_makes_company_and_administrator_and_signs_in(client: Client) -> None:
    token = new_setup_token()
    typed = {
        "company_name": "Nordwind Handels GmbH",
        "name": "Anna Andresen",
        "email": "anna@nordwind.example",
        "password": NEW_PASSWORD,
        "timezone": "Europe/Berlin",
    }

    answer = client.post(f"/start/{token}/", typed)

    assert answer.headers["Location"] == reverse("user_email")
    anna = Membership.objects.get()
    assert anna.is_administrator
    assert anna.company.timezone == "Europe/Berlin"
    assert client.get(reverse("company")).status_code == 200
    assert Client().get(f"/start/{token}/").status_code == 404


@pytest.mark.django_db
def test_the_first_start_says_at_the_field_what_is_wrong(client: Client) -> None:
    token = new_setup_token()

    answer = client.post(
        f"/start/{token}/",
        {"company_name": "Nordwind", "name": "Anna", "email": "anna@", "password": NEW_PASSWORD},
    )

    assert list(answer.context["form"].errors) == ["email"]
    assert not Membership.objects.exists()


def test_a_person_acts_for_one_of_his_companies_at_a_time(
    anna: Membership, clara: Membership, signed_in: SignedIn, at: datetime
) -> None:
    second = Membership.objects.create(
        company=clara.company, person=anna.person, role="user", created_at=at
    )
    browser = signed_in(anna)

    browser.post(reverse("switch_company"), {"membership": second.pk})

    assert browser.get("/").context["membership"] == second


def test_nobody_switches_to_a_company_of_others(
    anna: Membership, clara: Membership, signed_in: SignedIn
) -> None:
    browser = signed_in(anna)

    answer = browser.post(reverse("switch_company"), {"membership": clara.pk})

    assert answer.status_code == 404
    assert browser.get("/").context["membership"] == anna


def test_who_was_removed_from_his_company_is_told_so(ben: Membership, signed_in: SignedIn) -> None:
    browser = signed_in(ben)
    ben.delete()

    answer = browser.get("/")

    assert answer.status_code == 403
    assert b"You belong to no company" in answer.content
