"""The Centres, a document with its PDF, and who may see them."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from outtray.documents.models import Document, DocumentStatus
from outtray.lib import clock
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


def test_filters_are_links_that_can_be_kept(ben: Membership, signed_in: SignedIn) -> None:
    documents = imported(ben)
    invoice = documents["invoice"]
    this_year = clock.now().date().replace(month=1, day=1)
    Document.objects.filter(pk=invoice.pk).update(
        date=this_year - timedelta(days=1), status=DocumentStatus.PAID
    )
    Document.objects.exclude(pk=invoice.pk).update(date=this_year)
    client = signed_in(ben)

    for words, found in (
        ({"period": "last-year"}, {"invoice"}),
        ({"status": "paid", "sort": "-amount"}, {"invoice"}),
        ({"since": str(this_year)}, documents.keys() - {"invoice"}),
        ({"party": str(invoice.party_id), "period": "last-year"}, {"invoice"}),
        ({"least": "99999999"}, set()),
    ):
        page = client.get(reverse("documents"), words).content.decode()
        assert {kind for kind, each in documents.items() if each.number in page} == found, words


def test_all_that_a_filter_finds_can_be_counted_and_chosen(
    ben: Membership, clara: Membership, signed_in: SignedIn
) -> None:
    imported(ben)
    words = {"email": "none", "kind": "invoice"}

    mine = signed_in(ben).get(reverse("document_count"), words).content
    theirs = signed_in(clara).get(reverse("document_count"), words).content

    assert (mine, theirs) == (b"1", b"0")


def test_parties_are_offered_as_links_of_the_filter(ben: Membership, signed_in: SignedIn) -> None:
    invoice = imported(ben)["invoice"]
    asked = {"name": invoice.party.name[:5], "kind": "invoice", "status": "open"}

    page = signed_in(ben).get(reverse("document_parties"), asked).content.decode()

    assert f"{reverse('centre', args=['invoice'])}?status=open&amp;party={invoice.party_id}" in page


def test_nothing_left_to_send_is_good_news(ben: Membership, signed_in: SignedIn) -> None:
    mailbox_of(ben)
    for document in imported(ben).values():
        queued_email(ben, document)

    page = signed_in(ben).get(reverse("documents"), {"email": "none"}).content.decode()

    assert "Nothing is left to send" in page


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
