"""The addresses that a document offers, by slot.

Contact, bill-to and ship-to may be the document's own. All others are the party's as they
are now, so that an address put right at the party serves what was imported before.
"""

from __future__ import annotations

from collections.abc import Mapping

from outtray.documents.models import Document


def slots(document: Document) -> Mapping[str, str]:
    """Slot to address, filled slots only.

    `contact` is there only if the document wants its contact to be written to. The others:
    bill_to, ship_to, billing, shipment_update, main, cc.
    """
    data, party = document.data, document.party
    contact = data["contact"] if data["use_contact_email"] else None
    found = {
        "contact": contact["email"] if contact else "",
        "bill_to": data["bill_to"]["email"] or party.bill_to_email,
        "ship_to": data["ship_to"]["email"] or party.ship_to_email,
        "billing": party.billing_email,
        "shipment_update": party.shipment_email,
        "main": party.main_email,
        "cc": data["cc_email"] or party.cc_email,
    }
    return {slot: address for slot, address in found.items() if address}
