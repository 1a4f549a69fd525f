"""How long the server takes for the Email Queue page, with 100,000 emails in it."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from benchmarks.fresh import installation, spread

if TYPE_CHECKING:
    from django.test import Client

    from outtray.mailboxes.models import Mailbox
    from outtray.outbox.models import Email, Recipient
    from outtray.people.models import Membership

COUNT = 100_000
TIMES = 40
PAGES = {
    "queue": "/queue/",
    "sent": "/queue/?state=sent",
    "failed": "/queue/?state=failed",
    "search": "/queue/?q=Brightwater",
    "home": "/",
}


def main() -> None:
    with installation():
        client = _signed_in(_filled(COUNT))
        result: dict[str, object] = {"emails": COUNT}
        for name, path in PAGES.items():
            measured = spread([_took(client, path) for _ in range(TIMES + 3)][3:])
            result |= {f"{name}_ms": measured["median_ms"], f"{name}_p90_ms": measured["p90_ms"]}
        print(json.dumps(result, indent=2))


def _took(client: Client, path: str) -> float:
    begun = time.perf_counter()
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    return (time.perf_counter() - begun) * 1000


def _signed_in(administrator: Membership) -> Client:
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    client.force_login(administrator.person)
    return client


def _filled(count: int) -> Membership:
    """A company whose queue has nearly only sent emails, as queues have."""
    from outtray.outbox.models import Email, Event, Recipient

    administrator, mailbox = _company()
    for start in range(0, count, 5_000):
        numbers = range(start, min(start + 5_000, count))
        emails = [_email(mailbox, number) for number in numbers]
        Email.objects.bulk_create(emails)
        Recipient.objects.bulk_create(_recipient(email) for email in emails)
        Event.objects.bulk_create(
            Event(email=email, code="accepted", at=email.accepted_at) for email in emails
        )
    return administrator


def _company() -> tuple[Membership, Mailbox]:
    from outtray.lib.clock import now
    from outtray.mailboxes.models import Mailbox
    from outtray.people.companies import found

    at = now()
    administrator = found("Nordwind", person_name="Anna", email="anna@nordwind.example", at=at)
    mailbox = Mailbox.objects.create(
        company=administrator.company,
        whose="user",
        owner=administrator.person,
        name="Anna",
        address="anna@nordwind.example",
        settings={"host": "localhost", "port": 25, "security": "none", "username": ""},
        health="ready",
        created_at=at,
        changed_at=at,
    )
    return administrator, mailbox


def _email(mailbox: Mailbox, number: int) -> Email:
    from outtray.lib.ids import new_id
    from outtray.outbox.models import Email

    at = mailbox.created_at - timedelta(minutes=(COUNT - number) // 2)
    return Email(
        id=new_id(),
        company_id=mailbox.company_id,
        mailbox=mailbox,
        accepted_by_id=mailbox.owner_id,
        accepted_at=at,
        message_id=f"<{number}@nordwind.example>",
        message="0" * 64,
        message_size=80_000,
        envelope_sender=mailbox.address,
        from_address=mailbox.address,
        subject=f"Invoice RE-{number:06} from Nordwind",
        to_summary=f"customer{number % 997}@customer.example",
        party_name="Brightwater Living Ltd" if number % 50 == 0 else "Another Customer",
        state=_state(number),
        due_at=at + timedelta(days=365),
        first_due_at=at,
        state_since=at,
        settled_at=at,
    )


def _recipient(email: Email) -> Recipient:
    from outtray.outbox.models import Recipient

    state = "accepted" if email.state == "sent" else "waiting"
    return Recipient(email=email, position=0, kind="to", address=email.to_summary, state=state)


def _state(number: int) -> str:
    return {0: "failed", 1: "queued", 2: "held", 3: "cancelled"}.get(number % 200, "sent")


if __name__ == "__main__":
    main()
