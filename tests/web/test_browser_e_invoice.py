"""E-invoices as people meet them: settled once, looked at on the document, saved as a file."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from outtray.documents.einvoice.settle import settle_form
from outtray.documents.einvoice.wishes import Form, WhenWrong
from outtray.people.models import Membership
from tests.conftest import TurnedClock
from tests.documents.builders import bring_in, raw
from tests.web.browser import DESK, PHONE, overflow, sign_in, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_kind_is_settled_and_its_documents_say_what_they_carry(
    page: Page, anna: Membership, clock: TurnedClock
) -> None:
    document = bring_in(raw(issuer={"vat_id": "DE136695976"}), anna, clock).documents[0]
    sign_in(page, anna)
    box = page.get_by_role("region", name="E-invoice")

    page.goto(f"/documents/{document.pk}/")
    box.get_by_role("link", name="Check as an e-invoice").click()
    expect(box.get_by_text("It keeps the rules of EN 16931.")).to_be_visible()
    page.goto("/settings/e-invoices/")
    page.get_by_label("Form of Invoice", exact=True).select_option("factur-x")
    page.get_by_label("Your words for units").fill("Gebinde = XPK")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The e-invoices are settled")).to_be_visible()
    page.goto(f"/documents/{document.pk}/")

    expect(box.get_by_text("It keeps the rules of EN 16931.")).to_be_visible()
    expect(box.get_by_text("4160.07 EUR", exact=True)).to_be_visible()
    with page.expect_download() as saved:
        box.get_by_role("link", name="Factur-X (CII)").click()
    assert saved.value.suggested_filename == "Rechnung-RE-2026-1043.xml"


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_broken_rule_stands_on_the_document_in_plain_words(
    page: Page, anna: Membership, clock: TurnedClock, size: ViewportSize
) -> None:
    settle_form(anna, "invoice", form=Form.BOTH, when_wrong=WhenWrong.HOLD)
    wrong = raw(party={"number": "10008", "name": "Möbelhaus Ahrens KG"})
    document = bring_in(wrong, anna, clock).documents[0]
    page.set_viewport_size(size)
    sign_in(page, anna)

    page.goto(f"/documents/{document.pk}/")

    box = page.get_by_role("region", name="E-invoice")
    expect(box.get_by_text("It cannot be sent like this")).to_be_visible()
    expect(box.get_by_text("The customer's address is missing.")).to_be_visible()
    assert violations(page) == []
    assert overflow(page) == 0
