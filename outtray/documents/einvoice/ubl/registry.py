"""All documents of UBL that we write. A new one is its module and one line."""

from __future__ import annotations

from collections.abc import Mapping

from outtray.documents.einvoice.ubl.invoice import write_credit_note, write_invoice
from outtray.documents.einvoice.ubl.order import write_order
from outtray.documents.einvoice.ubl.order_response import write_order_response
from outtray.documents.einvoice.ubl.parts import Writer
from outtray.documents.einvoice.ubl.receipt_advice import write_receipt_advice
from outtray.documents.einvoice.ubl.reminder import write_reminder

WRITERS: Mapping[str, Writer] = {
    "CreditNote": write_credit_note,
    "Invoice": write_invoice,
    "Order": write_order,
    "OrderResponse": write_order_response,
    "ReceiptAdvice": write_receipt_advice,
    "Reminder": write_reminder,
}
