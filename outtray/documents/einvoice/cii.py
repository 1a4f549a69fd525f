"""Writes an invoice as CII (UN/CEFACT Cross Industry Invoice), profile EN 16931 of Factur-X.

The order of the elements is the schema's, and what EN 16931 does not know is left out.
"""

from __future__ import annotations

from outtray.documents.einvoice.amounts import amount, compact, number
from outtray.documents.einvoice.discounts import Discount
from outtray.documents.einvoice.taxes import VatPart
from outtray.documents.einvoice.terms import SPECIFICATION, InvoiceTerms, LineTerms
from outtray.documents.einvoice.trade import TradeParty, account_holder
from outtray.documents.einvoice.xml import NOTHING, Xml, document, many, tag
from outtray.documents.schema.parties import Address, ContactPerson

_NAMESPACES = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}
_DISCOUNT = "95"  # UNTDID 5189


def write_cii(terms: InvoiceTerms) -> bytes:
    """The file `factur-x.xml`."""
    return document(
        "rsm:CrossIndustryInvoice",
        _NAMESPACES,
        tag(
            "rsm:ExchangedDocumentContext",
            tag("ram:GuidelineSpecifiedDocumentContextParameter", tag("ram:ID", SPECIFICATION)),
        ),
        tag(
            "rsm:ExchangedDocument",
            tag("ram:ID", terms.number),
            tag("ram:TypeCode", terms.type_code),
            tag("ram:IssueDateTime", _day(compact(terms.date))),
            *(tag("ram:IncludedNote", tag("ram:Content", note)) for note in terms.notes),
        ),
        tag(
            "rsm:SupplyChainTradeTransaction",
            *(_line(line) for line in terms.lines),
            _agreement(terms),
            # The schema wants it even where nothing is known of a delivery.
            _delivery(terms) or Xml("<ram:ApplicableHeaderTradeDelivery/>"),
            _settlement(terms),
        ),
    )


def _day(compact_day: str) -> Xml:
    return tag("udt:DateTimeString", compact_day, format="102")


def _line(line: LineTerms) -> Xml:
    return tag(
        "ram:IncludedSupplyChainTradeLineItem",
        tag("ram:AssociatedDocumentLineDocument", tag("ram:LineID", line.id)),
        tag(
            "ram:SpecifiedTradeProduct",
            tag("ram:SellerAssignedID", line.item),
            tag("ram:Name", line.name),
            tag("ram:Description", line.details),
        ),
        tag(
            "ram:SpecifiedLineTradeAgreement",
            tag("ram:NetPriceProductTradePrice", tag("ram:ChargeAmount", number(line.price))),
        ),
        tag(
            "ram:SpecifiedLineTradeDelivery",
            tag("ram:BilledQuantity", number(line.quantity), unitCode=line.unit_code),
        ),
        tag(
            "ram:SpecifiedLineTradeSettlement",
            tag(
                "ram:ApplicableTradeTax",
                tag("ram:TypeCode", "VAT"),
                tag("ram:CategoryCode", line.category),
                tag("ram:RateApplicablePercent", "" if line.rate is None else number(line.rate)),
            ),
            _discount(line.discount),
            tag(
                "ram:SpecifiedTradeSettlementLineMonetarySummation",
                tag("ram:LineTotalAmount", amount(line.total)),
            ),
        ),
    )


def _discount(discount: Discount | None) -> Xml:
    if discount is None:
        return NOTHING
    return tag(
        "ram:SpecifiedTradeAllowanceCharge",
        tag("ram:ChargeIndicator", tag("udt:Indicator", "false")),
        tag("ram:CalculationPercent", number(discount.percent)),
        tag("ram:BasisAmount", amount(discount.base)),
        tag("ram:ActualAmount", amount(discount.amount)),
        tag("ram:ReasonCode", _DISCOUNT),
        tag("ram:Reason", "Discount"),
    )


def _agreement(terms: InvoiceTerms) -> Xml:
    return tag(
        "ram:ApplicableHeaderTradeAgreement",
        tag("ram:BuyerReference", terms.buyer_reference),
        _party("ram:SellerTradeParty", terms.seller),
        _party("ram:BuyerTradeParty", terms.buyer),
        _reference("ram:SellerOrderReferencedDocument", terms.sales_order),
        _reference("ram:BuyerOrderReferencedDocument", terms.order_reference),
    )


def _reference(name: str, number: str) -> Xml:
    return tag(name, tag("ram:IssuerAssignedID", number))


def _party(name: str, party: TradeParty) -> Xml:
    return tag(
        name,
        tag("ram:ID", party.id),
        tag("ram:Name", party.name),
        tag("ram:SpecifiedLegalOrganization", tag("ram:ID", party.registration)),
        _contact(party.contact),
        _address(party.address),
        tag(
            "ram:URIUniversalCommunication",
            tag("ram:URIID", party.endpoint.id, schemeID=party.endpoint.scheme),
        ),
        tag("ram:SpecifiedTaxRegistration", tag("ram:ID", party.vat_id, schemeID="VA")),
        tag("ram:SpecifiedTaxRegistration", tag("ram:ID", party.tax_number, schemeID="FC")),
    )


