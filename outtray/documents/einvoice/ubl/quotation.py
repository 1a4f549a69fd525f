"""Quotation: what we would deliver, at what price, and until when that holds."""

from __future__ import annotations

from outtray.documents.einvoice.facts import CompanyFacts
from outtray.documents.einvoice.trade import delivery_of
from outtray.documents.einvoice.ubl.order import wanted_day
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
from outtray.documents.kinds.estimate.kind import Estimate
from outtray.documents.schema.paper import Paper


def write_quotation(kind: Kind, paper: Paper, facts: CompanyFacts) -> bytes:
    assert isinstance(paper, Estimate), "only an estimate says until when it holds"
    buyer, seller = buyer_and_seller(kind, paper, facts)
    return ubl(
        "Quotation",
        head(paper),
        tag("cbc:PricingCurrencyCode", paper.currency),
        _validity(paper),
        role("SellerSupplierParty", seller),
        role("BuyerCustomerParty", buyer),
        delivery(delivery_of(paper), period=wanted_day(paper)),
        tag("cac:DeliveryTerms", tag("cbc:SpecialTerms", paper.terms.delivery)),
        tax_total(paper),
        monetary_total("QuotedMonetaryTotal", paper),
        *(
            tag(
                "cac:QuotationLine",
                tag("cbc:ID", str(index)),
                priced_line_item(line, paper, facts, str(index)),
            )
            for index, line in enumerate(paper.lines, start=1)
        ),
    )


def _validity(paper: Estimate) -> Xml:
    until = paper.valid_until
    return tag("cac:ValidityPeriod", tag("cbc:EndDate", until.isoformat() if until else ""))
