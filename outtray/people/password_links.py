"""One-time links by which a person chooses a password: `/password/<token>/`.

A link ends when it has been used, when the person signs in otherwise, or after three days.
"""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction

from outtray.lib.errors import Refused
from outtray.people.models import Membership, Person
from outtray.people.permission import member_of, require_administrator
from outtray.people.who import require_strong


def password_link(membership: Membership, of: Membership) -> str:
    """A link for a person of this company, to be handed over by another way.

    Refuses for somebody who also belongs to another company: whoever holds the link could
    act there.
    """
    require_administrator(membership)
    member = member_of(membership, of)
    if belongs_elsewhere(member):
        raise Refused(
            "shared_person",
            f"{member.person.email} belongs to another company too, where you may not decide "
            "about the password.",
        )
    return link_for(member.person)


def link_for(person: Person) -> str:
    """The link itself, without asking who wants it."""
    token = f"{person.pk.hex}-{default_token_generator.make_token(person)}"
    return f"{settings.BASE_URL}/password/{token}/"


def person_of_link(token: str) -> Person | None:
    """Whose link this is, if it still works."""
    key, _, check = token.partition("-")
    try:
        person = Person.objects.filter(pk=UUID(hex=key), is_active=True).first()
    except ValueError:
        return None
    works = person is not None and default_token_generator.check_token(person, check)
    return person if works else None


def choose_password(token: str, password: str) -> Person:
    """Set the password by a link, which ends. Refuses a spent link and a weak password."""
    with transaction.atomic():
        person = person_of_link(token)
        if person is None:
            raise Refused(
                "password_link_invalid",
                "This link does not work any more. Ask your administrator for a new one.",
            )
        require_strong(password, person)
        person.set_password(password)
        person.save(update_fields=["password"])
    return person


def belongs_elsewhere(member: Membership) -> bool:
    """Whether the person is known to another company as well."""
    return member.person.memberships.exclude(pk=member.pk).exists()
