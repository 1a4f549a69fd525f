"""Who receives which document, and why."""

from __future__ import annotations

import pytest

from outtray.compose.models import DocumentDefault
from outtray.compose.recipients import Addressee, recipients_for
from outtray.documents.models import Document
from outtray.lib.errors import Refused
from outtray.people.models import Company
from tests.compose.conftest import Import

CUSTOMER = {"number": "10099", "name": "Kunde AG"}
CONTACT = {"name": "Kim Kunde", "email": "kim@kunde.example"}


def shown(everybody: tuple[Addressee, ...]) -> list[tuple[str, str, str]]:
    return [(each.kind, str(each.address), each.reason) for each in everybody]


def of(imported: Import, kind: str, emails: dict[str, str], **more: object) -> Document:
    changes = {
        "contact": None,
        "use_contact_email": None,
        "bill_to": None,
        "cc_email": None,
        **more,
    }
    return imported(kind, party={**CUSTOMER, "emails": emails}, **changes)


@pytest.mark.parametrize("kind", ["sales_order", "order_confirmation"])
def test_an_order_goes_to_the_contact_if_it_says_so(imported: Import, kind: str) -> None:
    document = of(
        imported, kind, {"main": "info@kunde.example"}, contact=CONTACT, use_contact_email=True
    )

    assert shown(recipients_for(document)) == [
        (
            "to",
            "Kim Kunde <kim@kunde.example>",
            f"Contact Email of the {kind.replace('_', ' ')}",
        )
    ]


def test_an_order_goes_to_the_bill_to_address_next(imported: Import) -> None:
    document = of(
        imported,
        "sales_order",
        {"main": "info@kunde.example", "bill_to": "rechnung@kunde.example"},
        contact=CONTACT,
    )

    assert shown(recipients_for(document)) == [
        ("to", "Kunde AG <rechnung@kunde.example>", "Bill To Address Email of the sales order")
    ]


def test_and_at_last_to_the_main_email(imported: Import) -> None:
    document = of(imported, "sales_order", {"main": "info@kunde.example"})

    assert shown(recipients_for(document)) == [
        ("to", "Kunde AG <info@kunde.example>", "Main Email of the customer")
    ]


def test_the_documents_own_address_wins_over_the_customers(imported: Import) -> None:
    document = of(
        imported,
        "sales_order",
        {"bill_to": "alt@kunde.example"},
        bill_to={"email": "neu@kunde.example"},
    )

    [addressee] = recipients_for(document)
    assert str(addressee.address.address) == "neu@kunde.example"


@pytest.mark.parametrize(
    ("emails", "wanted"),
    [
        (
            {"billing": "b@k.example", "bill_to": "t@k.example", "main": "m@k.example"},
            "b@k.example",
        ),
        ({"bill_to": "t@k.example", "main": "m@k.example"}, "t@k.example"),
        ({"main": "m@k.example"}, "m@k.example"),
    ],
)
def test_an_invoice_goes_to_billing_then_bill_to_then_main(
    imported: Import, emails: dict[str, str], wanted: str
) -> None:
    [addressee] = recipients_for(of(imported, "invoice", emails))

    assert str(addressee.address.address) == wanted


def test_a_reminder_goes_to_billing_and_never_to_the_contact(imported: Import) -> None:
    document = of(
        imported,
        "payment_reminder",
        {"billing": "b@k.example", "main": "m@k.example"},
        contact=CONTACT,
        use_contact_email=True,
    )

    assert shown(recipients_for(document)) == [
        ("to", "Kunde AG <b@k.example>", "Billing Email of the customer")
    ]


@pytest.mark.parametrize("kind", ["purchase_order", "item_receipt"])
def test_a_vendor_gets_it_at_main_with_a_copy_to_cc(imported: Import, kind: str) -> None:
    document = of(imported, kind, {"main": "m@v.example", "cc": "c@v.example"})

    assert shown(recipients_for(document)) == [
        ("to", "Kunde AG <m@v.example>", "Main Email of the vendor"),
        ("cc", "c@v.example", "CC Email of the vendor"),
    ]


def test_a_contact_is_greeted_by_name_wherever_the_address_stands(imported: Import) -> None:
    party = {**CUSTOMER, "emails": {"main": "kim@kunde.example"}, "contacts": [CONTACT]}
    document = imported("purchase_order", party=party)

    assert str(recipients_for(document)[0].address) == "Kim Kunde <kim@kunde.example>"


def test_the_default_template_adds_its_copy(imported: Import, nordwind: Company) -> None:
    DocumentDefault.objects.create(
        company=nordwind, kind="invoice", cc_email="archiv@nordwind.example"
    )

    document = of(imported, "invoice", {"main": "m@k.example"})

    assert shown(recipients_for(document))[1] == (
        "cc",
        "archiv@nordwind.example",
        "CC Email of the Default Document Template for invoices",
    )


def test_nobody_gets_it_twice(imported: Import, nordwind: Company) -> None:
    DocumentDefault.objects.create(company=nordwind, kind="invoice", cc_email="M@k.example")

    document = of(imported, "invoice", {"main": "m@k.example", "cc": "m@K.example"})

    assert [each.kind for each in recipients_for(document)] == ["to"]


def test_without_any_address_it_says_which_are_missing(imported: Import) -> None:
    document = of(imported, "payment_reminder", {})

    with pytest.raises(Refused) as refused:
        recipients_for(document)

    assert refused.value.code == "no_recipient"
    assert refused.value.detail == (
        "Kunde AG has no Billing Email and no Main Email. "
        "Enter one at the customer or on the payment reminder."
    )


def test_a_wrong_address_is_refused_with_the_name_of_its_slot(imported: Import) -> None:
    document = of(imported, "invoice", {"main": "m@k.example"})
    document.party.billing_email = "buchhaltung"

    with pytest.raises(Refused) as refused:
        recipients_for(document)

    assert refused.value.code == "wrong_address"
    assert "Billing Email of the customer" in refused.value.detail


def test_an_address_put_right_at_the_party_serves_what_was_imported_before(
    imported: Import,
) -> None:
    document = of(imported, "invoice", {"billing": "old@k.example"})

    document.party.billing_email = "new@k.example"

    (addressee,) = recipients_for(document)
    assert str(addressee.address.address) == "new@k.example"
