"""What documents of UBL have in common: the frame, parties, addresses, items, prices."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from outtray.documents.einvoice.amounts import amount, number
from outtray.documents.einvoice.discounts import Discount, discount_of
from outtray.documents.einvoice.facts import CompanyFacts
from outtray.documents.einvoice.trade import TradeParty, buyer_of, issuer_of
from outtray.documents.einvoice.units import unit_code
from outtray.documents.einvoice.xml import NOTHING, Xml, document, many, tag
from outtray.documents.kinds.base import Kind
from outtray.documents.schema.paper import Paper
from outtray.documents.schema.parties import Address, ContactPerson
from outtray.documents.schema.priced import PricedLine, PricedPaper

# A paper, complete and typed, as the bytes of a file.
Writer = Callable[[Kind, Paper, CompanyFacts], bytes]

_BASE = "urn:oasis:names:specification:ubl:schema:xsd:"
_VENDOR = "vendor"
_DISCOUNT = "95"  # UNTDID 5189


def ubl(name: str, *content: Xml) -> bytes:
    """The file of a document of this name."""
    namespaces = {
        "": f"{_BASE}{name}-2",
        "cac": f"{_BASE}CommonAggregateComponents-2",
        "cbc": f"{_BASE}CommonBasicComponents-2",
    }
    return document(name, namespaces, *content)


def head(paper: Paper, *after_date: Xml) -> Xml:
    """Version, number, date; then what a document has behind its date, and the notes."""
    notes = (note for note in (paper.intro, paper.closing) if note)
    return many(
        tag("cbc:UBLVersionID", "2.1"),
        tag("cbc:ID", paper.number),
        tag("cbc:IssueDate", paper.date.isoformat()),
        *after_date,
        *(tag("cbc:Note", note) for note in notes),
    )


def buyer_and_seller(
    kind: Kind, paper: Paper, facts: CompanyFacts
) -> tuple[TradeParty, TradeParty]:
    """Who buys, and who sells: to a vendor, we are the one who buys."""
    issuer, party = issuer_of(paper, facts), buyer_of(paper)
    return (issuer, party) if kind.party_role == _VENDOR else (party, issuer)


def role(name: str, party: TradeParty) -> Xml:
    """A party in a role, like AccountingSupplierParty."""
    return tag(f"cac:{name}", party_of(party))


def party_of(party: TradeParty, *identifiers: Xml) -> Xml:
    return tag(
        "cac:Party",
        tag("cbc:EndpointID", party.endpoint.id, schemeID=party.endpoint.scheme),
        *(tag("cac:PartyIdentification", identifier) for identifier in identifiers),
        tag("cac:PartyIdentification", tag("cbc:ID", party.id)),
        tag("cac:PartyName", tag("cbc:Name", party.name)),
        tag("cac:PostalAddress", address(party.address)),
        _tax_scheme(party.vat_id, "VAT"),
        _tax_scheme(party.tax_number, "TAX"),
        tag(
            "cac:PartyLegalEntity",
            tag("cbc:RegistrationName", party.name),
            tag("cbc:CompanyID", party.registration),
        ),
        _contact(party.contact),
    )


def _tax_scheme(number: str, scheme: str) -> Xml:
    if not number:
        return NOTHING
    return tag(
        "cac:PartyTaxScheme",
        tag("cbc:CompanyID", number),
        tag("cac:TaxScheme", tag("cbc:ID", scheme)),
    )


def _contact(person: ContactPerson | None) -> Xml:
    if person is None:
        return NOTHING
    return tag(
        "cac:Contact",
        tag("cbc:Name", person.name),
        tag("cbc:Telephone", person.phone),
        tag("cbc:ElectronicMail", person.email),
    )


def address(place: Address) -> Xml:
    """The content of an address, in whatever element."""
    return many(
        tag("cbc:StreetName", place.street),
        tag("cbc:AdditionalStreetName", place.extra),
        tag("cbc:CityName", place.city),
        tag("cbc:PostalZone", place.postcode),
        tag("cbc:CountrySubentity", place.region),
        tag("cac:Country", tag("cbc:IdentificationCode", place.country)),
    )


def delivery(place: TradeParty | None, *, day: Xml = NOTHING, period: Xml = NOTHING) -> Xml:
    """When and where the goods go."""
    if place is None:
        return tag("cac:Delivery", day, period)
    return tag(
        "cac:Delivery",
        day,
        tag("cac:DeliveryLocation", tag("cac:Address", address(place.address))),
        period,
        tag("cac:DeliveryParty", tag("cac:PartyName", tag("cbc:Name", place.name))),
    )


def money(name: str, value: Decimal, currency: str) -> Xml:
    return tag(f"cbc:{name}", amount(value), currencyID=currency)


def quantity(name: str, value: Decimal, code: str) -> Xml:
    return tag(f"cbc:{name}", number(value), unitCode=code)


def item(name: str, details: str, number: str, *more: Xml) -> Xml:
    """What a line is about; `number` is the seller's."""
    return tag(
        "cac:Item",
        tag("cbc:Description", details),
        tag("cbc:Name", name),
        tag("cac:SellersItemIdentification", tag("cbc:ID", number)),
        *more,
    )


def priced_line_item(line: PricedLine, paper: PricedPaper, facts: CompanyFacts, name: str) -> Xml:
    """The line item of orders and quotations: number, quantity, sum, price, item."""
    sign = -1 if line.unit_price < 0 else 1
    code = line.unit_code or unit_code(line.unit, facts.units)
    return tag(
        "cac:LineItem",
        tag("cbc:ID", name),
        quantity("Quantity", sign * line.quantity, code),
        money("LineExtensionAmount", line.expected_total(paper.currency), paper.currency),
        discount(discount_of(line, paper.currency), paper.currency),
        tag(
            "cac:Price",
            tag("cbc:PriceAmount", number(abs(line.unit_price)), currencyID=paper.currency),
        ),
        item(line.description, line.details, line.item, _classified(line)),
    )


def discount(given: Discount | None, currency: str) -> Xml:
    """What is taken off a line."""
    if given is None:
        return NOTHING
    return tag(
        "cac:AllowanceCharge",
        tag("cbc:ChargeIndicator", "false"),
        tag("cbc:AllowanceChargeReasonCode", _DISCOUNT),
        tag("cbc:AllowanceChargeReason", "Discount"),
        tag("cbc:MultiplierFactorNumeric", number(given.percent)),
        money("Amount", given.amount, currency),
        money("BaseAmount", given.base, currency),
    )


def _classified(line: PricedLine) -> Xml:
    return tag(
        "cac:ClassifiedTaxCategory",
        tag("cbc:ID", line.tax_category),
        tag("cbc:Percent", number(line.tax_rate)),
        tag("cac:TaxScheme", tag("cbc:ID", "VAT")),
    )


def monetary_total(name: str, paper: PricedPaper) -> Xml:
    """The sums of a paper with prices, in whatever element."""
    totals, currency = paper.totals, paper.currency
    assert totals, "a kept paper has its totals"
    return tag(
        f"cac:{name}",
        money("LineExtensionAmount", totals.net, currency),
        money("TaxExclusiveAmount", totals.net, currency),
        money("TaxInclusiveAmount", totals.gross, currency),
        money("PrepaidAmount", totals.paid, currency) if totals.paid else NOTHING,
        money("PayableAmount", totals.gross - totals.paid, currency),
    )


def tax_total(paper: PricedPaper) -> Xml:
    """The tax of all lines, as one sum."""
    assert paper.totals, "a kept paper has its totals"
    return tag("cac:TaxTotal", money("TaxAmount", paper.totals.tax, paper.currency))
