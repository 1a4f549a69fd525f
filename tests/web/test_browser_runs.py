"""From the list to a run and back, as a person does it: by keys, live, and taken back in time."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from playwright.sync_api import Page, expect

from outtray.documents.models import Document
from outtray.lib.clock import now
from outtray.lib.ids import new_id
from outtray.outbox.models import Email
from outtray.people.models import Membership
from outtray.runs.models import Run
from outtray.runs.plan import Selection, plan_run
from outtray.runs.wishes import RunWishes
from tests.web.browser import PHONE, overflow, sign_in, violations
from tests.web.papers import imported, mailbox_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_all_that_a_filter_finds_becomes_a_run_that_is_taken_back(
    page: Page, anna: Membership
) -> None:
    mailbox_of(anna)
    _copies(imported(anna)["invoice"], 54)
    sign_in(page, anna)
    page.goto("/documents/invoice/?status=open")

    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_text("1 document chosen")).to_be_visible()
    page.keyboard.press("a")
    page.get_by_role("button", name="Choose all 55 that this filter finds").click()
    expect(page.get_by_text("All 55 chosen")).to_be_visible()
    page.keyboard.press("e")
    page.get_by_role("button", name="Look through 55 documents").click()
    # The page tells by itself that all were looked through.
    send = page.get_by_role("button", name=f"Send 55 emails from {anna.person.email}")
    expect(send).to_be_visible()
    page.get_by_role("link", name="Sample 3").click()
    expect(page.get_by_role("heading", name="Sample 3 of 5")).to_be_visible()
    assert "sample" not in page.url  # only that part of the page was fetched
    found = violations(page)
    send.click()
    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_text("This run was taken back before anything left.")).to_be_visible()
    assert found == []
    assert not Email.objects.exclude(state="cancelled").exists()


def test_the_dialog_shows_what_a_choice_changes(page: Page, anna: Membership) -> None:
    mailbox_of(anna)
    _copies(imported(anna)["invoice"], 2)
    sign_in(page, anna)
    page.goto("/documents/invoice/")

    page.get_by_label("Choose all documents of this page").check()
    page.get_by_role("button", name="Add to Email Queue").click()
    expect(page.get_by_role("button", name="Send 3 emails")).to_be_visible()
    page.get_by_label("Combine attachments per recipient").check()

    expect(page.get_by_role("button", name="Send 1 email ")).to_be_visible()
    expect(page.get_by_label("Attachments").get_by_role("link")).to_have_count(3)
    page.get_by_label("Recipient", exact=True).select_option("Shipment Update Email")
    expect(page.get_by_text("3 cannot be sent")).to_be_visible()
    assert violations(page) == []


def test_list_dialog_and_run_fit_and_are_accessible(page: Page, anna: Membership) -> None:
    mailbox_of(anna)
    documents = list(imported(anna).values())
    ids = ",".join(str(each.pk) for each in documents)
    run = plan_run(anna, Selection([each.pk for each in documents]), RunWishes(), at=now())
    sign_in(page, anna)
    page.goto(f"/runs/{run.pk}/")
    expect(page.get_by_role("button", name="Send 6 emails")).to_be_visible()
    plan_run(anna, Selection([documents[0].pk]), RunWishes(), at=now(), name="Only one")
    paths = ("/documents/", f"/documents/queue/?ids={ids}", f"/runs/{run.pk}/", "/runs/", "/")

    found = _faults(page, paths)
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="dark")
    on_phone = _faults(page, paths)

    assert found == on_phone == dict.fromkeys(paths, ([], 0))
    assert Run.objects.count() == 2


def _faults(page: Page, paths: Sequence[str]) -> dict[str, tuple[list[str], int]]:
    found = {}
    for path in paths:
        page.goto(path)
        found[path] = violations(page), overflow(page)
    return found


def _copies(document: Document, count: int) -> None:
    """More of the same, as far as a list and a letter can tell."""
    copies = [Document.objects.get(pk=document.pk) for _ in range(count)]
    for number, copy in enumerate(copies):
        copy.pk, copy.number = new_id(), f"{document.number}-{number}"
    Document.objects.bulk_create(copies)
