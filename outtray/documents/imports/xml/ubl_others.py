"""The documents of UBL without prices: what arrived, and what is overdue."""

from __future__ import annotations

import re

from outtray.documents.imports.xml.parsing import Node, filled
from outtray.documents.imports.xml.trade import Raw, decimal
from outtray.documents.imports.xml.ubl_parties import day
from outtray.documents.imports.xml.ubl_priced import due
from outtray.documents.imports.xml.ubl_shapes import Shape

_LEVEL = re.compile(r"\d{1,2}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def receipt(node: Node, shape: Shape) -> Raw:
    """What a ReceiptAdvice says beyond its head."""
    order = node.text("cac:OrderReference/cbc:ID")
    return {
        # A receipt has no prices, and it refers to an order of our own.
        "currency": "",
        "your_reference": "",
        "order_number": order,
        "delivery_note": node.text("cac:DespatchDocumentReference/cbc:ID"),
        "order_date": day(node.text("cac:OrderReference/cbc:IssueDate")),
        "lines": [_received(line, shape, is_of_order=bool(order)) for line in node.all(shape.line)],
    }


def _received(line: Node, shape: Shape, *, is_of_order: bool) -> Raw:
    item = line.one("cac:Item")
    details = item.texts("cbc:Description")
    name = item.text("cbc:Name") or (details.pop(0) if details else "")
    received = line.text(shape.quantity) or "0"
    return filled(
        {
            "position": line.text("cbc:ID"),
            "item": item.text(
                "cac:SellersItemIdentification/cbc:ID", "cac:StandardItemIdentification/cbc:ID"
            ),
            "description": name,
            "details": "\n".join(details),
            "received": received,
            "ordered": _ordered(line, received) if is_of_order else "",
        }
    )


def _ordered(line: Node, received: str) -> str:
    """What came and what was missing, less what was too much; all that came, if none was."""
    short, over = line.text("cbc:ShortQuantity"), line.text("cbc:OversupplyQuantity")
    parts = [decimal(each) for each in (received, short or "0", over or "0")]
    if None in parts:
        return ""
    came, missing, extra = (part for part in parts if part is not None)
    return format(came + missing - extra, "f")


def reminder(node: Node, shape: Shape) -> Raw:
    """What a Reminder says beyond its head."""
    level = node.text("cbc:ReminderSequenceNumeric")
    return {
        "level": int(level) if _LEVEL.fullmatch(level) else 1,
        "fee": node.text("cac:LegalMonetaryTotal/cbc:ChargeTotalAmount"),
        "total_due": node.text("cac:LegalMonetaryTotal/cbc:PayableAmount"),
        "due_date": due(node),
        "invoices": [_overdue(line) for line in node.all(shape.line)],
    }


def _overdue(line: Node) -> Raw:
    """An invoice. UBL says what is open of it; its whole amount only where it is referred to."""
    document = line.one("cac:BillingReference/cac:InvoiceDocumentReference")
    open_amount = line.text("cbc:DebitLineAmount", "cbc:Amount")
    total = line.text("cac:BillingReference/cac:BillingReferenceLine/cbc:Amount")
    return filled(
        {
            "number": document.text("cbc:ID"),
            "date": day(document.text("cbc:IssueDate")),
            "due_date": _due_of(line),
            "total": total or open_amount,
            "open": open_amount,
        }
    )


def _due_of(line: Node) -> str:
    """A reminder of UBL has no field for the day an invoice was due: its period, or its note."""
    period = line.text("cac:ReminderPeriod/cbc:StartDate", "cac:ReminderPeriod/cbc:EndDate")
    noted = _DAY.search(line.text("cbc:Note"))
    return day(period) or (noted[0] if noted else "")
