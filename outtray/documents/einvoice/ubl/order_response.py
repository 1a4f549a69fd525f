"""OrderResponse: that we take an order, and what we will deliver."""

from __future__ import annotations

from outtray.documents.einvoice.facts import CompanyFacts
from outtray.documents.einvoice.trade import delivery_of
from outtray.documents.einvoice.ubl.order import terms
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
from outtray.documents.einvoice.xml import Xml, tag
from outtray.documents.kinds.base import Kind
from outtray.documents.schema.paper import Paper
from outtray.documents.schema.priced import PricedPaper

_TAKEN = "AP"  # UNTDID 4343: accepted


def write_order_response(kind: Kind, paper: Paper, facts: CompanyFacts) -> bytes:
    assert isinstance(paper, PricedPaper), "a confirmation has prices"
    buyer, seller = buyer_and_seller(kind, paper, facts)
    return ubl(
        "OrderResponse",
        _head(paper),
        tag("cbc:DocumentCurrencyCode", paper.currency),
        tag("cbc:CustomerReference", paper.your_reference),
        _order(paper),
        role("SellerSupplierParty", seller),
        role("BuyerCustomerParty", buyer),
        delivery(delivery_of(paper), period=_promised_day(paper)),
        terms(paper),
        tax_total(paper),
        monetary_total("LegalMonetaryTotal", paper),
        *(
            tag("cac:OrderLine", priced_line_item(line, paper, facts, str(index)))
            for index, line in enumerate(paper.lines, start=1)
        ),
    )


def _head(paper: PricedPaper) -> Xml:
    return head(paper, tag("cbc:OrderResponseCode", _TAKEN))


def _order(paper: PricedPaper) -> Xml:
    """The order that is confirmed: by the buyer's number, else by ours."""
    return tag(
        "cac:OrderReference",
        tag("cbc:ID", paper.your_reference or paper.order_number),
        tag("cbc:SalesOrderID", paper.order_number),
    )


def _promised_day(paper: PricedPaper) -> Xml:
    day = paper.delivery_date
    return tag("cac:PromisedDeliveryPeriod", tag("cbc:StartDate", day.isoformat() if day else ""))
