"""What can happen to a party: its history, one line after the other, each with its sentence.

Whoever changes a party writes the line in the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from outtray.documents.models import Party, PartyEvent
from outtray.people.models import Person


class Code(StrEnum):
    """The code of a line."""

    CREATED = "created"
    ENTERED = "entered"
    CHANGED = "changed"
    IMPORTED = "imported"
    TOLD = "told"
    SETTLED = "settled"


SENTENCES: Mapping[Code, str] = {
    Code.CREATED: "Came in",
    Code.ENTERED: "Entered by hand",
    Code.CHANGED: "Changed by hand",
    Code.IMPORTED: "Changed by an import of parties",
    Code.TOLD: "Changed by a document",
    Code.SETTLED: "Given a rule of its own",
}

LABELS: Mapping[str, str] = {
    "name": "Name",
    "language": "Language",
    "main_email": "Main Email",
    "cc_email": "CC Email",
    "billing_email": "Billing Email",
    "shipment_email": "Shipment Update Email",
    "bill_to_email": "Bill To Address Email",
    "ship_to_email": "Ship To Address Email",
    "address": "Address",
    "bill_to_address": "Bill To Address",
    "ship_to_address": "Ship To Address",
    "vat_id": "VAT ID",
    "excluded": "Not wanted by email",
    "contacts": "Contacts",
}

# Field to what stood there before, and what stands there now.
Changes = Mapping[str, tuple[object, object]]


def event_of(
    party: Party,
    code: Code,
    changes: Changes,
    *,
    by: Person | None,
    at: datetime,
    document: str = "",
) -> PartyEvent:
    """The line, not yet written. `document` names the one that told it."""
    detail: dict[str, object] = {"changes": {name: list(pair) for name, pair in changes.items()}}
    if document:
        detail["document"] = document
    return PartyEvent(party=party, at=at, code=code, by=by, detail=detail)
