"""What we write as XML fits its schema and keeps the rules, or says which it breaks."""

from __future__ import annotations

import pytest

from outtray.documents.einvoice.facts import CompanyFacts
from outtray.documents.einvoice.forms import Syntax, syntaxes_of
from outtray.documents.kinds.registry import KINDS
from tests.documents.builders import Raw, invoice_of, line, raw
from tests.documents.einvoices import both, e_invoice, texts

WITH_XML = [kind.name for kind in KINDS.values() if kind.xml]


@pytest.mark.parametrize("kind", WITH_XML)
def test_every_kind_has_its_xml_and_it_is_right(kind: str) -> None:
    made = both(raw(kind))

    assert [each.syntax for each in made] == list(syntaxes_of(KINDS[kind]))
    for each in made:
        assert each.problems == ()


HERE: Raw = {"address": {"country": "DE", "city": "Kiel"}, "number": "1", "name": "Kunde"}
IN_FRANCE: Raw = {
    "number": "2",
    "name": "Client SARL",
    "vat_id": "FR40303265045",
    "address": {"country": "FR", "city": "Lyon"},
}
BAD: list[tuple[str, Raw, str, str]] = [
    ("no country of the customer", raw(party={"number": "1", "name": "Kunde"}), "BR-10", "address"),
    (
        "an address without a country",
        raw(party={"number": "1", "name": "Kunde", "address": {"city": "Kiel"}}),
        "BR-11",
        "country of the customer's address",
    ),
    (
        "no country of ours",
        raw(issuer={"name": "Nordwind", "address": {"city": "Hamburg"}}),
        "BR-09",
        "country of the seller's address",
    ),
    ("no VAT ID", raw(issuer={"name": "Nordwind", "vat_id": ""}), "BR-S-02", "VAT ID"),
    (
        "nothing to identify the seller by",
        raw(issuer={"name": "Nordwind", "vat_id": "", "registration": "", "tax_number": "22/1"}),
        "BR-CO-26",
        "cannot be identified",
    ),
    (
        "a VAT ID without its country",
        raw(party={**HERE, "vat_id": "136695976"}),
        "BR-CO-09",
        "begin with the code of its country",
    ),
    ("an unknown unit", invoice_of(line(unit="Gebinde")), "BR-23", "Line 1: There is no code"),
    (
        "a code that is none",
        invoice_of(line(), line(unit_code="QQ")),
        "BR-CL-23",
        "not one of UN/ECE Recommendation 20",
    ),
    ("no tax without a reason", invoice_of(line(tax_rate="0")), "BR-CO-04", "Line 1: Nothing says"),
    (
        "exempt, but why",
        invoice_of(line(tax_rate="0", tax_category="E")),
        "BR-E-10",
        "reason for the exemption",
    ),
    (
        "reverse charge without the customer's VAT ID",
        invoice_of(line(tax_rate="0", tax_category="AE")),
        "BR-AE-02",
        "VAT IDs of both sides",
    ),
    (
        "another EU country without the customer's VAT ID",
        invoice_of(line(tax_rate="0", tax_category="K")),
        "BR-IC-02",
        "VAT IDs of both sides",
    ),
    (
        "another EU country, but when",
        invoice_of(line(tax_rate="0", tax_category="K"), party=IN_FRANCE, delivery_date=None),
        "BR-IC-11",
        "when it was delivered",
    ),
    (
        "a category without tax, but a rate",
        invoice_of(line(tax_category="G")),
        "BR-G-05",
        "rate is above 0",
    ),
    (
        "standard rate of nothing",
        invoice_of(line(tax_rate="0", tax_category="S")),
        "BR-S-05",
        "rate above 0",
    ),
    (
        "outside of VAT beside others",
        invoice_of(line(), line(tax_rate="0", tax_category="O")),
        "BR-O-11",
        "cannot stand on one invoice",
    ),
    (
        "three decimals",
        invoice_of(line(unit_price="1.111"), currency="KWD"),
        "BR-DEC-",
        "two decimals",
    ),
    (
        "a delivery address without a country",
        raw(ship_to={"name": "Lager", "address": {"city": "Kiel"}}),
        "BR-57",
        "delivery address",
    ),
]


