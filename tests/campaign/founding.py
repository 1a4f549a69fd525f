"""Nordwind with its mailboxes, as every schedule finds it."""

from __future__ import annotations

from outtray.mailboxes.models import Mailbox
from outtray.people.models import Company, Membership, Person
from tests.builders import user_email
from tests.campaign.databases import FOUNDED_AT, MAILBOXES


def found_nordwind(port: int) -> None:
    """A company of a few people, each with a User Email on the server at this port."""
    company = Company.objects.create(name="Nordwind Handels GmbH", created_at=FOUNDED_AT)
    for number in range(MAILBOXES):
        person = Person.objects.create(
            email=f"person{number}@nordwind.example", name="Ben Behrens", created_at=FOUNDED_AT
        )
        membership = Membership.objects.create(
            company=company, person=person, role="user", created_at=FOUNDED_AT
        )
        user_email(membership, at=FOUNDED_AT, port=port)


def mailboxes() -> list[Mailbox]:
    """Nordwind's mailboxes, always in the same order."""
    return list(Mailbox.objects.order_by("address"))
