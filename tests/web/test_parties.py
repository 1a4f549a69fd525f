"""Parties: found, shown, changed part by part, and brought in from a file."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from outtray.compose.models import PartyDefault, RecipientRule, SendingRules
from outtray.documents.make_party import make_party
from outtray.documents.models import Party
from outtray.people.models import Membership
from tests.builders import company_email
from tests.web.conftest import SignedIn
from tests.web.papers import imported

CSV = "number;name;main_email\n10001;Blue Lagoon Ltd;info@lagoon.example\n"


def test_parties_are_found_by_name_and_role(ben: Membership, signed_in: SignedIn) -> None:
    documents = imported(ben)
    vendor = documents["purchase_order"].party
    customer = documents["invoice"].party

    page = signed_in(ben).get(reverse("parties"), {"role": "vendor"}).content.decode()

    assert vendor.name in page
    assert customer.name not in page


def test_those_without_an_address_are_a_list_of_their_own(
    ben: Membership, signed_in: SignedIn
) -> None:
    documents = imported(ben)
    customer, vendor = documents["invoice"].party, documents["purchase_order"].party
    Party.objects.filter(pk=customer.pk).update(main_email="", billing_email="", bill_to_email="")

    page = signed_in(ben).get(reverse("parties"), {"address": "none"}).content.decode()

    assert customer.name in page
    assert vendor.name not in page


def test_a_partys_page_shows_its_documents_and_who_would_get_the_next(
    ben: Membership, signed_in: SignedIn
) -> None:
    invoice = imported(ben)["invoice"]

    page = signed_in(ben).get(reverse("party", args=[invoice.party_id])).content.decode()

    assert invoice.number in page
    assert invoice.party.name in page
    assert "because an invoice goes there first" in page


def test_an_address_slot_is_changed_and_the_page_remembers_by_whom(
    ben: Membership, signed_in: SignedIn
) -> None:
    party = imported(ben)["invoice"].party
    client, path = signed_in(ben), reverse("party", args=[party.pk])

    client.post(path, {"part": "slots", "main_email": " New@Kunde.Example "})

    party.refresh_from_db()
    assert party.main_email == "New@kunde.example"
    page = client.get(path).content.decode()
    assert "Changed by hand" in page
    assert "by Ben Behrens" in page


def test_a_new_vendor_is_entered_by_hand(ben: Membership, signed_in: SignedIn) -> None:
    client, path = signed_in(ben), reverse("new_party")
    typed = {
        "role": "vendor", "number": "7001", "name": "Blech & Söhne", "language": "de",
        "main_email": "info@blech.example", "address-city": "Ulm", "0-name": "Lou",
        "0-email": "lou@blech.example", "0-role": "", "purchase_order": "on",
    }  # fmt: skip

    page = client.get(path, {"role": "vendor"}).content.decode()
    answer = client.post(path, typed, follow=True)

    assert "New vendor" in page
    assert "Bill payment advices" in page
    party = Party.objects.get(role="vendor", number="7001")
    assert (party.main_email, party.address["city"]) == ("info@blech.example", "Ulm")
    assert "item_receipt" in party.excluded
    assert party.contacts.get().email == "lou@blech.example"
    assert answer.redirect_chain == [(reverse("party", args=[party.pk]), 302)]
    assert "Entered by hand" in answer.content.decode()


@pytest.mark.parametrize(
    ("form", "typed", "field"),
    [
        ("number", {"number": ""}, "number"),
        ("number", {"number": "K-1"}, "number"),
        ("number", {"number": "a\x01"}, "number"),
        ("details", {"name": ""}, "name"),
        ("details", {"vat_id": "DE1"}, "vat_id"),
        ("details", {"bill_to_address-country": "XX"}, "bill_to_address-country"),
        ("slots", {"cc_email": "nobody"}, "cc_email"),
    ],
)
def test_what_is_wrong_with_a_new_party_is_told_at_its_field(
    form: str,
    typed: dict[str, str],
    field: str,
    ben: Membership,
    signed_in: SignedIn,
    at: datetime,
) -> None:
    make_party(ben.company, {"role": "customer", "number": "K-1", "name": "A"}, by=None, at=at)

    answer = signed_in(ben).post(
        reverse("new_party"), {"role": "customer", "number": "K-2", "name": "B", **typed}
    )

    assert answer.status_code == 422
    assert list(answer.context["forms"][form].errors) == [field]
    assert Party.objects.count() == 1


@pytest.mark.parametrize(
    ("part", "typed", "field"),
    [
        ("slots", {"main_email": "a@b.example\r\nBcc: c@d.example"}, "main_email"),
        ("details", {"name": ""}, "name"),
        ("details", {"name": "A", "address-country": "XX"}, "address-country"),
        ("details", {"name": "A", "vat_id": "DE1"}, "vat_id"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(
    part: str, typed: dict[str, str], field: str, ben: Membership, signed_in: SignedIn
) -> None:
    party = imported(ben)["invoice"].party

    answer = signed_in(ben).post(reverse("party", args=[party.pk]), {"part": part, **typed})

    assert answer.status_code == 422
    assert list(answer.context["forms"][part].errors) == [field]
    assert Party.objects.get(pk=party.pk).name == party.name


def test_language_notifications_and_postal_addresses_are_changed(
    ben: Membership, signed_in: SignedIn
) -> None:
    party = imported(ben)["invoice"].party
    client, path = signed_in(ben), reverse("party", args=[party.pk])

    client.post(path, {
        "part": "details", "name": party.name, "language": "fr", "bill_to_address-city": "Lyon",
        "bill_to_address-country": "fr",
    })  # fmt: skip
    client.post(path, {"part": "notices", "invoice": "on"})

    party.refresh_from_db()
    assert (party.language, party.bill_to_address["city"]) == ("fr", "Lyon")
    assert party.bill_to_address["country"] == "FR"
    assert "payment_reminder" in party.excluded
    assert "invoice" not in party.excluded


def test_contacts_are_added_and_removed(ben: Membership, signed_in: SignedIn) -> None:
    party = imported(ben)["invoice"].party
    party.contacts.all().delete()
    client, path = signed_in(ben), reverse("party", args=[party.pk])
    rows = {"0-name": "Lou", "0-email": "lou@k.example", "0-role": "",
            "1-name": "Max", "1-email": "max@k.example", "1-role": "Buyer"}  # fmt: skip

    client.post(path, {"part": "contacts", **rows})
    added = [contact.name for contact in party.contacts.order_by("name")]
    client.post(path, {"part": "contacts", **rows, "remove": "0"})

    assert added == ["Lou", "Max"]
    assert [str(contact) for contact in party.contacts.all()] == ["Max <max@k.example>"]


def test_half_a_contact_is_refused(ben: Membership, signed_in: SignedIn) -> None:
    party = imported(ben)["invoice"].party

    answer = signed_in(ben).post(
        reverse("party", args=[party.pk]),
        {"part": "contacts", "0-name": "Lou", "0-email": "", "0-role": ""},
    )

    assert answer.status_code == 422
    assert "The contact needs a address" not in answer.content.decode()
    assert "The contact needs an address" in answer.content.decode()


def test_an_administrator_gives_a_party_rules_of_its_own(
    anna: Membership, ben: Membership, signed_in: SignedIn, at: datetime
) -> None:
    party, billing = imported(ben)["invoice"].party, company_email(ben.company, at=at)
    path = reverse("party_overrides", args=[party.pk])
    typed = {"kind": "invoice", "invoice-send_from": str(billing.pk)}

    refused = signed_in(ben).post(path, typed)
    client = signed_in(anna)
    client.post(path, typed)

    assert refused.status_code == 403
    assert PartyDefault.objects.get().send_from == billing
    page = client.get(reverse("party", args=[party.pk])).content.decode()
    assert "from billing@nordwind.example" in page
    assert "Given a rule of its own" in page


def test_a_file_of_parties_is_looked_at_and_then_kept(ben: Membership, signed_in: SignedIn) -> None:
    client, path = signed_in(ben), reverse("import_parties")

    looked = client.post(path, {"role": "customer", "text": CSV, "preview": "1"})
    before = Party.objects.count()
    kept = client.post(path, {"role": "customer", "text": CSV})

    assert "Nothing is kept yet" in looked.content.decode()
    assert "info@lagoon.example" in looked.content.decode()
    assert before == 0
    assert "1 new" in kept.content.decode()
    assert Party.objects.get().name == "Blue Lagoon Ltd"


def test_what_was_settled_for_a_table_of_parties_is_remembered(
    ben: Membership, signed_in: SignedIn
) -> None:
    client, path = signed_in(ben), reverse("import_parties")
    table = {"role": "customer", "text": "Konto;Kurzname;Fax\n10001;Weiß & Söhne;12\n"}

    asked = client.post(path, {**table, "preview": "1"})
    header = asked.context["meanings"].digest
    chosen = {"header": header, "column-0": "number", "column-1": "name", "column-2": ""}
    kept = client.post(path, {**table, **chosen})
    again = client.post(path, table)

    assert asked.status_code == 422
    assert "Choose what “Konto” means" in asked.content.decode()
    assert kept.status_code == 200
    assert "1 new" in kept.content.decode()
    assert "1 unchanged" in again.content.decode()
    assert Party.objects.get().name == "Weiß & Söhne"


def test_what_was_chosen_for_another_table_does_not_count(
    ben: Membership, signed_in: SignedIn
) -> None:
    chosen = {"header": "another", "column-0": "name", "column-1": "number"}

    signed_in(ben).post(reverse("import_parties"), {"role": "customer", "text": CSV, **chosen})

    assert Party.objects.get().number == "10001"


def test_a_table_of_windows_is_shown_before_it_is_kept(
    ben: Membership, signed_in: SignedIn
) -> None:
    file = SimpleUploadedFile("kunden.csv", "Nummer;Firma\n1;Müller & Söhne\n".encode("cp1252"))

    looked = signed_in(ben).post(
        reverse("import_parties"), {"role": "customer", "file": file, "preview": "1"}
    )

    assert looked.status_code == 200
    assert "Müller &amp; Söhne" in looked.content.decode()


def test_a_wrong_file_says_which_line_is_wrong(ben: Membership, signed_in: SignedIn) -> None:
    wrong = CSV + "10002;Weiß;nobody\n"

    answer = signed_in(ben).post(reverse("import_parties"), {"role": "customer", "text": wrong})

    assert answer.status_code == 422
    assert "The main email is not usable" in answer.content.decode()
    assert not Party.objects.exists()


def test_the_order_of_recipients_is_moved_tried_and_saved(
    anna: Membership, signed_in: SignedIn
) -> None:
    invoice = imported(anna)["invoice"]
    client, path = signed_in(anna), reverse("recipient_rule", args=["invoice"])
    slots = ["contact", "billing", "bill_to", "main"]

    moved = client.post(path, {"slot": slots, "do": "up:main", "fallback": ""})
    unsaved = RecipientRule.objects.count()
    client.post(path, {"slot": ["main", "billing"], "fallback": str(anna.pk), "save": "1"})

    assert [slot.key for slot in moved.context["slots"]] == [
        "contact",
        "billing",
        "main",
        "bill_to",
    ]
    assert moved.context["tried"][0].document == invoice
    assert unsaved == 0
    assert RecipientRule.objects.get().slots == ["main", "billing"]
    assert "Anna Andresen" in client.get(reverse("recipients")).content.decode()


def test_the_company_email_is_allowed_on_the_page_of_defaults(
    anna: Membership, signed_in: SignedIn
) -> None:
    signed_in(anna).post(reverse("senders"), {"may_use_company_email": "on"})

    assert SendingRules.objects.get().may_use_company_email


def test_clara_sees_and_changes_no_party_of_another_company(
    ben: Membership, clara: Membership, signed_in: SignedIn
) -> None:
    party = imported(ben)["invoice"].party
    client = signed_in(clara)

    assert party.name not in client.get(reverse("parties")).content.decode()
    for answer in (
        client.get(reverse("party", args=[party.pk])),
        client.post(reverse("party", args=[party.pk]), {"main_email": "clara@suedhang.example"}),
        client.post(reverse("party_overrides", args=[party.pk]), {"kind": "all"}),
    ):
        assert answer.status_code == 404