def _contact(person: ContactPerson | None) -> Xml:
    if person is None:
        return NOTHING
    return tag(
        "ram:DefinedTradeContact",
        tag("ram:PersonName", person.name),
        tag("ram:TelephoneUniversalCommunication", tag("ram:CompleteNumber", person.phone)),
        tag("ram:EmailURIUniversalCommunication", tag("ram:URIID", person.email)),
    )


def _address(address: Address) -> Xml:
    return tag(
        "ram:PostalTradeAddress",
        tag("ram:PostcodeCode", address.postcode),
        tag("ram:LineOne", address.street),
        tag("ram:LineTwo", address.extra),
        tag("ram:CityName", address.city),
        tag("ram:CountryID", address.country),
        tag("ram:CountrySubDivisionName", address.region),
    )


def _delivery(terms: InvoiceTerms) -> Xml:
    place, day = terms.delivery, terms.delivery_date
    return tag(
        "ram:ApplicableHeaderTradeDelivery",
        tag("ram:ShipToTradeParty", tag("ram:Name", place.name), _address(place.address))
        if place
        else NOTHING,
        tag(
            "ram:ActualDeliverySupplyChainEvent",
            tag("ram:OccurrenceDateTime", _day(compact(day))),
        )
        if day
        else NOTHING,
    )


def _settlement(terms: InvoiceTerms) -> Xml:
    means = terms.payment.means if terms.payment else None
    return tag(
        "ram:ApplicableHeaderTradeSettlement",
        tag("ram:CreditorReferenceID", means.creditor_id if means else ""),
        tag("ram:PaymentReference", terms.number),
        tag("ram:InvoiceCurrencyCode", terms.currency),
        _payment_means(terms),
        *(_tax(part) for part in terms.taxes),
        tag(
            "ram:SpecifiedTradePaymentTerms",
            tag("ram:Description", terms.payment_terms),
            tag("ram:DueDateDateTime", _day(compact(terms.due)) if terms.due else NOTHING),
            tag("ram:DirectDebitMandateID", means.mandate if means else ""),
        ),
        _sums(terms),
        _preceding(terms),
    )


def _preceding(terms: InvoiceTerms) -> Xml:
    """The invoice that is credited or put right (BG-3)."""
    if not terms.preceding:
        return NOTHING
    day = terms.preceding_date
    written = tag("qdt:DateTimeString", compact(day) if day else "", format="102")
    return tag(
        "ram:InvoiceReferencedDocument",
        tag("ram:IssuerAssignedID", terms.preceding),
        tag("ram:FormattedIssueDateTime", written),
    )


def _payment_means(terms: InvoiceTerms) -> Xml:
    if terms.payment is None:
        return NOTHING
    means, bank = terms.payment.means, terms.payment.bank
    payee = many(
        tag("ram:IBANID", bank.iban), tag("ram:AccountName", account_holder(bank, terms.seller))
    )
    return tag(
        "ram:SpecifiedTradeSettlementPaymentMeans",
        tag("ram:TypeCode", means.code),
        tag("ram:PayerPartyDebtorFinancialAccount", tag("ram:IBANID", means.debited_iban)),
        tag("ram:PayeePartyCreditorFinancialAccount", payee if bank.iban else NOTHING),
        tag("ram:PayeeSpecifiedCreditorFinancialInstitution", tag("ram:BICID", bank.bic)),
    )


def _tax(part: VatPart) -> Xml:
    return tag(
        "ram:ApplicableTradeTax",
        tag("ram:CalculatedAmount", amount(part.tax)),
        tag("ram:TypeCode", "VAT"),
        tag("ram:ExemptionReason", part.reason),
        tag("ram:BasisAmount", amount(part.net)),
        tag("ram:CategoryCode", part.category),
        tag("ram:ExemptionReasonCode", part.reason_code),
        tag("ram:RateApplicablePercent", "" if part.rate is None else number(part.rate)),
    )


def _sums(terms: InvoiceTerms) -> Xml:
    totals = terms.totals
    due = totals.gross - totals.paid
    return tag(
        "ram:SpecifiedTradeSettlementHeaderMonetarySummation",
        tag("ram:LineTotalAmount", amount(totals.net)),
        tag("ram:TaxBasisTotalAmount", amount(totals.net)),
        tag("ram:TaxTotalAmount", amount(totals.tax), currencyID=terms.currency),
        tag("ram:GrandTotalAmount", amount(totals.gross)),
        tag("ram:TotalPrepaidAmount", amount(totals.paid) if totals.paid else ""),
        tag("ram:DuePayableAmount", amount(due)),
    )
