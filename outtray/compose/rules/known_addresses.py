"""The addresses that are known of a party, each with where it stands: to choose from, and to
say of a typed address whose it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from outtray.compose.rules.names import short
from outtray.compose.rules.orders import BESIDE_NAMES, SLOT_NAMES
from outtray.compose.rules.recipients import Addressee
from outtray.documents.addresses import slots
from outtray.documents.models import Contact, Document, Party
from outtray.mail.address import Address, AddressError, NamedAddress

BY_HAND = "Entered by hand"
_OF_PARTY: Mapping[str, str] = {
    "main": "main_email",
    "billing": "billing_email",
    "bill_to": "bill_to_email",
    "ship_to": "ship_to_email",
    "shipment_update": "shipment_email",
    "cc": "cc_email",
}


@dataclass(frozen=True, slots=True)
class Known:
    """An address, and what it is: "Billing Email of Blue Lagoon Ltd"."""

    address: NamedAddress
    place: str


def known_addresses(party: Party | None, documents: Sequence[Document]) -> tuple[Known, ...]:
    """All of the party and of its documents, each address once. What is none is left out."""
    once: dict[str, Known] = {}
    if party:
        for text, name, place in (*_of_party(party), *_of_documents(documents)):
            if named := _named(text, name):
                once.setdefault(named.address.key, Known(named, place))
    return tuple(once.values())


def reason_of(named: NamedAddress, proposed: Sequence[Addressee], known: Sequence[Known]) -> str:
    """Why this address is there: by rule, because it is known, or because somebody typed it."""
    key = named.address.key
    by_rule = (each.reason for each in proposed if each.address.address.key == key)
    by_place = (each.place for each in known if each.address.address.key == key)
    return next(by_rule, "") or next(by_place, "") or BY_HAND


def _of_party(party: Party) -> Iterator[tuple[str, str, str]]:
    name = short(party.name)
    for slot, field in _OF_PARTY.items():
        yield getattr(party, field), "" if slot == "cc" else party.name, f"{_slot(slot)} of {name}"
    for contact in Contact.objects.filter(party=party).order_by("pk"):
        role = f", {contact.role}" if contact.role else ""
        yield contact.email, contact.name, f"{short(contact.name)}{role} at {name}"


def _of_documents(documents: Sequence[Document]) -> Iterator[tuple[str, str, str]]:
    for document in documents:
        for slot, text in slots(document).items():
            yield text, document.party.name, f"{_slot(slot)} of {document.number}"


def _slot(slot: str) -> str:
    return SLOT_NAMES.get(slot) or BESIDE_NAMES[slot]


def _named(text: str, name: str) -> NamedAddress | None:
    try:
        return NamedAddress(name, Address.parse(text)) if text else None
    except AddressError:
        return None
