"""What documents of UBL with prices say: lines, allowances, taxes, sums, delivery."""

from __future__ import annotations

from outtray.documents.imports.xml.parsing import Node, filled
from outtray.documents.imports.xml.trade import (
    Allowance,
    Line,
    Raw,
    TaxTold,
    allowance_line,
    decimal,
    iban,
    lines_of,
    taxes_of,
    totals_of,
)
from outtray.documents.imports.xml.ubl_parties import address, day
from outtray.documents.imports.xml.ubl_shapes import ORDER_LINE, Shape


def priced(node: Node, shape: Shape) -> Raw:
    """What any document with prices says beyond its head."""
    currency = node.text("cbc:DocumentCurrencyCode")
    taxes = node.all("cac:TaxTotal/cac:TaxSubtotal")
    lines = [_line(line, shape, is_taxed=bool(taxes)) for line in node.all(shape.line)]
    extra = [allowance_line(each) for each in _allowances(node)]
    return {
        "lines": [*lines_of(lines, currency), *extra],
        "taxes": taxes_of(_tax(each) for each in taxes),
        "totals": _totals(node),
        "delivery_date": day(
            node.text(
                "cac:Delivery/cbc:ActualDeliveryDate",
                "cac:Delivery/cac:PromisedDeliveryPeriod/cbc:EndDate",
                "cac:Delivery/cac:PromisedDeliveryPeriod/cbc:StartDate",
                "cac:Delivery/cac:RequestedDeliveryPeriod/cbc:EndDate",
                "cac:Delivery/cac:RequestedDeliveryPeriod/cbc:StartDate",
                "cac:Delivery/cbc:LatestDeliveryDate",
            )
        ),
        "ship_to": _ship_to(node),
        "buyer_reference": node.text("cbc:BuyerReference"),
    }


def _ship_to(node: Node) -> Raw:
    delivery = node.one("cac:Delivery")
    return filled(
        {
            "name": delivery.text(
                "cac:DeliveryParty/cac:PartyName/cbc:Name", "cac:DeliveryLocation/cbc:Name"
            ),
            "address": address(
                delivery.one("cac:DeliveryLocation/cac:Address", "cac:DeliveryAddress")
            ),
        }
    )


def invoice(node: Node, shape: Shape) -> Raw:
    """What an Invoice or a CreditNote says beyond its head."""
    means = node.one("cac:PaymentMeans")
    debited = iban(means.text("cac:PaymentMandate/cac:PayerFinancialAccount/cbc:ID"))
    payment = {
        "code": means.text("cbc:PaymentMeansCode"),
        "mandate": means.text("cac:PaymentMandate/cbc:ID"),
        "debited_iban": debited,
    }
    said = {**priced(node, shape), "payment_means": filled(payment)}
    if shape.kind == "credit_memo":
        credited = "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"
        return {**said, "invoice_number": node.text(credited)}
    return {**said, "due_date": due(node)}


def due(node: Node) -> str:
    """The day by which money is expected."""
    return day(
        node.text(
            "cbc:DueDate",
            "cac:PaymentMeans/cbc:PaymentDueDate",
            "cac:PaymentTerms/cbc:PaymentDueDate",
        )
    )


def _line(line: Node, shape: Shape, *, is_taxed: bool) -> Line:
    item = line.one("cac:Item")
    category = item.one("cac:ClassifiedTaxCategory")
    rate = category.text("cbc:Percent")
    details = [*item.texts("cbc:Description"), *line.texts("cbc:Note")]
    name = item.text("cbc:Name") or (details.pop(0) if details else "")
    # An order need not speak of taxes; then it has none.
    if shape.line == ORDER_LINE and not is_taxed:
        rate = rate or "0"
    return Line(
        position=line.text("cbc:ID"),
        item=item.text(
            "cac:SellersItemIdentification/cbc:ID", "cac:StandardItemIdentification/cbc:ID"
        ),
        description=name,
        details="\n".join(details),
        quantity=line.text(shape.quantity) or "1",
        unit_code=line.attribute(shape.quantity, "unitCode"),
        price=line.text("cac:Price/cbc:PriceAmount"),
        base=line.text("cac:Price/cbc:BaseQuantity"),
        tax_rate=rate,
        category=category.text("cbc:ID"),
        total=line.text("cbc:LineExtensionAmount"),
        allowances=_allowances(line),
    )


def _allowances(node: Node) -> list[Allowance]:
    return [
        Allowance(
            is_charge=each.text("cbc:ChargeIndicator").lower() == "true",
            amount=each.text("cbc:Amount"),
            percent=each.text("cbc:MultiplierFactorNumeric"),
            reason=each.text("cbc:AllowanceChargeReason"),
            tax_rate=each.text("cac:TaxCategory/cbc:Percent"),
            category=each.text("cac:TaxCategory/cbc:ID"),
        )
        for each in node.all("cac:AllowanceCharge")
        if decimal(each.text("cbc:Amount")) != 0
    ]


def _tax(part: Node) -> TaxTold:
    category = part.one("cac:TaxCategory")
    return TaxTold(
        rate=category.text("cbc:Percent") or part.text("cbc:Percent"),
        category=category.text("cbc:ID"),
        net=part.text("cbc:TaxableAmount"),
        tax=part.text("cbc:TaxAmount"),
        reason=category.text("cbc:TaxExemptionReason"),
        reason_code=category.text("cbc:TaxExemptionReasonCode"),
    )


def _totals(node: Node) -> Raw:
    sums = node.one("cac:LegalMonetaryTotal", "cac:AnticipatedMonetaryTotal")
    return totals_of(
        {
            "net": sums.text("cbc:TaxExclusiveAmount"),
            "tax": node.text("cac:TaxTotal/cbc:TaxAmount"),
            "gross": sums.text("cbc:TaxInclusiveAmount"),
            "paid": sums.text("cbc:PrepaidAmount"),
            "due": sums.text("cbc:PayableAmount"),
        }
    )
