"""Bring a person into a company: somebody new, or somebody whom another company knows."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from outtray.lib.errors import Refused
from outtray.people.models import Company, Membership, Person, Role
from outtray.people.texts import line, sign_in_address


def join(
    company: Company,
    *,
    name: str,
    email: str,
    role: str,
    password: str | None = None,
    at: datetime,
) -> Membership:
    """Make somebody a member. A person who exists already keeps his name and his password."""
    address = sign_in_address(email)
    if role not in Role.values:
        raise Refused("unknown_role", f"There is no role {role!r}.", field="role")
    person = Person.objects.filter(email__iexact=address).first()
    if person is None:
        person = _new_person(name, address, password, at=at)
    if Membership.objects.filter(company=company, person=person).exists():
        raise Refused("already_member", f"{address} belongs to this company.", field="email")
    return Membership.objects.create(company=company, person=person, role=role, created_at=at)


def _new_person(name: str, address: str, password: str | None, *, at: datetime) -> Person:
    person = Person(
        name=line(name, field="name", missing="Enter the person's name."),
        email=address,
        created_at=at,
    )
    if password is not None:
        require_strong(password, person)
    person.set_password(password)
    person.save()
    return person


def require_strong(password: str, person: Person) -> None:
    """Refuse a password that is easily guessed."""
    try:
        validate_password(password, person)
    except ValidationError as weak:
        raise Refused("weak_password", " ".join(weak.messages), field="password") from weak
