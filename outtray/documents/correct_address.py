"""Put an address right at a party, wherever the wrong one stands."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from outtray.documents.models import Contact, Party
from outtray.documents.party_history import LABELS, Changes, Code, event_of
from outtray.people.models import Person

_SLOTS = (
    "main_email", "cc_email", "billing_email", "shipment_email", "bill_to_email", "ship_to_email",
)  # fmt: skip


def places_of(party: Party, address: str) -> list[str]:
    """Where at the party this address stands: its slots, then its contacts by name."""
    slots = [LABELS[field] for field in _fields(party, address)]
    return [*slots, *_contacts(party, address).values_list("name", flat=True)]


def correct_address(
    party: Party, wrong: str, right: str, *, by: Person | None, at: datetime
) -> list[str]:
    """Write the right one wherever the wrong one stands, with a line in the party's history.

    Answers the places, of which there may be none.
    """
    with transaction.atomic():
        party = Party.objects.select_for_update().get(pk=party.pk)
        places, fields = places_of(party, wrong), _fields(party, wrong)
        if not places:
            return []
        for field in fields:
            setattr(party, field, right)
        party.changed_at = at
        party.save(update_fields=[*fields, "changed_at"])
        _contacts(party, wrong).update(email=right)
        changes: Changes = dict.fromkeys(fields or ["contacts"], (wrong, right))
        event_of(party, Code.CHANGED, changes, by=by, at=at).save()
    return places


def _fields(party: Party, address: str) -> list[str]:
    return [field for field in _SLOTS if getattr(party, field).casefold() == address.casefold()]


def _contacts(party: Party, address: str) -> QuerySet[Contact]:
    return Contact.objects.filter(party=party, email__iexact=address).order_by("pk")
