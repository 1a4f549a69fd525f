"""Makes mailboxes and letters as tests need them, through the rows that the product has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from outtray.compose.attachments.letter_file import LetterFile
from outtray.compose.letter import Letter
from outtray.compose.rules.recipients import Addressee
from outtray.lib.sealing import Secret
from outtray.mail.address import Address, NamedAddress
from outtray.mailboxes.keyring import ring
from outtray.mailboxes.models import Credential, Health, Mailbox, Whose
from outtray.outbox.accept import Terms, accept
from outtray.outbox.models import Email
from outtray.people.models import Company, Membership

CUSTOMER = "einkauf@kunde.example"


def user_email(
    membership: Membership,
    *,
    at: datetime,
    port: int = 2525,
    health: Health = Health.READY,
    security: str = "none",
    password: str = "correct horse",
) -> Mailbox:
    """A User Email that sends through a server on this machine."""
    mailbox = Mailbox.objects.create(
        company=membership.company,
        whose=Whose.USER,
        owner=membership.person,
        name="",
        address=membership.person.email,
        display_name=membership.person.name,
        settings=_settings(membership.person.email, port, security),
        health=health,
        created_at=at,
        changed_at=at,
    )
    return _sealed(mailbox, password, at=at)


def company_email(
    company: Company,
    *,
    at: datetime,
    name: str = "Billing",
    is_default: bool = True,
    port: int = 2525,
    health: Health = Health.READY,
    security: str = "none",
    password: str = "correct horse",
) -> Mailbox:
    """A Company Email, such as billing@nordwind.example, on the same server."""
    address = f"{name.lower()}@nordwind.example"
    mailbox = Mailbox.objects.create(
        company=company,
        whose=Whose.COMPANY,
        name=name,
        is_default=is_default,
        address=address,
        display_name=name,
        settings=_settings(address, port, security),
        health=health,
        created_at=at,
        changed_at=at,
    )
    return _sealed(mailbox, password, at=at)


def _settings(username: str, port: int, security: str) -> dict[str, object]:
    return {"host": "localhost", "port": port, "security": security, "username": username}


def _sealed(mailbox: Mailbox, password: str, *, at: datetime) -> Mailbox:
    keys = ring()
    Credential.objects.create(
        mailbox=mailbox,
        sealed=keys.seal(Secret(password), context=mailbox.sealing_context),
        key_id=keys.current,
        changed_at=at,
    )
    return mailbox


def letter(mailbox: Mailbox, to: Sequence[str] = (CUSTOMER,), subject: str = "Invoice") -> Letter:
    """A short letter with a file."""
    return Letter(
        sender=NamedAddress(mailbox.display_name, Address.parse(mailbox.address)),
        reply_to=None,
        recipients=tuple(
            Addressee("to", NamedAddress("", Address.parse(address)), "Main Email")
            for address in to
        ),
        subject=subject,
        text="Dear Ms Kunde,\n\nplease find our invoice attached.\n",
        html="<p>Dear Ms Kunde,</p><p>please find our invoice attached.</p>",
        inline=(),
        enclosures=(LetterFile("RE-1.pdf", "application/pdf", b"%PDF-1.7 small"),),
        party_name="Kunde AG",
    )


def queued(mailbox: Mailbox, *, at: datetime, to: Sequence[str] = (CUSTOMER,)) -> Email:
    """An accepted email that is due."""
    return accept(letter(mailbox, to), mailbox=mailbox, terms=Terms(at=at))


def reload(email: Email) -> Email:
    """The email as the database has it now."""
    return Email.objects.select_related("mailbox").get(pk=email.pk)
