"""A customer, and documents for it with just the addresses that a test gives."""

from __future__ import annotations

from outtray.documents.models import Document
from tests.compose.conftest import Import

CUSTOMER = {"number": "10099", "name": "Blue Lagoon Ltd"}
ALL = {
    "main": "main@k.example",
    "billing": "billing@k.example",
    "bill_to": "billto@k.example",
    "shipment_update": "ship@k.example",
    "ship_to": "shipto@k.example",
}


def of(imported: Import, kind: str, emails: dict[str, str], **more: object) -> Document:
    """A document for the customer, who has these addresses and no others."""
    changes = {
        "number": "N-1",
        "contact": None,
        "use_contact_email": None,
        "bill_to": None,
        "ship_to": None,
        "cc_email": None,
        **more,
    }
    return imported(kind, party={**CUSTOMER, "emails": emails}, **changes)
