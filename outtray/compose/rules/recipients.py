"""Who receives a document, and why.

Of an event's address slots only the first that is filled gets the mail, and where that is the
contact, the document's Shipment Notification Email too; the CC Emails of the party, of the
email template and of the Default Document Template get a copy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from outtray.compose.rules.company_rules import Rules, TemplateWishes
from outtray.compose.rules.names import label_of, nothing_in, one_of, plural_of, short
from outtray.compose.rules.orders import BESIDE_NAMES, SLOT_NAMES
from outtray.documents.addresses import slots
from outtray.documents.kinds.registry import KINDS
from outtray.documents.models import Document
from outtray.lib.errors import Refused
from outtray.mail.address import Address, AddressError, NamedAddress

_OF_THE_DOCUMENT = {"contact", "bill_to", "ship_to"}
_ALWAYS = "which always gets a copy"


@dataclass(frozen=True, slots=True)
class Addressee:
    """One who receives a letter, and the reason in a short sentence.

    `is_fallback`: one of the company's own, because no address of the party is known.
    """

    kind: Literal["to", "cc", "bcc"]
    address: NamedAddress
    reason: str
    is_fallback: bool = False


def recipients_for(
    document: Document,
    *,
    rules: Rules | None = None,
    template: TemplateWishes | None = None,
    by_hand: bool = False,
    slot: str = "",
) -> tuple[Addressee, ...]:
    """Who receives this document, each address once.

    `slot` was chosen by hand instead of the kind's order. Raises Refused: "no_recipient" says
    which slots are empty, "wrong_address" which one holds no address, "party_excluded" that
    the party does not want this kind by email. The last one is not for what a person sends by
    hand, who is warned of it instead.
    """
    rules = rules or Rules.of(document.company)
    if not by_hand:
        require_wanted(document)
    filled = slots(document)
    order = (slot,) if slot else rules.order_of(KINDS[document.kind])
    chosen = _in_chosen(slot, document, filled) if slot else None
    first = chosen or _first(document, filled, rules, order)
    beside = () if slot else _beside_contact(document, filled, order)
    everybody = [first, *beside, *_copies(document, filled, rules, template)]
    return without_duplicates(everybody)


def require_wanted(document: Document) -> None:
    """Raises Refused("party_excluded") if the party does not want such documents by email."""
    if is_unwanted(document):
        raise Refused("party_excluded", unwanted(document), document=document.number)


def is_unwanted(document: Document) -> bool:
    """True if the party's notification switch of this kind is off."""
    return document.kind in document.party.excluded


def unwanted(document: Document) -> str:
    """The sentence that says so."""
    return f"{short(document.party.name)} does not want {plural_of(document.kind)} by email."


def without_duplicates(everybody: list[Addressee]) -> tuple[Addressee, ...]:
    """Each address once: the first keeps its place and its reason."""
    once: dict[str, Addressee] = {}
    for each in everybody:
        once.setdefault(each.address.address.key, each)
    return tuple(once.values())


def _in_chosen(slot: str, document: Document, filled: Mapping[str, str]) -> Addressee | None:
    """Who is in the slot that a person chose. A contact counts though it is not switched on."""
    contact = document.data["contact"] or {}
    text = filled.get(slot) or (contact.get("email") if slot == "contact" else "")
    if not text:
        return None
    place = _place(slot, document)
    address = _parsed(text, place, document)
    named = NamedAddress(_name_at(address, slot, document), address)
    return Addressee("to", named, f"{place}, chosen by hand")


def _first(
    document: Document, filled: Mapping[str, str], rules: Rules, order: tuple[str, ...]
) -> Addressee:
    """The first slot of the order that is filled; without any, the fallback person."""
    tried: list[str] = []
    for slot in order:
        if filled.get(slot):
            return _in_slot(slot, filled[slot], document, tried)
        if slot != "contact":  # offered only where the document asks for it: nothing is missing
            tried.append(SLOT_NAMES[slot])
    default = rules.default_of(document.kind)
    if default is None or default.fallback is None:
        raise _nobody(document, tried)
    person = default.fallback.person
    reason = f"{short(person.name)}, because {_has_none(document, tried)}"
    address = _parsed(person.email, f"address of {short(person.name)}", document)
    return Addressee("to", NamedAddress(person.name, address), reason, is_fallback=True)


