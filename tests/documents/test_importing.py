"""Documents come in: all or none, once, and each wrong one says what is wrong with it."""

from __future__ import annotations

import pytest

from outtray.documents.importing import Status
from outtray.documents.kinds.registry import KINDS
from outtray.documents.models import Document, Party
from outtray.documents.samples.further import all_samples
from outtray.people.models import Membership
from tests.conftest import TurnedClock
from tests.documents.builders import ON, bring_in, raw

pytestmark = pytest.mark.django_db


def test_all_kinds_come_in(ben: Membership, clock: TurnedClock) -> None:
    result = bring_in({"documents": all_samples(ON)}, ben, clock)

    assert [item.status for item in result.items] == [Status.CREATED] * len(KINDS)
    assert [document.kind for document in result.documents] == list(KINDS)
    assert Party.objects.filter(company=ben.company).count() == 5


def test_a_single_document_needs_no_list(ben: Membership, clock: TurnedClock) -> None:
    result = bring_in(raw("invoice"), ben, clock)

    invoice = result.documents[0]
    assert invoice.number == "RE-2026-1043"
    assert (str(invoice.total), invoice.currency, invoice.language) == ("4160.07", "EUR", "de")
    assert invoice.imported_by == ben.person


def test_importing_the_same_again_changes_nothing(ben: Membership, clock: TurnedClock) -> None:
    bring_in(raw("invoice"), ben, clock)

    again = bring_in(raw("invoice"), ben, clock)

    assert again.items[0].status == Status.UNCHANGED
    assert Document.objects.get().revision == 1


def test_a_known_number_replaces_the_document(ben: Membership, clock: TurnedClock) -> None:
    first = bring_in(raw("invoice"), ben, clock).documents[0]

    again = bring_in(raw("invoice", your_reference="corrected"), ben, clock)

    assert again.items[0].status == Status.UPDATED
    assert Document.objects.get().pk == first.pk
    assert Document.objects.get().revision == 2
    assert Document.objects.get().data["your_reference"] == "corrected"


def test_being_paid_is_noted_and_changes_nothing_on_the_paper(
    ben: Membership, clock: TurnedClock
) -> None:
    bring_in(raw("invoice"), ben, clock)

    again = bring_in(raw("invoice", status="paid"), ben, clock)

    assert again.items[0].status == Status.UPDATED
    assert Document.objects.get().status == "paid"
    assert Document.objects.get().revision == 1


def test_one_wrong_of_five_imports_none_and_says_which(ben: Membership, clock: TurnedClock) -> None:
    five = [raw("invoice", number=f"RE-{count}") for count in range(5)]
    five[2]["currency"] = "DOUBLOONS"

    result = bring_in(five, ben, clock)

    assert not result.imported
    assert not Document.objects.exists()
    assert not Party.objects.exists()
    assert [item.index for item in result.refused] == [2]
    assert result.refused[0].number == "RE-2"
    assert result.refused[0].problems[0].path == "currency"
    assert {item.status for item in result.items} == {Status.REFUSED, Status.SKIPPED}


def test_keeping_going_imports_the_other_four(ben: Membership, clock: TurnedClock) -> None:
    five = [raw("invoice", number=f"RE-{count}") for count in range(5)]
    five[2]["kind"] = "ransom_note"

    result = bring_in(five, ben, clock, keep_going=True)

    assert [document.number for document in result.documents] == ["RE-0", "RE-1", "RE-3", "RE-4"]
    assert [item.index for item in result.refused] == [2]


def test_a_number_twice_in_one_file_is_refused(ben: Membership, clock: TurnedClock) -> None:
    result = bring_in([raw("invoice"), raw("invoice")], ben, clock)

    assert not result.imported
    assert result.refused[0].index == 1
    assert result.refused[0].problems[0].code == "duplicate_in_file"


def test_two_companies_may_use_the_same_numbers(
    ben: Membership, clara: Membership, clock: TurnedClock
) -> None:
    bring_in(raw("invoice"), ben, clock)

    hers = bring_in(raw("invoice"), clara, clock)

    assert hers.items[0].status == Status.CREATED
    assert list(Document.objects.visible_to(clara)) == hers.documents
    assert Party.objects.visible_to(clara).count() == 1


def test_a_party_keeps_what_a_later_document_does_not_mention(
    ben: Membership, clock: TurnedClock
) -> None:
    bring_in(raw("invoice"), ben, clock)
    party = {"number": "10008", "name": "Möbelhaus Ahrens GmbH"}

    bring_in(raw("invoice", number="RE-2", party=party), ben, clock)

    ahrens = Party.objects.get()
    assert ahrens.name == "Möbelhaus Ahrens GmbH"
    assert ahrens.billing_email == "buchhaltung@moebel-ahrens.example"
    assert ahrens.address["city"] == "Osnabrück"
    assert ahrens.contacts.get().name == "Jürgen Ahrens"


def test_the_issuer_is_frozen_into_the_document(ben: Membership, clock: TurnedClock) -> None:
    bring_in(raw("invoice"), ben, clock)

    ben.company.street = "Neuer Wall 1"
    ben.company.save()

    assert Document.objects.get().data["issuer"]["address"]["street"] == "Speicherstraße 4"
