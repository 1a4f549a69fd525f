"""What can be said of a party, by a form, a request or a file: the fields, checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationError
from pydantic_core import PydanticCustomError

from outtray.documents.kinds.registry import KINDS
from outtray.documents.languages import Language
from outtray.documents.models import Contact, Party
from outtray.documents.problems import Problem, problem_at, problems_of
from outtray.documents.schema.numbers import VatId
from outtray.documents.schema.part import Part
from outtray.documents.schema.parties import Address
from outtray.documents.schema.text import Email, GivenName, GivenWord, Name
from outtray.lib.errors import Refused

MOST_CONTACTS = 50


def _needed(address: str) -> str:
    if not address:
        raise PydanticCustomError("missing", "must not be empty.")
    return address


class PartyContact(Part):
    """A person at a party."""

    name: GivenName
    email: Annotated[Email, AfterValidator(_needed)]
    role: Name = ""


class PartyFields(Part):
    """All that can be changed of a party. A field that is not given stays as it is."""

    name: GivenName = ""
    language: Literal["", Language] = ""
    main_email: Email = ""
    cc_email: Email = ""
    billing_email: Email = ""
    shipment_email: Email = ""
    bill_to_email: Email = ""
    ship_to_email: Email = ""
    address: Address = Address()
    bill_to_address: Address = Address()
    ship_to_address: Address = Address()
    vat_id: VatId = ""
    excluded: Annotated[tuple[str, ...], Field(max_length=50)] = ()
    contacts: Annotated[tuple[PartyContact, ...], Field(max_length=MOST_CONTACTS)] = ()


class PartyEntry(PartyFields):
    """A party as a file names it: by its side of the business and its number."""

    role: Literal["customer", "vendor"]
    number: GivenWord


def check_fields(
    given: Mapping[str, object], role: str
) -> tuple[dict[str, Any] | None, list[Problem]]:
    """The values of the fields that were given, or None and what is wrong with them."""
    try:
        fields = PartyFields.model_validate(given)
    except ValidationError as wrong:
        return None, list(problems_of(wrong, PartyFields))
    problems = unknown_kinds(fields.excluded, role)
    return (None, problems) if problems else (values_of(fields), [])


def check_entry(given: object) -> tuple[PartyEntry | None, list[Problem]]:
    """A party of a file, or None and what is wrong with it."""
    if not isinstance(given, dict):
        return None, [Problem("", "not_a_party", "This entry is not a party object.")]
    try:
        entry = PartyEntry.model_validate(given)
    except ValidationError as wrong:
        return None, list(problems_of(wrong, PartyEntry))
    problems = unknown_kinds(entry.excluded, entry.role)
    return (None, problems) if problems else (entry, [])


def refusal_of(problems: Sequence[Problem]) -> Refused:
    """All that is wrong with a party, said at the first field that is."""
    first = problems[0]
    facts = [asdict(problem) for problem in problems]
    return Refused("bad_party", first.message, field=first.path, problems=facts)


def unknown_kinds(names: Iterable[str], role: str) -> list[Problem]:
    """What is excluded must be a kind of document that such a party gets."""
    known = kinds_for(role)
    return [
        problem_at(
            ("excluded", index),
            "unknown_kind",
            f"A {role} gets no documents of the kind “{name[:50]}”. The kinds are: "
            f"{', '.join(known)}.",
        )
        for index, name in enumerate(names)
        if name not in known
    ]


def kinds_for(role: str) -> list[str]:
    """The kinds of document that a customer gets, or a vendor."""
    return [kind.name for kind in KINDS.values() if kind.party_role == role]


def values_of(fields: PartyFields) -> dict[str, Any]:
    """What was given, as a party keeps it: an address without a word in it is none."""
    kept = fields.model_dump(mode="json", exclude={"role", "number"}, exclude_unset=True)
    for name in ("address", "bill_to_address", "ship_to_address"):
        if name in kept:
            kept[name] = getattr(fields, name).model_dump(mode="json")
            kept[name] = kept[name] if any(kept[name].values()) else {}
    if "excluded" in kept:
        kept["excluded"] = sorted(set(kept["excluded"]))
    if "contacts" in kept:
        kept["contacts"] = [each.model_dump(mode="json") for each in fields.contacts]
    return kept


def changes_in(
    party: Party, values: Mapping[str, Any], contacts: Iterable[Contact]
) -> dict[str, tuple[object, object]]:
    """Which of these values differ from what the party has, and what it has."""
    before: dict[str, Any] = {name: getattr(party, name) for name in values if name != "contacts"}
    if "contacts" in values:
        before["contacts"] = [
            {"name": each.name, "email": each.email, "role": each.role} for each in contacts
        ]
    return {
        name: (before[name], value)
        for name, value in values.items()
        if not _is_same(before[name], value)
    }


def _is_same(before: object, after: object) -> bool:
    """True also where the same contacts stand in another order."""
    if isinstance(before, list) and isinstance(after, list):
        return sorted(before, key=str) == sorted(after, key=str)
    return before == after
