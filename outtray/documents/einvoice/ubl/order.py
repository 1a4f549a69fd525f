"""Order: what a customer ordered from us, or we from a vendor."""

from __future__ import annotations

from outtray.documents.einvoice.facts import CompanyFacts
from outtray.documents.einvoice.trade import delivery_of
from outtray.documents.einvoice.ubl.parts import (
    buyer_and_seller,
    delivery,
    head,
    monetary_total,
    priced_line_item,
    role,
    tax_total,
    ubl,
)
from outtray.documents.einvoice.xml import Xml, many, tag
from outtray.documents.kinds.base import Kind
from outtray.documents.schema.paper import Paper
from outtray.documents.schema.priced import PricedPaper


def write_order(kind: Kind, paper: Paper, facts: CompanyFacts) -> bytes:
    assert isinstance(paper, PricedPaper), "an order has prices"
    buyer, seller = buyer_and_seller(kind, paper, facts)
    return ubl(
        "Order",
        head(paper),
        tag("cbc:DocumentCurrencyCode", paper.currency),
        tag("cbc:CustomerReference", paper.your_reference),
        role("BuyerCustomerParty", buyer),
        role("SellerSupplierParty", seller),
        delivery(delivery_of(paper), period=wanted_day(paper)),
        terms(paper),
        tax_total(paper),
        monetary_total("AnticipatedMonetaryTotal", paper),
        *(
            tag("cac:OrderLine", priced_line_item(line, paper, facts, str(index)))
            for index, line in enumerate(paper.lines, start=1)
        ),
    )


def wanted_day(paper: PricedPaper) -> Xml:
    """The day on which the goods are to arrive."""
    day = paper.delivery_date
    return tag("cac:RequestedDeliveryPeriod", tag("cbc:StartDate", day.isoformat() if day else ""))


def terms(paper: PricedPaper) -> Xml:
    """What was agreed of delivery and payment."""
    return many(
        tag("cac:DeliveryTerms", tag("cbc:SpecialTerms", paper.terms.delivery)),
        tag("cac:PaymentTerms", tag("cbc:Note", paper.terms.payment)),
    )
