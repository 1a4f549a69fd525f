"""All kinds of document, in the order of the business. A new one is its folder and one line."""

from __future__ import annotations

from collections.abc import Mapping

from outtray.documents.kinds.base import Kind
from outtray.documents.kinds.bill_payment.kind import BILL_PAYMENT
from outtray.documents.kinds.credit_memo.kind import CREDIT_MEMO
from outtray.documents.kinds.estimate.kind import ESTIMATE
from outtray.documents.kinds.invoice.kind import INVOICE
from outtray.documents.kinds.item_receipt.kind import ITEM_RECEIPT
from outtray.documents.kinds.order_confirmation.kind import ORDER_CONFIRMATION
from outtray.documents.kinds.packing_slip.kind import PACKING_SLIP
from outtray.documents.kinds.payment_reminder.kind import PAYMENT_REMINDER
from outtray.documents.kinds.purchase_order.kind import PURCHASE_ORDER
from outtray.documents.kinds.sales_order.kind import SALES_ORDER
from outtray.documents.kinds.statement.kind import STATEMENT

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        SALES_ORDER,
        ORDER_CONFIRMATION,
        PURCHASE_ORDER,
        INVOICE,
        ITEM_RECEIPT,
        PAYMENT_REMINDER,
        ESTIMATE,
        PACKING_SLIP,
        CREDIT_MEMO,
        STATEMENT,
        BILL_PAYMENT,
    )
}
