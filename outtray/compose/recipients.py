"""Who receives a document, and why.

Of an event's address slots only the first that is filled gets the mail; the CC Emails of
the party and of the Default Document Template get a copy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from outtray.compose.models import DocumentDefault
from outtray.documents.addresses import slots
from outtray.documents.kinds.base import Kind
from outtray.documents.kinds.registry import KINDS
from outtray.documents.models import Document
from outtray.lib.errors import Refused
from outtray.mail.address import Address, AddressError, NamedAddress

ORDERS: Mapping[str, tuple[str, ...]] = {
    "order": ("contact", "bill_to", "main"),
    "invoice": ("contact", "billing", "bill_to", "main"),
    "overdue": ("billing", "main"),
    "vendor": ("main",),
}
_SLOT_NAMES = {
    "contact": "Contact Email",
    "bill_to": "Bill To Address Email",
    "billing": "Billing Email",
    "main": "Main Email",
    "cc": "CC Email",
}
_OF_THE_DOCUMENT = {"contact", "bill_to"}


@dataclass(frozen=True, slots=True)
class Addressee:
    """One who receives a letter, and the reason in a short sentence."""

    kind: Literal["to", "cc", "bcc"]
    address: NamedAddress
    reason: str


def recipients_for(document: Document) -> tuple[Addressee, ...]:
    """Who receives this document, each address once.

    Raises Refused: "no_recipient" says which slots are empty, "wrong_address" which one
    holds no address.
    """
    kind = KINDS[document.kind]
    filled = slots(document)
    slot = _first_filled(document, kind, filled)
    everybody = [_addressee("to", slot, filled[slot], document, kind)]
    if filled.get("cc"):
        everybody.append(_addressee("cc", "cc", filled["cc"], document, kind))
    everybody.extend(_default_copy(document, kind))
    return without_duplicates(everybody)


def without_duplicates(everybody: list[Addressee]) -> tuple[Addressee, ...]:
    """Each address once: the first keeps its place and its reason."""
    once: dict[str, Addressee] = {}
    for each in everybody:
        once.setdefault(each.address.address.key, each)
    return tuple(once.values())


def _first_filled(document: Document, kind: Kind, filled: Mapping[str, str]) -> str:
    order = ORDERS[kind.recipient_event]
    slot = next((slot for slot in order if filled.get(slot)), "")
    if not slot:
        raise _nobody(document, kind, order)
    return slot


def _nobody(document: Document, kind: Kind, order: tuple[str, ...]) -> Refused:
    names = [_SLOT_NAMES[slot] for slot in order if slot != "contact"]
    return Refused(
        "no_recipient",
        f"{document.party.name} has no {' and no '.join(names)}. "
        f"Enter one at the {kind.party_role} or on the {kind.label('en').lower()}.",
        document=document.number,
        missing=names,
    )


def _addressee(
    role: Literal["to", "cc"], slot: str, text: str, document: Document, kind: Kind
) -> Addressee:
    owner = kind.label("en").lower() if slot in _OF_THE_DOCUMENT else kind.party_role
    reason = f"{_SLOT_NAMES[slot]} of the {owner}"
    address = _parsed(text, reason, document)
    return Addressee(role, NamedAddress(_name_at(address, slot, document), address), reason)


def _default_copy(document: Document, kind: Kind) -> Iterator[Addressee]:
    default = DocumentDefault.objects.filter(company_id=document.company_id, kind=document.kind)
    for text in default.exclude(cc_email="").values_list("cc_email", flat=True):
        reason = f"CC Email of the Default Document Template for {kind.plural('en').lower()}"
        yield Addressee("cc", NamedAddress("", _parsed(text, reason, document)), reason)


def _parsed(text: str, reason: str, document: Document) -> Address:
    try:
        return Address.parse(text)
    except AddressError as wrong:
        detail = f"The {reason} for {document.number} cannot be used: {wrong}."
        raise Refused("wrong_address", detail, document=document.number) from wrong


def _name_at(address: Address, slot: str, document: Document) -> str:
    """The contact whose address it is, else the party; a copy goes without a name."""
    contact = document.data.get("contact") or {}
    if slot == "contact" and contact.get("name"):
        return str(contact["name"])
    for known in document.party.contacts.all():
        if known.email.casefold() == address.key:
            return known.name
    return "" if slot == "cc" else document.party.name
