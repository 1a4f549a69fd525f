"""The bytes of a letter, as an independent parser reads them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from email import message_from_bytes, policy

from outtray.compose.letter import Letter, compose
from outtray.compose.message import build
from outtray.compose.rules.recipients import Addressee
from outtray.mail.address import Address, NamedAddress
from outtray.mail.reading import read
from outtray.mailboxes.models import Mailbox
from tests.compose.conftest import Import

ID = "<1@nordwind.example>"


def addressee(kind: str, address: str) -> Addressee:
    return Addressee(kind, NamedAddress("", Address.parse(address)), "")  # type: ignore[arg-type]  # a word


def invoice_letter(imported: Import, mailbox: Mailbox) -> Letter:
    return compose([imported("invoice")], mailbox=mailbox)


def test_an_invoice_arrives_whole(imported: Import, mailbox: Mailbox, at: datetime) -> None:
    letter = invoice_letter(imported, mailbox)

    message = build(letter, message_id=ID, date=at)

    parsed = message_from_bytes(message.content, policy=policy.default)
    assert not [part.defects for part in parsed.walk() if part.defects]
    found = read(message.content)
    assert found.header("Subject") == letter.subject
    assert found.header("From") == "Ben Behrens <ben@nordwind.example>"
    assert found.header("Message-ID") == ID
    assert found.text == letter.text
    assert found.html.strip() == letter.html.strip()
    [attachment] = found.attachments
    assert attachment.filename == letter.enclosures[0].filename
    assert attachment.content_type == "application/pdf"
    assert attachment.content == letter.enclosures[0].content


def test_blind_copies_are_in_the_envelope_only(
    imported: Import, mailbox: Mailbox, at: datetime
) -> None:
    everybody = (
        addressee("to", "a@kunde.example"),
        addressee("cc", "b@kunde.example"),
        addressee("bcc", "hidden@kunde.example"),
    )
    letter = replace(invoice_letter(imported, mailbox), recipients=everybody)

    message = build(letter, message_id=ID, date=at)

    assert b"hidden@" not in message.content
    assert [str(each) for each in message.envelope.recipients] == [
        "a@kunde.example",
        "b@kunde.example",
        "hidden@kunde.example",
    ]
    assert str(message.envelope.sender) == "ben@nordwind.example"


def test_one_address_in_two_places_gets_it_once(
    imported: Import, mailbox: Mailbox, at: datetime
) -> None:
    twice = (addressee("to", "a@kunde.example"), addressee("cc", "a@kunde.example"))
    letter = replace(invoice_letter(imported, mailbox), recipients=twice)

    message = build(letter, message_id=ID, date=at)

    assert len(message.envelope.recipients) == 1


def test_a_name_beyond_ascii_asks_for_no_special_server(
    imported: Import, mailbox: Mailbox, at: datetime
) -> None:
    letter = invoice_letter(imported, mailbox)
    named = replace(letter, recipients=(addressee("to", "kim@bücher.example"),))
    local = replace(letter, recipients=(addressee("to", "jörg@kunde.example"),))

    assert not build(named, message_id=ID, date=at).envelope.needs_smtputf8
    assert build(named, message_id=ID, date=at).content.isascii()
    assert build(local, message_id=ID, date=at).envelope.needs_smtputf8
