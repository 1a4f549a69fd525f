"""DespatchAdvice: what is on its way, with whom, and what follows later."""

from __future__ import annotations

from outtray.documents.einvoice.facts import CompanyFacts
from outtray.documents.einvoice.trade import delivery_of
from outtray.documents.einvoice.ubl.parts import (
    address,
    buyer_and_seller,
    head,
    item,
    quantity,
    role,
    ubl,
)
from outtray.documents.einvoice.units import unit_code
from outtray.documents.einvoice.xml import NOTHING, Xml, tag
from outtray.documents.kinds.base import Kind
from outtray.documents.kinds.packing_slip.kind import PackingSlip, ShippedLine
from outtray.documents.schema.paper import Paper


def write_despatch_advice(kind: Kind, paper: Paper, facts: CompanyFacts) -> bytes:
    assert isinstance(paper, PackingSlip), "only a packing slip says what was sent"
    buyer, seller = buyer_and_seller(kind, paper, facts)
    return ubl(
        "DespatchAdvice",
        head(paper),
        _order(paper),
        role("DespatchSupplierParty", seller),
        role("DeliveryCustomerParty", buyer),
        _shipment(paper),
        *(_line(line, facts, str(index)) for index, line in enumerate(paper.lines, start=1)),
    )


def _order(paper: PackingSlip) -> Xml:
    """By the buyer's number, else by ours."""
    number = paper.your_reference or paper.order_number
    if not number:
        return NOTHING
    day = paper.order_date
    return tag(
        "cac:OrderReference",
        tag("cbc:ID", number),
        tag("cbc:SalesOrderID", paper.order_number),
        tag("cbc:IssueDate", day.isoformat() if day else ""),
    )


def _shipment(paper: PackingSlip) -> Xml:
    """The schema wants a number for it; without that of the carrier, it is the slip's own."""
    place, day = delivery_of(paper), paper.delivery_date
    carrier = tag("cac:PartyName", tag("cbc:Name", paper.carrier))
    return tag(
        "cac:Shipment",
        tag("cbc:ID", paper.tracking_number or paper.number),
        tag("cbc:TotalTransportHandlingUnitQuantity", str(paper.packages or "")),
        tag(
            "cac:Delivery",
            tag("cbc:LatestDeliveryDate", day.isoformat() if day else ""),
            tag("cbc:TrackingID", paper.tracking_number),
            tag("cac:DeliveryAddress", address(place.address)) if place else NOTHING,
            tag("cac:CarrierParty", carrier),
        ),
    )


def _line(line: ShippedLine, facts: CompanyFacts, name: str) -> Xml:
    code = unit_code(line.unit, facts.units)
    return tag(
        "cac:DespatchLine",
        tag("cbc:ID", name),
        quantity("DeliveredQuantity", line.shipped, code),
        quantity("OutstandingQuantity", line.to_follow, code) if line.to_follow else NOTHING,
        tag("cac:OrderLineReference", tag("cbc:LineID", line.position or name)),
        item(line.description, line.details, line.item),
    )
