"""Nordwind with its mailboxes, as every schedule finds it."""

from __future__ import annotations

from outtray.mailboxes.models import Mailbox
from outtray.people.models import Company, Membership, Person
from tests.campaign.databases import FOUNDED_AT, MAILBOXES
from tests.campaign.ways import set_up
from tests.servers.ledger_process import LedgerProcess


def found_nordwind(ledger: LedgerProcess) -> None:
    """A company of a few people, each with a User Email on that server."""
    company = Company.objects.create(name="Nordwind Handels GmbH", created_at=FOUNDED_AT)
    for number in range(MAILBOXES):
        person = Person.objects.create(
            email=f"person{number}@nordwind.example", name="Ben Behrens", created_at=FOUNDED_AT
        )
        membership = Membership.objects.create(
            company=company, person=person, role="user", created_at=FOUNDED_AT
        )
        set_up(membership, number, ledger)


def mailboxes() -> list[Mailbox]:
    """Nordwind's mailboxes, always in the same order."""
    return list(Mailbox.objects.order_by("owner__email"))
