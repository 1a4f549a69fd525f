"""Changes a party by hand, and notes what was changed in its history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from outtray.documents.models import Contact, Party
from outtray.documents.party_fields import changes_in, check_fields, refusal_of
from outtray.documents.party_history import Code, event_of
from outtray.people.models import Person


def save_party(
    party: Party, given: Mapping[str, object], *, by: Person | None, at: datetime
) -> Party:
    """Set the fields that are given; `contacts` are all that there are then.

    What was sent stays as it was, and documents keep the Bill To and Ship To that they came
    with. Raises Refused("bad_party") at the field that is wrong.
    """
    values, problems = check_fields(given, party.role)
    if values is None:
        raise refusal_of(problems)
    with transaction.atomic():
        stored = Party.objects.select_for_update().get(pk=party.pk)
        changes = changes_in(stored, values, stored.contacts.all())
        if changes:
            _write(stored, {name: after for name, (_, after) in changes.items()}, at=at)
            event_of(stored, Code.CHANGED, changes, by=by, at=at).save()
    return stored


def _write(party: Party, values: Mapping[str, Any], *, at: datetime) -> None:
    for name, value in values.items():
        if name != "contacts":
            setattr(party, name, value)
    party.changed_at = at
    party.save()
    if "contacts" in values:
        party.contacts.all().delete()
        Contact.objects.bulk_create(Contact(party=party, **each) for each in values["contacts"])
