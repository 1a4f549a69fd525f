"""Import in a browser: a table from the file to its documents, in both widths and themes."""

from __future__ import annotations

import pytest
from playwright.sync_api import FilePayload, Page

from outtray.documents.models import Document
from outtray.people.models import Membership
from tests.documents.imports.conftest import content_of
from tests.web.browser import faults_in_all_looks, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_table_is_seen_settled_and_imported(page: Page, ben: Membership) -> None:
    sign_in(page, ben)
    page.goto("/documents/import/")
    faults = faults_in_all_looks(page)

    _choose(page, "rechnungen.csv")
    page.get_by_role("button", name="Show what is in it").click()
    page.get_by_role("heading", name="rechnungen.csv").wait_for()
    faults += faults_in_all_looks(page)
    page.get_by_label("Meaning of Rabatt %").select_option("Left out")
    page.get_by_role("button", name="Read it like this").click()
    page.get_by_role("link", name="Wrong 1").wait_for()
    page.get_by_label("Meaning of Rabatt %").select_option("Line discount percent")
    page.get_by_role("button", name="Read it like this").click()
    page.get_by_role("button", name="Import 2 documents").click()
    page.get_by_role("heading", name="2 documents imported").wait_for()

    assert Document.objects.count() == 2
    assert faults == []


def _choose(page: Page, name: str) -> None:
    file = FilePayload(name=name, mimeType="text/csv", buffer=content_of(name))
    page.get_by_label("File", exact=True).set_input_files(files=[file])
