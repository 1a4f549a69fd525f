"""What speaks against sending now."""

from __future__ import annotations

from dataclasses import replace

from outtray.compose.attachments.letter_file import LetterFile
from outtray.compose.letter import compose
from outtray.compose.rules.recipients import Addressee, recipients_for
from outtray.compose.warnings import warnings_for
from outtray.mail.address import Address, NamedAddress
from outtray.mailboxes.models import Health, Mailbox
from tests.compose.conftest import Import


def to(address: str) -> Addressee:
    return Addressee("to", NamedAddress("", Address.parse(address)), "")


def codes(mailbox: Mailbox, *recipients: Addressee) -> list[str]:
    return [each.code for each in warnings_for([], mailbox, recipients)]


def test_an_everyday_letter_has_none(imported: Import, mailbox: Mailbox) -> None:
    document = imported("invoice")

    assert warnings_for([document], mailbox, recipients_for(document)) == []


def test_a_mailbox_that_cannot_send_is_named(mailbox: Mailbox) -> None:
    mailbox.health = Health.UNVALIDATED
    assert codes(mailbox) == ["mailbox_not_validated"]

    mailbox.health = Health.PAUSED
    assert codes(mailbox) == ["mailbox_paused"]


def test_odd_recipients_are_named(mailbox: Mailbox) -> None:
    assert codes(mailbox, to("Ben@nordwind.example")) == ["own_address"]
    assert codes(mailbox, to("a@kunde.invalid")) == ["unreachable_domain"]
    assert codes(mailbox, to("jörg@kunde.example")) == ["needs_smtputf8"]


def test_documents_of_two_customers_are_named(imported: Import, mailbox: Mailbox) -> None:
    documents = [imported("invoice"), imported("sales_order")]

    [warning] = warnings_for(documents, mailbox, ())

    assert warning.code == "several_parties"
    assert "Brightwater Living Ltd and Möbelhaus Ahrens KG" in warning.sentence


def test_a_letter_too_large_for_many_servers_is_named(imported: Import, mailbox: Mailbox) -> None:
    letter = compose([imported("invoice")], mailbox=mailbox)
    large = replace(letter, enclosures=(LetterFile("a.pdf", "application/pdf", bytes(2**24)),))

    [warning] = warnings_for([], mailbox, (), letter=large)

    assert warning.code == "too_large"
    assert "21 MB" in warning.sentence
