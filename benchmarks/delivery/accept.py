"""The feeder of Outtray: accepts letters in batches, as API and pages do, beside delivery."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from benchmarks.delivery.feeder import feed
from benchmarks.delivery.letters import TEXT, pdfs
from outtray.cli.main import set_up

if TYPE_CHECKING:
    from outtray.compose.letter import Letter
    from outtray.mailboxes.models import Mailbox
    from outtray.people.models import Membership

MAILBOXES = 8
BATCH = 100


def main() -> None:
    set_up()
    mailboxes = itertools.cycle(_mailboxes(port=int(sys.argv[1])))
    files = pdfs()
    feed(lambda count: _queue(count, mailboxes, files))


def _queue(count: int, mailboxes: Iterator[Mailbox], files: Iterator[bytes]) -> None:
    from outtray.lib.clock import now
    from outtray.outbox.accept import Terms, accept_all, prepare
    from outtray.outbox.states import Lane

    for start in range(0, count, BATCH):
        mailbox, at = next(mailboxes), now()
        letters = [_letter(mailbox, next(files)) for _ in range(min(BATCH, count - start))]
        prepared = [prepare(letter, mailbox=mailbox, at=at) for letter in letters]
        accept_all(prepared, Terms(at=at, lane=Lane.BULK))


def _letter(mailbox: Mailbox, pdf: bytes) -> Letter:
    from outtray.compose.letter import Letter, LetterFile
    from outtray.compose.recipients import Addressee
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
        enclosures=(LetterFile("RE-1.pdf", "application/pdf", pdf),),
        party_name="Kunde AG",
    )


def _mailboxes(port: int) -> list[Mailbox]:
    """Company Emails that send to this port; made at the first start."""
    from outtray.mailboxes.models import Health, Mailbox

    if not Mailbox.objects.exists():
        administrator = _administrator()
        for number in range(MAILBOXES):
            _company_email(administrator, number, port)
        Mailbox.objects.update(health=Health.READY)
    return list(Mailbox.objects.all())


def _administrator() -> Membership:
    from outtray.lib.clock import now
    from outtray.people.companies import found

    return found("Nordwind", person_name="Anna", email="anna@nordwind.example", at=now())


def _company_email(administrator: Membership, number: int, port: int) -> None:
    from outtray.lib.clock import now
    from outtray.lib.sealing import Secret
    from outtray.mailboxes.drafts import MailboxDraft
    from outtray.mailboxes.save import save_company_email

    draft = MailboxDraft(
        whose="company",
        name=f"Sales {number}",
        address=f"sales{number}@nordwind.example",
        settings={"host": "127.0.0.1", "port": port, "security": "none", "username": ""},
        secret=Secret("never asked for"),
    )
    save_company_email(administrator, draft, at=now())


if __name__ == "__main__":
    main()
