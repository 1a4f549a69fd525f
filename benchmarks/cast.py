"""A company, its mailboxes and its letters, by the verbs that the pages call.

Django must be set up, so the verbs are imported late.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.letters import TEXT

if TYPE_CHECKING:
    from outtray.compose.letter import Letter
    from outtray.mailboxes.models import Mailbox
    from outtray.people.models import Membership


def administrator() -> Membership:
    """Anna, of a company that can write invoices."""
    from outtray.documents.samples.cast import COMPANY
    from outtray.lib.clock import now
    from outtray.people.companies import found
    from outtray.people.models import Company

    anna = found("Nordwind", person_name="Anna", email="anna@nordwind.example", at=now())
    Company.objects.filter(pk=anna.company_id).update(**COMPANY)
    anna.company.refresh_from_db()
    return anna


def company_emails(count: int, membership: Membership, *, port: int) -> list[Mailbox]:
    """Company Emails that are ready to send to that port of this machine."""
    from outtray.lib.clock import now
    from outtray.lib.sealing import Secret
    from outtray.mailboxes.drafts import MailboxDraft
    from outtray.mailboxes.models import Health, Mailbox
    from outtray.mailboxes.save import save_company_email

    for number in range(count):
        draft = MailboxDraft(
            whose="company",
            name=f"Sales {number}",
            address=f"sales{number}@nordwind.example",
            settings={"host": "127.0.0.1", "port": port, "security": "none", "username": ""},
            secret=Secret("never asked for"),
        )
        save_company_email(membership, draft, at=now())
    Mailbox.objects.update(health=Health.READY)
    return list(Mailbox.objects.order_by("pk"))


def letter(mailbox: Mailbox, *pdfs: bytes) -> Letter:
    """A short letter to one customer, with these files."""
    from outtray.compose.attachments.letter_file import LetterFile
    from outtray.compose.letter import Letter
    from outtray.compose.rules.recipients import Addressee
    from outtray.mail.address import Address, NamedAddress

    customer = NamedAddress("Einkauf", Address.parse("einkauf@kunde.example"))
    return Letter(
        sender=NamedAddress("Nordwind", Address.parse(mailbox.address)),
        reply_to=None,
        recipients=(Addressee("to", customer, "Main Email"),),
        subject="Invoice RE-1 from Nordwind",
        text=TEXT,
        html="",
        inline=(),
        enclosures=tuple(LetterFile("RE-1.pdf", "application/pdf", pdf) for pdf in pdfs),
        party_name="Kunde AG",
    )
