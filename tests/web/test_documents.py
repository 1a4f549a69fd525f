"""The Centres, a document with its PDF, and who may see them."""

from __future__ import annotations

from django.urls import reverse

from outtray.people.models import Membership
from tests.web.conftest import SignedIn
from tests.web.papers import imported, mailbox_of, queued_email


def test_a_centre_shows_the_documents_of_its_kind(ben: Membership, signed_in: SignedIn) -> None:
    documents = imported(ben)

    page = signed_in(ben).get(reverse("centre", args=["invoice"])).content.decode()

    assert documents["invoice"].number in page
    assert documents["sales_order"].number not in page


def test_a_search_finds_number_and_party(ben: Membership, signed_in: SignedIn) -> None:
    documents = imported(ben)
    order = documents["purchase_order"]

    page = signed_in(ben).get(reverse("documents"), {"q": order.party.name[:8]}).content.decode()

    assert order.number in page
    assert documents["invoice"].number not in page


def test_documents_can_be_narrowed_to_those_without_an_email(
    ben: Membership, signed_in: SignedIn
) -> None:
    mailbox_of(ben)
    documents = imported(ben)
    queued_email(ben, documents["invoice"])

    unsent = signed_in(ben).get(reverse("documents"), {"email": "none"}).content.decode()
    queued = signed_in(ben).get(reverse("documents"), {"email": "queued"}).content.decode()

    assert documents["invoice"].number not in unsent
    assert documents["sales_order"].number in unsent
    assert documents["invoice"].number in queued


def test_an_empty_list_tells_how_to_import(ben: Membership, signed_in: SignedIn) -> None:
    page = signed_in(ben).get(reverse("documents")).content.decode()

    assert "No documents yet" in page
    assert reverse("import") in page


def test_an_unknown_kind_is_not_found(ben: Membership, signed_in: SignedIn) -> None:
    assert signed_in(ben).get("/documents/love_letter/").status_code == 404


def test_a_document_shows_its_pages_and_its_pdf(ben: Membership, signed_in: SignedIn) -> None:
    invoice = imported(ben)["invoice"]
    client = signed_in(ben)

    page = client.get(reverse("document", args=[invoice.pk]))
    picture = client.get(reverse("document_page", args=[invoice.pk, 1]))
    pdf = client.get(reverse("document_pdf", args=[invoice.pk]))

    assert reverse("document_page", args=[invoice.pk, 1]) in page.content.decode()
    assert picture.content.lstrip().startswith(b"<svg")
    assert "sandbox" in picture.headers["Content-Security-Policy"]
    assert pdf.content.startswith(b"%PDF")
    assert pdf.headers["Content-Disposition"].startswith("inline")


def test_a_page_that_a_document_does_not_have_is_not_found(
    ben: Membership, signed_in: SignedIn
) -> None:
    invoice = imported(ben)["invoice"]

    for number in (0, 99):
        answer = signed_in(ben).get(reverse("document_page", args=[invoice.pk, number]))
        assert answer.status_code == 404


def test_clara_finds_nothing_of_another_company(
    ben: Membership, clara: Membership, signed_in: SignedIn
) -> None:
    invoice = imported(ben)["invoice"]
    client = signed_in(clara)

    assert invoice.number not in client.get(reverse("documents")).content.decode()
    for name in ("document", "document_pdf", "compose"):
        assert client.get(reverse(name, args=[invoice.pk])).status_code == 404
    assert client.get(reverse("document_page", args=[invoice.pk, 1])).status_code == 404
