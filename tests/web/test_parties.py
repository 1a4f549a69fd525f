"""Parties: found, shown, and their address slots changed."""

from __future__ import annotations

from django.urls import reverse

from outtray.documents.models import Party
from outtray.people.models import Membership
from tests.web.conftest import SignedIn
from tests.web.papers import imported


def test_parties_are_found_by_name_and_role(ben: Membership, signed_in: SignedIn) -> None:
    documents = imported(ben)
    vendor = documents["purchase_order"].party
    customer = documents["invoice"].party

    page = signed_in(ben).get(reverse("parties"), {"role": "vendor"}).content.decode()

    assert vendor.name in page
    assert customer.name not in page


def test_a_partys_page_shows_its_documents(ben: Membership, signed_in: SignedIn) -> None:
    invoice = imported(ben)["invoice"]

    page = signed_in(ben).get(reverse("party", args=[invoice.party_id])).content.decode()

    assert invoice.number in page
    assert invoice.party.name in page


def test_an_address_slot_is_changed(ben: Membership, signed_in: SignedIn) -> None:
    party = imported(ben)["invoice"].party

    signed_in(ben).post(
        reverse("party", args=[party.pk]), {"main_email": " New@Kunde.Example ", "language": "fr"}
    )

    party.refresh_from_db()
    assert party.main_email == "New@kunde.example"
    assert party.language == "fr"


def test_a_wrong_address_is_told_at_its_field(ben: Membership, signed_in: SignedIn) -> None:
    party = imported(ben)["invoice"].party

    answer = signed_in(ben).post(
        reverse("party", args=[party.pk]), {"main_email": "a@b.example\r\nBcc: c@d.example"}
    )

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["main_email"]
    assert Party.objects.get(pk=party.pk).main_email == party.main_email


def test_clara_sees_and_changes_no_party_of_another_company(
    ben: Membership, clara: Membership, signed_in: SignedIn
) -> None:
    party = imported(ben)["invoice"].party
    client = signed_in(clara)

    assert party.name not in client.get(reverse("parties")).content.decode()
    for answer in (
        client.get(reverse("party", args=[party.pk])),
        client.post(reverse("party", args=[party.pk]), {"main_email": "clara@suedhang.example"}),
    ):
        assert answer.status_code == 404
