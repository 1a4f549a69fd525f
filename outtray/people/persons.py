"""Add persons to a company, change their role, remove them. An administrator always remains."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from outtray.lib.errors import Refused
from outtray.people.models import Membership, Role
from outtray.people.password_links import belongs_elsewhere, link_for
from outtray.people.permission import member_of, require_administrator
from outtray.people.who import join


@dataclass(frozen=True, slots=True)
class Added:
    """A new member, and the one-time link for the password; without one for a known person."""

    membership: Membership
    link: str = ""


def add_person(
    membership: Membership, *, name: str, email: str, role: str = Role.USER, at: datetime
) -> Added:
    """Add somebody to the administrator's company.

    A person whom another company knows already has a password, and gets no link: it would
    open that other company to whoever adds him here.
    """
    require_administrator(membership)
    with transaction.atomic():
        added = join(membership.company, name=name, email=email, role=role, at=at)
    has_no_way_in = not added.person.has_usable_password() and not belongs_elsewhere(added)
    return Added(added, link_for(added.person) if has_no_way_in else "")


def change_role(membership: Membership, of: Membership, role: str) -> Membership:
    """Give a person another role."""
    require_administrator(membership)
    if role not in Role.values:
        raise Refused("unknown_role", f"There is no role {role!r}.", field="role")
    with transaction.atomic():
        other = member_of(membership, of)
        if role != Role.ADMINISTRATOR:
            _require_another_administrator(other)
        other.role = role
        other.save(update_fields=["role"])
    return other


def remove_person(membership: Membership, of: Membership) -> None:
    """Take a person out of the company, with his API keys. What he did stays."""
    require_administrator(membership)
    with transaction.atomic():
        other = member_of(membership, of)
        _require_another_administrator(other)
        other.delete()


def _require_another_administrator(leaving: Membership) -> None:
    """Ask with the administrators locked, so that two do not leave at once."""
    administrators = Membership.objects.select_for_update().filter(
        company_id=leaving.company_id, role=Role.ADMINISTRATOR
    )
    if leaving.is_administrator and len(administrators) == 1:
        raise Refused(
            "last_administrator",
            "This is the only administrator. Make somebody else an administrator first.",
        )
