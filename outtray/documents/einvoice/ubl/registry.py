"""All documents of UBL that we write. A new one is its module and one line."""

from __future__ import annotations

from collections.abc import Mapping

from outtray.documents.einvoice.ubl.despatch_advice import write_despatch_advice
from outtray.documents.einvoice.ubl.invoice import write_credit_note, write_invoice
from outtray.documents.einvoice.ubl.order import write_order
from outtray.documents.einvoice.ubl.order_response import write_order_response
from outtray.documents.einvoice.ubl.parts import Writer
from outtray.documents.einvoice.ubl.quotation import write_quotation
from outtray.documents.einvoice.ubl.receipt_advice import write_receipt_advice
from outtray.documents.einvoice.ubl.reminder import write_reminder
from outtray.documents.einvoice.ubl.remittance_advice import write_remittance_advice
from outtray.documents.einvoice.ubl.statement import write_statement

WRITERS: Mapping[str, Writer] = {
    "CreditNote": write_credit_note,
    "DespatchAdvice": write_despatch_advice,
    "Invoice": write_invoice,
    "Order": write_order,
    "OrderResponse": write_order_response,
    "Quotation": write_quotation,
    "ReceiptAdvice": write_receipt_advice,
    "Reminder": write_reminder,
    "RemittanceAdvice": write_remittance_advice,
    "Statement": write_statement,
}
