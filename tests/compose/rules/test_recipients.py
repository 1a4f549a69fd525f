"""Who receives which document, and why."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest

from outtray.compose.letter import compose
from outtray.compose.models import DocumentDefault, PartyDefault, RecipientRule
from outtray.compose.rules.recipients import Addressee, recipients_for
from outtray.lib.errors import Refused
from outtray.mailboxes.models import Mailbox
from outtray.people.models import Company
from tests.compose.conftest import Import
from tests.compose.rules.customer import ALL, CUSTOMER, of

CONTACT = {"name": "Kim Kunde", "email": "kim@kunde.example"}
NO_BILLING = "because Blue Lagoon Ltd has no Billing Email"


@dataclass(frozen=True)
class Wishes:
    """What a template says of copies and sender."""

    name: str = "Friendly invoice"
    cc_email: str = ""
    send_from_id: UUID | None = None


def shown(everybody: tuple[Addressee, ...]) -> list[tuple[str, str, str]]:
    return [(each.kind, str(each.address), each.reason) for each in everybody]


def only(*slots: str) -> dict[str, str]:
    return {slot: ALL[slot] for slot in slots}


@pytest.mark.parametrize(
    ("kind", "emails", "wanted", "reason"),
    [
        (
            "invoice",
            ALL,
            "billing@k.example",
            "Billing Email of Blue Lagoon Ltd, because an invoice goes there first",
        ),
        (
            "invoice",
            only("bill_to", "main"),
            "billto@k.example",
            f"Bill To Address Email of invoice N-1, {NO_BILLING}",
        ),
        (
            "invoice",
            only("main", "ship_to"),
            "main@k.example",
            "Main Email of Blue Lagoon Ltd, because it has no Billing Email and "
            "no Bill To Address Email",
        ),
        (
            "sales_order",
            ALL,
            "billto@k.example",
            "Bill To Address Email of sales order N-1, because a sales order goes there first",
        ),
        (
            "order_confirmation",
            only("main", "billing"),
            "main@k.example",
            "Main Email of Blue Lagoon Ltd, because it has no Bill To Address Email",
        ),
        (
            "payment_reminder",
            ALL,
            "billing@k.example",
            "Billing Email of Blue Lagoon Ltd, because a payment reminder goes there first",
        ),
        (
            "payment_reminder",
            only("main", "bill_to"),
            "main@k.example",
            "Main Email of Blue Lagoon Ltd, because it has no Billing Email",
        ),
        (
            "estimate",
            ALL,
            "main@k.example",
            "Main Email of Blue Lagoon Ltd, because an estimate goes there first",
        ),
        (
            "packing_slip",
            ALL,
            "ship@k.example",
            "Shipment Update Email of Blue Lagoon Ltd, because a packing slip goes there first",
        ),
        (
            "packing_slip",
            only("ship_to", "main"),
            "shipto@k.example",
            "Ship To Address Email of packing slip N-1, "
            "because Blue Lagoon Ltd has no Shipment Update Email",
        ),
        (
            "credit_memo",
            ALL,
            "billing@k.example",
            "Billing Email of Blue Lagoon Ltd, because a credit memo goes there first",
        ),
        (
            "statement",
            only("main"),
            "main@k.example",
            "Main Email of Blue Lagoon Ltd, because it has no Billing Email",
        ),
        (
            "bill_payment",
            ALL,
            "main@k.example",
            "Main Email of Blue Lagoon Ltd, because a bill payment advice goes there first",
        ),
        (
            "purchase_order",
            ALL,
            "main@k.example",
            "Main Email of Blue Lagoon Ltd, because a purchase order goes there first",
        ),
        (
            "item_receipt",
            ALL,
            "main@k.example",
            "Main Email of Blue Lagoon Ltd, because an item receipt goes there first",
        ),
    ],
)
def test_the_first_available_slot_of_its_kind_gets_it(
    kind: str, emails: dict[str, str], wanted: str, reason: str, imported: Import
) -> None:
    document = of(imported, kind, emails)

    assert shown(recipients_for(document)) == [("to", f"Blue Lagoon Ltd <{wanted}>", reason)]


@pytest.mark.parametrize("kind", ["sales_order", "order_confirmation", "invoice"])
def test_use_contact_email_goes_before_all_slots(imported: Import, kind: str) -> None:
    document = of(imported, kind, ALL, contact=CONTACT, use_contact_email=True)

    place = f"Contact Email of {kind.replace('_', ' ')} N-1"
    assert shown(recipients_for(document)) == [
        ("to", "Kim Kunde <kim@kunde.example>", f"{place}, because Use Contact Email is on")
    ]


def test_the_shipment_notification_email_gets_it_together_with_the_contact(
    imported: Import,
) -> None:
    notified = {"shipment_notification_email": "dock@k.example"}
    used = of(imported, "packing_slip", ALL, contact=CONTACT, use_contact_email=True, **notified)

    assert shown(recipients_for(used)) == [
        (
            "to",
            "Kim Kunde <kim@kunde.example>",
            "Contact Email of packing slip N-1, because Use Contact Email is on",
        ),
        (
            "to",
            "Blue Lagoon Ltd <dock@k.example>",
            "Shipment Notification Email of packing slip N-1, "
            "which gets it together with the contact",
        ),
    ]


@pytest.mark.parametrize("slots", [None, ["shipment_update", "contact"]])
def test_without_the_contact_the_shipment_notification_email_gets_nothing(
    imported: Import, nordwind: Company, slots: list[str] | None
) -> None:
    if slots:
        RecipientRule.objects.create(company=nordwind, purpose="packing_slip", slots=slots)
    used = {"contact": CONTACT, "use_contact_email": True} if slots else {}
    notified = {"shipment_notification_email": "dock@k.example"}

    [addressee] = recipients_for(of(imported, "packing_slip", ALL, **used, **notified))

    assert str(addressee.address.address) == "ship@k.example"


def test_a_contact_that_is_not_to_be_used_gets_nothing(imported: Import) -> None:
    document = of(imported, "sales_order", ALL, contact=CONTACT)

    [addressee] = recipients_for(document)
    assert str(addressee.address.address) == "billto@k.example"


def test_a_reminder_never_goes_to_the_contact(imported: Import) -> None:
    document = of(imported, "payment_reminder", ALL, contact=CONTACT, use_contact_email=True)

    [addressee] = recipients_for(document)
    assert str(addressee.address.address) == "billing@k.example"


@pytest.mark.parametrize(
    ("slots", "wanted", "why"),
    [
        (["main", "billing"], "main@k.example", "because an invoice goes there first"),
        (["shipment_update"], "ship@k.example", "because an invoice goes there first"),
        (["contact", "ship_to"], "shipto@k.example", "because an invoice goes there first"),
    ],
)
def test_a_company_may_have_an_order_of_its_own(
    slots: list[str], wanted: str, why: str, imported: Import, nordwind: Company
) -> None:
    RecipientRule.objects.create(company=nordwind, purpose="invoice", slots=slots)

    [addressee] = recipients_for(of(imported, "invoice", ALL))

    assert str(addressee.address.address) == wanted
    assert addressee.reason.endswith(why)


def test_the_order_of_another_company_says_nothing(imported: Import, suedhang: Company) -> None:
    RecipientRule.objects.create(company=suedhang, purpose="invoice", slots=["main"])

    [addressee] = recipients_for(of(imported, "invoice", ALL))

    assert str(addressee.address.address) == "billing@k.example"


def test_the_documents_own_address_wins_over_the_customers(imported: Import) -> None:
    document = of(imported, "sales_order", ALL, bill_to={"email": "neu@kunde.example"})

    [addressee] = recipients_for(document)
    assert str(addressee.address.address) == "neu@kunde.example"


def test_a_document_keeps_the_bill_to_address_email_that_it_came_with(imported: Import) -> None:
    document = of(imported, "sales_order", only("bill_to"))

    document.party.bill_to_email = "later@k.example"

    [addressee] = recipients_for(document)
    assert str(addressee.address.address) == "billto@k.example"


def test_another_address_put_right_at_the_party_serves_what_was_imported_before(
    imported: Import,
) -> None:
    document = of(imported, "invoice", only("billing"))

    document.party.billing_email = "new@k.example"

    [addressee] = recipients_for(document)
    assert str(addressee.address.address) == "new@k.example"


@pytest.mark.parametrize("kind", ["purchase_order", "item_receipt"])
def test_a_vendor_gets_it_at_main_with_a_copy_to_cc(imported: Import, kind: str) -> None:
    document = of(imported, kind, {"main": "m@v.example", "cc": "c@v.example"})

    assert shown(recipients_for(document))[1:] == [
        ("cc", "c@v.example", "CC Email of Blue Lagoon Ltd, which always gets a copy")
    ]


def test_every_cc_gets_its_copy_with_its_reason(imported: Import, nordwind: Company) -> None:
    document = of(imported, "invoice", {"main": "m@k.example", "cc": "cc@k.example"})
    DocumentDefault.objects.create(company=nordwind, kind="invoice", cc_email="a@nordwind.example")
    PartyDefault.objects.create(party=document.party, kind="", cc_email="advisor@tax.example")
    template = Wishes(cc_email="books@nordwind.example")

    found = recipients_for(document, template=template)

    assert [(each[1], each[2]) for each in shown(found)[1:]] == [
        ("cc@k.example", "CC Email of Blue Lagoon Ltd, which always gets a copy"),
        ("advisor@tax.example", "CC Email of Blue Lagoon Ltd, which always gets a copy"),
        (
            "books@nordwind.example",
            "CC Email of the template “Friendly invoice”, which always gets a copy",
        ),
        (
            "a@nordwind.example",
            "CC Email of the Default Document Template for invoices, which always gets a copy",
        ),
    ]


def test_a_contact_is_greeted_by_name_wherever_the_address_stands(imported: Import) -> None:
    party = {**CUSTOMER, "emails": {"main": "kim@kunde.example"}, "contacts": [CONTACT]}
    document = imported("purchase_order", party=party)

    assert str(recipients_for(document)[0].address) == "Kim Kunde <kim@kunde.example>"


def test_nobody_gets_it_twice(imported: Import, nordwind: Company) -> None:
    DocumentDefault.objects.create(company=nordwind, kind="invoice", cc_email="M@k.example")

    document = of(imported, "invoice", {"main": "m@k.example", "cc": "m@K.example"})

    assert [each.kind for each in recipients_for(document)] == ["to"]


def test_a_reason_stays_one_line_however_long_a_name_is(imported: Import) -> None:
    document = of(imported, "invoice", only("main"))
    document.party.name = "Süd" * 66

    [addressee] = recipients_for(document)

    assert len(addressee.reason) <= 200
    assert addressee.reason.endswith("no Bill To Address Email")


def test_customers_never_share_a_letter_and_so_never_see_each_other(
    imported: Import, mailbox: Mailbox
) -> None:
    one = of(imported, "invoice", only("main"))
    other = imported(
        "invoice",
        number="N-2",
        party={"number": "2", "name": "Kunde AG", "emails": {"main": "info@kunde.example"}},
    )

    with pytest.raises(Refused) as refused:
        compose([one, other], mailbox=mailbox)

    assert refused.value.code == "different_recipients"
