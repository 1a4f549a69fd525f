"""What stands around every page, and the pages for what cannot be shown."""

from __future__ import annotations

from django.test import Client, RequestFactory
from django.urls import reverse
from django.views.defaults import bad_request, server_error

from outtray.people.models import Membership
from outtray.web.navigation import sections_for
from tests.web.conftest import SignedIn


def test_every_page_may_load_only_our_own_files(ben: Membership, signed_in: SignedIn) -> None:
    answer = signed_in(ben).get("/")

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_the_sidebar_marks_the_page_that_is_open(ben: Membership, signed_in: SignedIn) -> None:
    page = signed_in(ben).get(reverse("user_email")).content.decode()

    assert 'href="/user-email/" aria-current="page"' in page
    assert page.count('aria-current="page"') == 1


def test_a_centre_is_marked_rather_than_all_documents(ben: Membership) -> None:
    sections = sections_for(ben, reverse("centre", args=["invoice"]))

    documents = next(entry for entry in sections[0].entries if entry.label == "Documents")
    assert not documents.is_current
    assert [child.label for child in documents.children if child.is_current] == ["Invoices"]


def test_only_administrators_are_shown_what_only_they_can_open(
    anna: Membership, ben: Membership
) -> None:
    offered = {
        person: [entry.label for entry in sections_for(person, "/")[1].entries]
        for person in (anna, ben)
    }

    assert offered[anna] == ["User Email Setup", "Company Email Setup", "Settings"]
    assert offered[ben] == ["User Email Setup"]


def test_a_user_is_told_who_may_open_a_page(ben: Membership, signed_in: SignedIn) -> None:
    answer = signed_in(ben).get(reverse("company"))

    assert answer.status_code == 403
    assert b"Only an administrator of your company can" in answer.content


def test_a_page_that_is_not_there_says_so_in_our_words(client: Client, db: None) -> None:
    answer = client.get("/nowhere/")

    assert answer.status_code == 404
    assert b"There is no such page" in answer.content


def test_a_form_without_its_token_does_nothing_and_says_why(ben: Membership) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ben.person)

    answer = strict.post(reverse("profile"), {"name": "Somebody else"})

    assert answer.status_code == 403
    assert b"open for too long" in answer.content
    ben.person.refresh_from_db()
    assert ben.person.name == "Ben Behrens"


def test_a_broken_page_needs_nothing_to_say_so(rf: RequestFactory) -> None:
    request = rf.get("/")

    broken, senseless = server_error(request), bad_request(request, ValueError())

    assert b"Something broke here" in broken.content
    assert b"This request makes no sense" in senseless.content
