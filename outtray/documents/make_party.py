"""Makes a customer or vendor that no document and no file has named yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from outtray.documents.models import Contact, Party, PartyRole
from outtray.documents.party_fields import PartyEntry, check_entry, refusal_of, values_of
from outtray.documents.party_history import Code, event_of
from outtray.documents.problems import Problem
from outtray.lib.errors import Refused
from outtray.people.models import Company, Person


def make_party(
    company: Company, given: Mapping[str, object], *, by: Person | None, at: datetime
) -> Party:
    """Keep a new party: `role`, `number` and `name`, and whatever else is known of it.

    Raises Refused at the field that is wrong: "bad_party", and "party_exists" where the company
    has one of this number on that side of the business.
    """
    entry, problems = check_entry(dict(given))
    if entry and not entry.name:
        problems = [Problem("name", "missing", "The name is missing.")]
    if entry is None or problems:
        raise refusal_of(problems)
    try:
        with transaction.atomic():
            return _made(company, entry, by=by, at=at)
    except IntegrityError as taken:
        raise _exists(company, entry) from taken


def _made(company: Company, entry: PartyEntry, *, by: Person | None, at: datetime) -> Party:
    values: dict[str, Any] = values_of(entry)
    contacts = values.pop("contacts", [])
    party = Party.objects.create(
        company=company,
        role=entry.role,
        number=entry.number,
        created_at=at,
        changed_at=at,
        **values,
    )
    Contact.objects.bulk_create(Contact(party=party, **each) for each in contacts)
    event_of(party, Code.ENTERED, {}, by=by, at=at).save()
    return party


def _exists(company: Company, entry: PartyEntry) -> Refused:
    known = Party.objects.get(company=company, role=entry.role, number=entry.number)
    return Refused(
        "party_exists",
        f"The {PartyRole(entry.role).label.lower()} {entry.number} is there already: {known.name}.",
        field="number",
        party_id=str(known.pk),
    )
