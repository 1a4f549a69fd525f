"""What we write as XML fits its schema and keeps the rules, or says which it breaks."""

from __future__ import annotations

import pytest

from outtray.documents.einvoice.forms import Syntax, syntaxes_of
from outtray.documents.kinds.registry import KINDS
from tests.documents.builders import Raw, invoice_of, line, raw
from tests.documents.einvoices import both, e_invoice

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
