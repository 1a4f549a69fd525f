"""ReceiptAdvice: what arrived of an order, and what did not."""

from __future__ import annotations

from decimal import Decimal

from outtray.documents.einvoice.facts import CompanyFacts
from outtray.documents.einvoice.ubl.parts import buyer_and_seller, head, item, quantity, role, ubl
from outtray.documents.einvoice.units import unit_code
from outtray.documents.einvoice.xml import NOTHING, Xml, tag
from outtray.documents.kinds.base import Kind
from outtray.documents.kinds.item_receipt.kind import ItemReceipt, ReceivedLine
from outtray.documents.schema.paper import Paper


def write_receipt_advice(kind: Kind, paper: Paper, facts: CompanyFacts) -> bytes:
    assert isinstance(paper, ItemReceipt), "only a receipt says what was received"
    buyer, seller = buyer_and_seller(kind, paper, facts)
    return ubl(
        "ReceiptAdvice",
        head(paper),
        _order(paper),
        tag("cac:DespatchDocumentReference", tag("cbc:ID", paper.delivery_note)),
        role("DeliveryCustomerParty", buyer),
        role("DespatchSupplierParty", seller),
        *(_line(line, facts, str(index)) for index, line in enumerate(paper.lines, start=1)),
    )


def _order(paper: ItemReceipt) -> Xml:
    if not paper.order_number:
        return NOTHING
    day = paper.order_date
    return tag(
        "cac:OrderReference",
        tag("cbc:ID", paper.order_number),
        tag("cbc:IssueDate", day.isoformat() if day else ""),
    )


def _line(line: ReceivedLine, facts: CompanyFacts, name: str) -> Xml:
    code = unit_code(line.unit, facts.units)
    missing = (line.ordered or Decimal(0)) - line.received
    return tag(
        "cac:ReceiptLine",
        tag("cbc:ID", name),
        quantity("ReceivedQuantity", line.received, code),
        quantity("ShortQuantity", missing, code) if missing > 0 else NOTHING,
        quantity("OversupplyQuantity", -missing, code) if _is_too_much(line) else NOTHING,
        item(line.description, line.details, line.item),
    )


def _is_too_much(line: ReceivedLine) -> bool:
    return line.ordered is not None and line.received > line.ordered