def _in_slot(slot: str, text: str, document: Document, tried: list[str]) -> Addressee:
    if slot == "contact":
        why = "because Use Contact Email is on"
    elif tried:
        who = short(document.party.name) if slot in _OF_THE_DOCUMENT else "it"
        why = f"because {who} has {nothing_in(tried)}"
    else:
        why = f"because {one_of(document.kind)} goes there first"
    place = _place(slot, document)
    address = _parsed(text, place, document)
    named = NamedAddress(_name_at(address, slot, document), address)
    return Addressee("to", named, f"{place}, {why}")


def _beside_contact(
    document: Document, filled: Mapping[str, str], order: tuple[str, ...]
) -> Iterator[Addressee]:
    """The Shipment Notification Email, where the contact is the one that gets the mail."""
    text = filled.get("shipment_notification", "")
    first = next((slot for slot in order if filled.get(slot)), "")
    if text and first == "contact":
        place = f"{BESIDE_NAMES['shipment_notification']} of {_named(document)}"
        address = _parsed(text, place, document)
        named = NamedAddress(_contact_at(address, document) or document.party.name, address)
        yield Addressee("to", named, f"{place}, which gets it together with the contact")


def _place(slot: str, document: Document) -> str:
    """Billing Email of Blue Lagoon Ltd; Bill To Address Email of invoice RE-1, its own copy."""
    is_own = slot in _OF_THE_DOCUMENT
    return f"{SLOT_NAMES[slot]} of {_named(document) if is_own else short(document.party.name)}"


def _named(document: Document) -> str:
    label = label_of(document.kind)
    return f"{label} {document.number}" if document.number else f"the {label}"


def _has_none(document: Document, tried: list[str]) -> str:
    if not tried:
        return f"Use Contact Email is off on {_named(document)}"
    return f"{short(document.party.name)} has {nothing_in(tried)}"


def _nobody(document: Document, tried: list[str]) -> Refused:
    role = KINDS[document.kind].party_role
    return Refused(
        "no_recipient",
        f"{_has_none(document, tried)}. "
        f"Enter one at the {role} or on the {label_of(document.kind)}.",
        document=document.number,
        missing=tried,
    )


def _copies(
    document: Document,
    filled: Mapping[str, str],
    rules: Rules,
    template: TemplateWishes | None,
) -> Iterator[Addressee]:
    """Those who get a copy, whatever the order of the slots says."""
    for text, place in _copy_places(document, filled, rules, template):
        if text:
            address = _parsed(text, place, document)
            named = NamedAddress(_contact_at(address, document), address)
            yield Addressee("cc", named, f"{place}, {_ALWAYS}")


def _copy_places(
    document: Document,
    filled: Mapping[str, str],
    rules: Rules,
    template: TemplateWishes | None,
) -> Iterator[tuple[str, str]]:
    party, plural = short(document.party.name), plural_of(document.kind)
    owner = _named(document) if document.data["cc_email"] else party
    yield filled.get("cc", ""), f"CC Email of {owner}"
    yield rules.wishes_of(document.party_id, document.kind).cc_email, f"CC Email of {party}"
    if template:
        yield template.cc_email, f"CC Email of the template “{short(template.name)}”"
    default = rules.default_of(document.kind)
    if default:
        yield default.cc_email, f"CC Email of the Default Document Template for {plural}"


def _parsed(text: str, place: str, document: Document) -> Address:
    try:
        return Address.parse(text)
    except AddressError as wrong:
        detail = f"The {place} for {document.number} cannot be used: {wrong}."
        raise Refused("wrong_address", detail, document=document.number) from wrong


def _name_at(address: Address, slot: str, document: Document) -> str:
    """The contact whose address it is, else the party."""
    contact = document.data.get("contact") or {}
    if slot == "contact" and contact.get("name"):
        return str(contact["name"])
    return _contact_at(address, document) or document.party.name


def _contact_at(address: Address, document: Document) -> str:
    contacts = document.party.contacts.all()
    return next((each.name for each in contacts if each.email.casefold() == address.key), "")
