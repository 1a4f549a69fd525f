"""Keeps the party of a document up to date with what the document says of it."""

from __future__ import annotations

from datetime import datetime

from outtray.documents.models import Contact, Party
from outtray.documents.schema.paper import Paper
from outtray.documents.schema.parties import PartyPart
from outtray.people.models import Company


def upsert_party(paper: Paper, role: str, company: Company, *, at: datetime) -> Party:
    """The party with the paper's party number, made or brought up to date.

    What the paper leaves empty stays as it is known: a document without a billing address
    does not forget the party's.
    """
    told = _told_by(paper)
    party = Party.objects.filter(company=company, role=role, number=paper.party.number).first()
    if party is None:
        party = Party(company=company, role=role, number=paper.party.number, created_at=at)
    changed = {name: value for name, value in told.items() if getattr(party, name) != value}
    if changed or party._state.adding:
        for name, value in changed.items():
            setattr(party, name, value)
        party.changed_at = at
        party.save()
    _upsert_contacts(party, paper.party)
    return party


def _told_by(paper: Paper) -> dict[str, object]:
    given = paper.party
    told: dict[str, object] = {
        "name": given.name,
        "language": paper.language,
        "main_email": given.emails.main,
        "cc_email": given.emails.cc,
        "billing_email": given.emails.billing,
        "shipment_email": given.emails.shipment_update,
        "bill_to_email": given.emails.bill_to,
        "ship_to_email": given.emails.ship_to,
        "address": given.address.model_dump(mode="json")
        if any(given.address.model_dump().values())
        else {},
        "vat_id": given.vat_id,
    }
    return {name: value for name, value in told.items() if value}


def _upsert_contacts(party: Party, given: PartyPart) -> None:
    for contact in given.contacts:
        Contact.objects.update_or_create(
            party=party,
            email=contact.email,
            name=contact.name,
            defaults={"role": contact.role},
        )
