"""Who may do what to whom in a company."""

from __future__ import annotations

from outtray.lib.errors import Refused
from outtray.people.models import Membership


def require_administrator(membership: Membership) -> None:
    """Refuse everybody else."""
    if not membership.is_administrator:
        raise Refused("not_allowed", "Only an administrator may do this.")


def member_of(membership: Membership, of: Membership) -> Membership:
    """That member as stored, if he belongs to the same company."""
    mine = Membership.objects.filter(company_id=membership.company_id)
    found = mine.select_related("person", "company").filter(pk=of.pk).first()
    if found is None:
        raise Refused("no_such_person", "There is no such person in this company.")
    return found
