"""Keeps the parties of documents up to date with what the documents say of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from outtray.documents.kinds.registry import KINDS
from outtray.documents.models import Contact, Party, PartyEvent
from outtray.documents.party_history import Changes, Code, event_of
from outtray.documents.schema.paper import Paper
from outtray.documents.schema.parties import PartyPart
from outtray.people.models import Company, Person

_AT_ONCE = 500

T = TypeVar("T")
Named = tuple[str, str]


class Parties:
    """The parties that papers name: read together, changed in memory, written together.

    What a paper leaves empty stays as it is known: a document without a billing address
    does not forget the party's. Nothing is written before `save`.
    """

    def __init__(
        self, company: Company, papers: Sequence[Paper], *, by: Person | None = None
    ) -> None:
        self._company, self._by = company, by
        self._known = _known(company, {_named(paper) for paper in papers})
        named = {_named(paper) for paper in papers if paper.party.contacts}
        self._contacts = _contacts([self._known[each].pk for each in named & self._known.keys()])
        self._made: dict[UUID, Party] = {}
        self._changed: dict[UUID, tuple[Party, set[str]]] = {}
        self._events: list[PartyEvent] = []
        self._contacts_made: list[Contact] = []
        self._contacts_changed: list[Contact] = []

    def told(self, paper: Paper, *, at: datetime) -> Party:
        """The paper's party, made or brought up to date."""
        named = _named(paper)
        party = self._known.get(named)
        if party is None:
            party = self._known[named] = self._new(paper, at=at)
        elif changes := _changes(party, paper):
            self._change(party, changes)
            self._note(party, Code.TOLD, changes, paper, at=at)
            party.changed_at = at
        self._tell_contacts(party, paper.party)
        return party

    def save(self) -> None:
        """Write what was made and what was changed, in a few statements."""
        Party.objects.bulk_create(self._made.values(), batch_size=_AT_ONCE)
        changed = [each for pk, each in self._changed.items() if pk not in self._made]
        if changed:
            fields = {"changed_at"}.union(*(names for _, names in changed))
            parties = [party for party, _ in changed]
            Party.objects.bulk_update(parties, sorted(fields), batch_size=100)
        PartyEvent.objects.bulk_create(self._events, batch_size=_AT_ONCE)
        Contact.objects.bulk_create(self._contacts_made, batch_size=_AT_ONCE)
        Contact.objects.bulk_update(self._contacts_changed, ["role"], batch_size=_AT_ONCE)

    def _new(self, paper: Paper, *, at: datetime) -> Party:
        role, number = _named(paper)
        party = Party(company=self._company, role=role, number=number, created_at=at)
        party.changed_at = at
        for name, value in _told_by(paper).items():
            setattr(party, name, value)
        self._made[party.pk] = party
        self._note(party, Code.CREATED, {}, paper, at=at)
        return party

    def _change(self, party: Party, changes: Changes) -> None:
        for name, (_, value) in changes.items():
            setattr(party, name, value)
        self._changed.setdefault(party.pk, (party, set()))[1].update(changes)

    def _note(
        self, party: Party, code: Code, changes: Changes, paper: Paper, *, at: datetime
    ) -> None:
        line = event_of(party, code, changes, by=self._by, at=at, document=paper.number)
        self._events.append(line)

    def _tell_contacts(self, party: Party, given: PartyPart) -> None:
        for told in given.contacts:
            key = (party.pk, told.email, told.name)
            contact = self._contacts.get(key)
            if contact is None:
                contact = Contact(party=party, email=told.email, name=told.name, role=told.role)
                self._contacts[key] = contact
                self._contacts_made.append(contact)
            elif contact.role != told.role:
                contact.role = told.role
                if contact.pk and contact not in self._contacts_changed:
                    self._contacts_changed.append(contact)


def _named(paper: Paper) -> Named:
    return KINDS[paper.kind].party_role, paper.party.number


def _known(company: Company, named: set[Named]) -> dict[Named, Party]:
    known: dict[Named, Party] = {}
    for role in {role for role, _ in named}:
        numbers = sorted(number for its, number in named if its == role)
        for some in in_parts(numbers):
            found = Party.objects.filter(company=company, role=role, number__in=some)
            known |= {(role, party.number): party for party in found}
    return known


def _contacts(parties: list[UUID]) -> dict[tuple[UUID, str, str], Contact]:
    return {
        (contact.party_id, contact.email, contact.name): contact
        for some in in_parts(parties)
        for contact in Contact.objects.filter(party__in=some).order_by("-id")
    }


def in_parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values, as many at a time as every database takes in one question."""
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))


def _changes(party: Party, paper: Paper) -> Changes:
    told = _told_by(paper)
    return {
        name: (getattr(party, name), value)
        for name, value in told.items()
        if getattr(party, name) != value
    }


def _told_by(paper: Paper) -> Mapping[str, object]:
    given = paper.party
    address = given.address.model_dump(mode="json")
    told: dict[str, object] = {
        "name": given.name,
        "main_email": given.emails.main,
        "cc_email": given.emails.cc,
        "billing_email": given.emails.billing,
        "shipment_email": given.emails.shipment_update,
        "bill_to_email": given.emails.bill_to,
        "ship_to_email": given.emails.ship_to,
        "address": address if any(address.values()) else {},
        "vat_id": given.vat_id,
    }
    return {name: value for name, value in told.items() if value}
