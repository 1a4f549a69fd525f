"""The addresses that a document offers, by slot; its own copies win over the party's."""

from __future__ import annotations

from collections.abc import Mapping

from outtray.documents.models import Document


def slots(document: Document) -> Mapping[str, str]:
    """Slot to address, filled slots only.

    `contact` is there only if the document wants its contact to be written to. The others:
    bill_to, ship_to, billing, shipment_update, main, cc.
    """
    data, party = document.data, document.party
    emails = data["party"]["emails"]
    contact = data["contact"] if data["use_contact_email"] else None
    found = {
        "contact": contact["email"] if contact else "",
        "bill_to": data["bill_to"]["email"] or emails["bill_to"] or party.bill_to_email,
        "ship_to": data["ship_to"]["email"] or emails["ship_to"] or party.ship_to_email,
        "billing": emails["billing"] or party.billing_email,
        "shipment_update": emails["shipment_update"] or party.shipment_email,
        "main": emails["main"] or party.main_email,
        "cc": data["cc_email"] or emails["cc"] or party.cc_email,
    }
    return {slot: address for slot, address in found.items() if address}
