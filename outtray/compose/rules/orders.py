"""In which order the address slots of a document are tried, unless the company says otherwise."""

from __future__ import annotations

from collections.abc import Mapping

ORDERS: Mapping[str, tuple[str, ...]] = {
    "order": ("contact", "bill_to", "main"),
    "estimate": ("contact", "main"),
    "invoice": ("contact", "billing", "bill_to", "main"),
    "overdue": ("billing", "main"),
    "shipment": ("contact", "shipment_update", "ship_to", "main"),
    "vendor": ("main",),
}
SLOT_NAMES: Mapping[str, str] = {
    "contact": "Contact Email",
    "billing": "Billing Email",
    "bill_to": "Bill To Address Email",
    "shipment_update": "Shipment Update Email",
    "ship_to": "Ship To Address Email",
    "main": "Main Email",
}
# What stands in no order: these get a mail beside whoever gets it by the order.
BESIDE_NAMES: Mapping[str, str] = {
    "shipment_notification": "Shipment Notification Email",
    "cc": "CC Email",
}
