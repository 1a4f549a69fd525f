"""Who would get a party's next document of each kind, if it came in now as the party stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from outtray.compose.rules.company_rules import Rules
from outtray.compose.rules.recipients import Addressee, recipients_for
from outtray.documents.kinds.base import Kind
from outtray.documents.kinds.registry import KINDS
from outtray.documents.models import Document, Party
from outtray.lib.errors import Refused


@dataclass(frozen=True, slots=True)
class Expected:
    """For one kind: who would get it, or why nobody would."""

    kind: Kind
    recipients: tuple[Addressee, ...]
    problem: Refused | None = None


def expected_for(party: Party, rules: Rules) -> Sequence[Expected]:
    """One for each kind that such a party gets, in the order of the business."""
    kinds = [kind for kind in KINDS.values() if kind.party_role == party.role]
    return [_expected(party, kind, rules) for kind in kinds]


def _expected(party: Party, kind: Kind, rules: Rules) -> Expected:
    try:
        return Expected(kind, recipients_for(_next(party, kind), rules=rules))
    except Refused as problem:
        return Expected(kind, (), problem)


def _next(party: Party, kind: Kind) -> Document:
    """A document that says nothing of addresses, so that it has the party's."""
    data = {
        "contact": None,
        "use_contact_email": False,
        "bill_to": {"email": party.bill_to_email},
        "ship_to": {"email": party.ship_to_email},
        "cc_email": "",
    }
    return Document(company_id=party.company_id, party=party, kind=kind.name, number="", data=data)
