"""Which documents of UBL are read, as which kind of ours, and where each says what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """Where a document of UBL says what: its sides, its lines, and how much of each."""

    kind: str
    issuer: str
    party: str
    line: str
    quantity: str = ""


_CUSTOMER, _SUPPLIER = "cac:AccountingCustomerParty", "cac:AccountingSupplierParty"
_BUYER, _SELLER = "cac:BuyerCustomerParty", "cac:SellerSupplierParty"
ORDER_LINE = "cac:OrderLine/cac:LineItem"
SHAPES: Mapping[str, Shape] = {
    "Invoice": Shape("invoice", _SUPPLIER, _CUSTOMER, "cac:InvoiceLine", "cbc:InvoicedQuantity"),
    "CreditNote": Shape(
        "credit_memo", _SUPPLIER, _CUSTOMER, "cac:CreditNoteLine", "cbc:CreditedQuantity"
    ),
    "Order": Shape("purchase_order", _BUYER, _SELLER, ORDER_LINE, "cbc:Quantity"),
    "OrderResponse": Shape("order_confirmation", _SELLER, _BUYER, ORDER_LINE, "cbc:Quantity"),
    "ReceiptAdvice": Shape(
        "item_receipt",
        "cac:DeliveryCustomerParty",
        "cac:DespatchSupplierParty",
        "cac:ReceiptLine",
        "cbc:ReceivedQuantity",
    ),
    "Reminder": Shape("payment_reminder", _SUPPLIER, _CUSTOMER, "cac:ReminderLine"),
}
INCOMING_ORDER = Shape("sales_order", _SELLER, _BUYER, ORDER_LINE, "cbc:Quantity")