@pytest.mark.parametrize("syntax", list(Syntax))
@pytest.mark.parametrize(("case", "document", "rule", "words"), BAD, ids=[bad[0] for bad in BAD])
def test_a_broken_rule_is_said_in_plain_words(
    case: str, document: Raw, rule: str, words: str, syntax: Syntax
) -> None:
    made = e_invoice(document, syntax)

    found = [each for each in made.problems if each.rule.startswith(rule)]
    assert found, made.problems
    assert words in found[0].sentence
    assert not any("BT-" in each.sentence for each in made.problems), made.problems
    assert not any(each.rule == "schema" for each in made.problems), made.problems


def test_two_sides_are_named_by_who_sells() -> None:
    bought = e_invoice(raw("purchase_order"), Syntax.UBL)
    sold = e_invoice(raw("sales_order"), Syntax.UBL)

    seller = "//cac:SellerSupplierParty/cac:Party/cac:PartyName/cbc:Name"
    assert texts(bought, seller) == ["Fjelltre Møbler AS"]
    assert texts(sold, seller) == ["Nordwind Handels GmbH"]


def test_an_invoice_says_in_both_syntaxes_what_stands_on_it() -> None:
    in_cii, in_ubl = both(raw(buyer_reference="04011000-12345-34"))

    assert texts(in_cii, "//ram:BuyerReference") == ["04011000-12345-34"]
    assert texts(in_ubl, "//cbc:BuyerReference") == ["04011000-12345-34"]
    assert texts(in_cii, "//ram:DuePayableAmount") == ["4160.07"]
    assert texts(in_ubl, "//cac:LegalMonetaryTotal/cbc:PayableAmount") == ["4160.07"]
    assert texts(in_cii, "//ram:ApplicableTradeTax/ram:CalculatedAmount") == ["636.27", "11.45"]
    assert texts(in_ubl, "//cac:TaxSubtotal/cbc:TaxAmount") == ["636.27", "11.45"]
    assert texts(in_cii, "//ram:IBANID") == ["DE89370400440532013000"]
    assert texts(in_ubl, "//cac:PayeeFinancialAccount/cbc:ID") == ["DE89370400440532013000"]
    assert texts(in_cii, "//ram:BilledQuantity/@unitCode/..") == ["8", "16", "60", "5", "6.5"]
    assert texts(in_ubl, "//cac:InvoiceLine/cac:AllowanceCharge/cbc:Amount") == ["103.20"]


def test_an_order_shows_the_discount_that_its_line_has() -> None:
    made = e_invoice(raw("sales_order"), Syntax.UBL)

    assert made.problems == ()
    taken_off = "//cac:LineItem/cac:AllowanceCharge"
    assert texts(made, f"{taken_off}/cbc:MultiplierFactorNumeric") == ["5"]
    assert texts(made, f"{taken_off}/cbc:Amount") == ["77.40"]


def test_a_credit_memo_names_its_invoice_and_no_account_to_pay_to() -> None:
    memo = raw("credit_memo", invoice_number="RE-7", invoice_date="2026-10-01")
    in_cii, in_ubl = both(memo)

    assert in_cii.problems == in_ubl.problems == ()
    assert texts(in_cii, "//ram:InvoiceReferencedDocument/ram:IssuerAssignedID") == ["RE-7"]
    assert texts(in_ubl, "//cac:InvoiceDocumentReference/cbc:IssueDate") == ["2026-10-01"]
    assert texts(in_cii, "//ram:IBANID") == []
    assert texts(in_ubl, "//cbc:CreditNoteTypeCode") == ["381"]


