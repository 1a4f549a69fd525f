"""Reads invoices of UN/CEFACT's Cross Industry Invoice (EN 16931, Factur-X) as entries."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from outtray.documents.imports.xml.parsing import Node, filled
from outtray.documents.imports.xml.trade import (
    Allowance,
    Line,
    Raw,
    TaxTold,
    allowance_line,
    decimal,
    email_of,
    endpoint,
    iban,
    lines_of,
    party_number,
    person,
    taxes_of,
    totals_of,
)
from outtray.documents.imports.xml.type_codes import is_credit

NAMESPACE = "urn:un:unece:uncefact:data:standard:"
_NAMESPACES = {
    "rsm": NAMESPACE + "CrossIndustryInvoice:100",
    "ram": NAMESPACE + "ReusableAggregateBusinessInformationEntity:100",
    "udt": NAMESPACE + "UnqualifiedDataType:100",
}
_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_DAY_PATH = "udt:DateTimeString"


def is_cii(root: Element) -> bool:
    """True for an invoice of version D16B or later, which EN 16931 and Factur-X use."""
    return root.tag == f"{{{_NAMESPACES['rsm']}}}CrossIndustryInvoice"


def read_cii(root: Element) -> Raw:
    """The entry of an invoice or credit note."""
    node = Node(root, _NAMESPACES)
    document = node.one("rsm:ExchangedDocument")
    trade = node.one("rsm:SupplyChainTradeTransaction")
    agreement = trade.one("ram:ApplicableHeaderTradeAgreement")
    delivery = trade.one("ram:ApplicableHeaderTradeDelivery")
    settlement = trade.one("ram:ApplicableHeaderTradeSettlement")
    gives_back = is_credit(type_code(root))
    seller, buyer = agreement.one("ram:SellerTradeParty"), agreement.one("ram:BuyerTradeParty")
    return filled(
        {
            "kind": "credit_memo" if gives_back else "invoice",
            "number": document.text("ram:ID"),
            "date": _day(document.one("ram:IssueDateTime")),
            "intro": "\n\n".join(document.texts("ram:IncludedNote/ram:Content")),
            "contact": _contact(buyer),
            "our_contact": _contact(seller),
            "issuer": _issuer(seller, settlement),
            "party": _party(buyer),
            **_references(agreement, settlement, is_credit=gives_back),
            **_delivered(delivery),
            **_settled(settlement, is_credit=gives_back),
            **_lines(trade, settlement),
        }
    )


def _day(place: Node) -> str:
    """A day in format 102 of UNTDID 2379; others stay as they are, to be complained of."""
    text = place.text(_DAY_PATH)
    found = _DAY.fullmatch(text)
    return "-".join(found.groups()) if found else text


def _references(agreement: Node, settlement: Node, *, is_credit: bool) -> Raw:
    said: Raw = {
        "buyer_reference": agreement.text("ram:BuyerReference"),
        "your_reference": agreement.text("ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID"),
        "order_number": agreement.text("ram:SellerOrderReferencedDocument/ram:IssuerAssignedID"),
    }
    if is_credit:
        credited = "ram:InvoiceReferencedDocument/ram:IssuerAssignedID"
        said["invoice_number"] = settlement.text(credited)
    return said


def _contact(party: Node) -> Raw | None:
    contact = party.one("ram:DefinedTradeContact")
    return person(
        contact.text("ram:PersonName", "ram:DepartmentName"),
        contact.text("ram:EmailURIUniversalCommunication/ram:URIID"),
        contact.text("ram:TelephoneUniversalCommunication/ram:CompleteNumber"),
    )


def _registered(party: Node, scheme: str) -> str:
    return next(
        (
            each.text("ram:ID")
            for each in party.all("ram:SpecifiedTaxRegistration")
            if each.attribute("ram:ID", "schemeID") == scheme
        ),
        "",
    )


def seller_vat_id(root: Element) -> str:
    """The VAT number of who issues the invoice."""
    path = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement/ram:SellerTradeParty"
    return _registered(Node(root, _NAMESPACES).one(path), "VA")


def type_code(root: Element) -> str:
    """What sort of invoice or credit note it says it is (UNTDID 1001)."""
    return Node(root, _NAMESPACES).text("rsm:ExchangedDocument/ram:TypeCode")


def _endpoint(party: Node) -> tuple[str, str]:
    path = "ram:URIUniversalCommunication/ram:URIID"
    return party.attribute(path, "schemeID"), party.text(path)


def _party(party: Node) -> Raw:
    vat_id = _registered(party, "VA")
    scheme, number = _endpoint(party)
    email = party.text("ram:DefinedTradeContact/ram:EmailURIUniversalCommunication/ram:URIID")
    return filled(
        {
            "number": party_number(
                party.text("ram:ID"),
                party.text("ram:GlobalID"),
                vat_id,
                number,
                party.text("ram:SpecifiedLegalOrganization/ram:ID"),
            ),
            "name": party.text("ram:Name"),
            "address": _address(party),
            "vat_id": vat_id,
            "endpoint": endpoint(scheme, number),
            "emails": filled({"main": email_of(email, scheme, number)}),
        }
    )


def _issuer(party: Node, settlement: Node) -> Raw:
    contact = party.one("ram:DefinedTradeContact")
    scheme, number = _endpoint(party)
    means = settlement.one("ram:SpecifiedTradeSettlementPaymentMeans")
    account = means.one("ram:PayeePartyCreditorFinancialAccount")
    own_iban = iban(account.text("ram:IBANID"))
    bank = {
        "iban": own_iban,
        "holder": account.text("ram:AccountName"),
        "bic": means.text("ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID"),
    }
    return filled(
        {
            "name": party.text("ram:Name"),
            "address": _address(party),
            "email": contact.text("ram:EmailURIUniversalCommunication/ram:URIID"),
            "phone": contact.text("ram:TelephoneUniversalCommunication/ram:CompleteNumber"),
            "vat_id": _registered(party, "VA"),
            "tax_number": _registered(party, "FC"),
            "registration": party.text("ram:SpecifiedLegalOrganization/ram:ID"),
            "endpoint": endpoint(scheme, number),
            "bank": filled(bank) if own_iban else {},
        }
    )


def _address(party: Node) -> Raw:
    address = party.one("ram:PostalTradeAddress")
    return filled(
        {
            "street": address.text("ram:LineOne"),
            "extra": address.text("ram:LineTwo"),
            "postcode": address.text("ram:PostcodeCode"),
            "city": address.text("ram:CityName"),
            "region": address.text("ram:CountrySubDivisionName"),
            "country": address.text("ram:CountryID"),
        }
    )


def _delivered(delivery: Node) -> Raw:
    place = delivery.one("ram:ShipToTradeParty")
    event = "ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime"
    return {
        "delivery_date": _day(delivery.one(event)),
        "ship_to": filled({"name": place.text("ram:Name"), "address": _address(place)}),
    }


def _settled(settlement: Node, *, is_credit: bool) -> Raw:
    means = settlement.one("ram:SpecifiedTradeSettlementPaymentMeans")
    terms = settlement.one("ram:SpecifiedTradePaymentTerms")
    payment = {
        "code": means.text("ram:TypeCode"),
        "mandate": terms.text("ram:DirectDebitMandateID"),
        "creditor_id": settlement.text("ram:CreditorReferenceID"),
        "debited_iban": iban(means.text("ram:PayerPartyDebtorFinancialAccount/ram:IBANID")),
    }
    said: Raw = {
        "currency": settlement.text("ram:InvoiceCurrencyCode"),
        "payment_means": filled(payment),
        "terms": filled({"payment": terms.text("ram:Description")}),
        "totals": _totals(settlement),
    }
    return said if is_credit else {**said, "due_date": _day(terms.one("ram:DueDateDateTime"))}


def _totals(settlement: Node) -> Raw:
    sums = settlement.one("ram:SpecifiedTradeSettlementHeaderMonetarySummation")
    return totals_of(
        {
            "net": sums.text("ram:TaxBasisTotalAmount"),
            "tax": sums.text("ram:TaxTotalAmount") or "0",
            "gross": sums.text("ram:GrandTotalAmount"),
            "paid": sums.text("ram:TotalPrepaidAmount"),
            "due": sums.text("ram:DuePayableAmount"),
        }
    )


def _lines(trade: Node, settlement: Node) -> Raw:
    currency = settlement.text("ram:InvoiceCurrencyCode")
    lines = [_line(each) for each in trade.all("ram:IncludedSupplyChainTradeLineItem")]
    extra = [allowance_line(each) for each in _allowances(settlement)]
    return {
        "lines": [*lines_of(lines, currency), *extra],
        "taxes": taxes_of(_tax(each) for each in settlement.all("ram:ApplicableTradeTax")),
    }


def _line(line: Node) -> Line:
    product = line.one("ram:SpecifiedTradeProduct")
    price = line.one("ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice")
    settled = line.one("ram:SpecifiedLineTradeSettlement")
    quantity = "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity"
    note = "ram:AssociatedDocumentLineDocument/ram:IncludedNote/ram:Content"
    details = [*product.texts("ram:Description"), *line.texts(note)]
    return Line(
        position=line.text("ram:AssociatedDocumentLineDocument/ram:LineID"),
        item=product.text("ram:SellerAssignedID", "ram:GlobalID"),
        description=product.text("ram:Name") or (details.pop(0) if details else ""),
        details="\n".join(details),
        quantity=line.text(quantity),
        unit_code=line.attribute(quantity, "unitCode"),
        price=price.text("ram:ChargeAmount"),
        base=price.text("ram:BasisQuantity"),
        tax_rate=settled.text("ram:ApplicableTradeTax/ram:RateApplicablePercent"),
        category=settled.text("ram:ApplicableTradeTax/ram:CategoryCode"),
        total=settled.text("ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"),
        allowances=_allowances(settled),
    )


def _allowances(node: Node) -> list[Allowance]:
    return [
        Allowance(
            is_charge=each.text("ram:ChargeIndicator/udt:Indicator").lower() == "true",
            amount=each.text("ram:ActualAmount"),
            percent=each.text("ram:CalculationPercent"),
            reason=each.text("ram:Reason"),
            tax_rate=each.text("ram:CategoryTradeTax/ram:RateApplicablePercent"),
            category=each.text("ram:CategoryTradeTax/ram:CategoryCode"),
        )
        for each in node.all("ram:SpecifiedTradeAllowanceCharge")
        if decimal(each.text("ram:ActualAmount")) != 0
    ]


def _tax(part: Node) -> TaxTold:
    return TaxTold(
        rate=part.text("ram:RateApplicablePercent"),
        category=part.text("ram:CategoryCode"),
        net=part.text("ram:BasisAmount"),
        tax=part.text("ram:CalculatedAmount"),
        reason=part.text("ram:ExemptionReason"),
        reason_code=part.text("ram:ExemptionReasonCode"),
    )
