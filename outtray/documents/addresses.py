"""The addresses that a document offers, by slot.

Bill To and Ship To are the document's own copies, taken from the party when it came in; so
is its contact. All others are the party's as they are now, so that an address put right at
the party serves what was imported before.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from outtray.documents.models import Document, Party, PartyRole


def slots(document: Document) -> Mapping[str, str]:
    """Slot to address, filled slots only.

    `contact` is there only if the document wants its contact to be written to, and
    `shipment_notification` only beside it. The others: bill_to, ship_to, billing,
    shipment_update, main, cc.
    """
    data, party = document.data, document.party
    contact = data["contact"] if data["use_contact_email"] else None
    found = {
        "contact": contact["email"] if contact else "",
        "shipment_notification": data.get("shipment_notification_email", "") if contact else "",
        "bill_to": data["bill_to"]["email"],
        "ship_to": data["ship_to"]["email"],
        "billing": party.billing_email,
        "shipment_update": party.shipment_email,
        "main": party.main_email,
        "cc": data["cc_email"] or party.cc_email,
    }
    return {slot: address for slot, address in found.items() if address}


def with_own_copies(data: Mapping[str, Any], party: Party) -> dict[str, Any]:
    """A paper's data with what it leaves empty of Bill To and Ship To, as the party has it now.

    An address is taken as a whole or not at all, its email apart. Vendors are written to at
    their own place, so of them only the emails are taken.
    """
    copied = dict(data)
    for place, email, address in (
        ("bill_to", party.bill_to_email, party.bill_to_address),
        ("ship_to", party.ship_to_email, party.ship_to_address),
    ):
        own = dict(data[place])
        own["email"] = own["email"] or email
        is_bare = not own["name"] and not any(own["address"].values())
        if is_bare and address and party.role == PartyRole.CUSTOMER:
            own["address"] = {**own["address"], **address}
        copied[place] = own
    return copied