RIGHT: list[tuple[str, Raw]] = [
    ("paid in part beforehand", raw(totals={**dict(raw()["totals"]), "paid": "160.07"})),  # type: ignore[call-overload] # a sample has totals
    ("paid in full", raw(totals={**dict(raw()["totals"]), "paid": "4160.07"})),  # type: ignore[call-overload] # a sample has totals
    ("taken back", invoice_of(line(), line(quantity="-1"))),
    ("a price below zero", invoice_of(line(), line(unit_price="-3.33", discount_percent="7"))),
    ("yen", invoice_of(line(quantity="3", unit_price="33.4"), currency="JPY")),
    (
        "dinars without a third decimal",
        invoice_of(line(tax_rate="0", tax_category="Z"), currency="KWD"),
    ),
    ("tiny prices", invoice_of(line(quantity="12345.678", unit_price="0.000123"))),
    ("several rates", invoice_of(line(), line(tax_rate="7"), line(tax_rate="5.5"))),
    ("a full discount", invoice_of(line(), line(discount_percent="100"))),
    ("reverse charge", invoice_of(line(tax_rate="0", tax_category="AE"), party=IN_FRANCE)),
    (
        "to another EU country",
        invoice_of(
            line(tax_rate="0", tax_category="K"), party=IN_FRANCE, delivery_date="2026-11-20"
        ),
    ),
    (
        "export",
        invoice_of(
            line(tax_rate="0", tax_category="G"),
            party={**IN_FRANCE, "vat_id": "", "address": {"country": "US", "city": "Reno"}},
        ),
    ),
    ("outside of VAT", invoice_of(line(tax_rate="0", tax_category="O"))),
    (
        "exempt by the tax of its rate",
        invoice_of(
            line(tax_rate="0"),
            taxes=[
                {
                    "rate": "0",
                    "net": "20.00",
                    "tax": "0",
                    "category": "E",
                    "exemption_reason": "§ 4 Nr. 21 UStG",
                }
            ],
        ),
    ),
    (
        "no VAT ID, but a tax number",
        raw(issuer={"name": "Nordwind", "vat_id": "", "tax_number": "22/815/08154"}),
    ),
    (
        "direct debit",
        invoice_of(
            line(),
            payment_means={
                "code": "59",
                "mandate": "M-1",
                "creditor_id": "DE98ZZZ09999999999",
                "debited_iban": "DE89370400440532013000",
            },
        ),
    ),
    (
        "another address for the bill",
        raw(bill_to={"name": "Ahrens Zentrale", "address": {"city": "Kiel", "country": "DE"}}),
    ),
    (
        "another address for the goods",
        raw(ship_to={"name": "Lager", "address": {"city": "Kiel", "country": "DE"}}),
    ),
    (
        "an electronic address",
        raw(party={**HERE, "endpoint": {"scheme": "0204", "id": "991-12345-67"}}),
    ),
    ("signs that XML writes otherwise", raw(title="<Ä & Ö>", intro='a < b\nund "c"')),
]


@pytest.mark.parametrize(("case", "document"), RIGHT, ids=[right[0] for right in RIGHT])
def test_unusual_invoices_keep_the_rules(case: str, document: Raw) -> None:
    for made in both(document):
        assert made.problems == (), made.content.decode()


def test_what_the_company_settled_fills_the_gaps() -> None:
    facts = CompanyFacts(
        tax_number="22/815/08154",
        zero_category="E",
        zero_reason="Kleinunternehmer, § 19 UStG",
        units={"gebinde": "XPK"},
    )
    paper = invoice_of(
        line(tax_rate="0", unit="Gebinde"), issuer={"name": "Nordwind", "vat_id": ""}
    )

    for made in both(paper, facts):
        assert made.problems == ()
    assert texts(both(paper, facts)[1], "//cbc:TaxExemptionReason") == [
        "Kleinunternehmer, § 19 UStG"
    ]


def test_two_thousand_lines_are_checked() -> None:
    lines = [
        line(description=f"Lamp {index}", tax_rate=str(19 - 12 * (index % 2)))
        for index in range(2000)
    ]

    made = e_invoice(invoice_of(*lines))

    assert made.problems == ()
    assert len(texts(made, "//ram:LineID")) == 2000


def test_a_rule_that_every_line_breaks_is_said_with_a_bound() -> None:
    made = e_invoice(invoice_of(*[line(unit="Gebinde")] * 60))

    assert [each.rule for each in made.problems] == ["BR-23"] * 50


def test_a_confirmation_without_an_order_says_what_is_missing() -> None:
    made = e_invoice(raw("order_confirmation", order_number="", your_reference=""), Syntax.UBL)

    assert [each.path for each in made.problems] == ["order_number"]
    assert "names the order that it confirms" in made.problems[0].sentence
