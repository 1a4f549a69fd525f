"""From six business documents to a real mail server, and read again by other people's parsers."""

from __future__ import annotations

import email as mail
import json
import subprocess
from datetime import datetime
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from pytest_django import Settings

from outtray.compose.rules.set_sender import set_sender
from outtray.diagnosis.probes import run_probe, start_probe
from outtray.documents.importing import import_documents
from outtray.documents.models import Document
from outtray.documents.samples.samples import sample_documents
from outtray.lib.sealing import Secret
from outtray.mailboxes.drafts import MailboxDraft
from outtray.mailboxes.models import Health, Mailbox, Whose
from outtray.mailboxes.save import save_company_email, save_user_email
from outtray.outbox.add_to_queue import Wishes, add_to_queue
from outtray.outbox.models import Email
from outtray.outbox.states import State
from outtray.people.models import Membership
from tests.builders import reload
from tests.conftest import Run, TurnedClock
from tests.servers.postfix import Postfix

pytestmark = pytest.mark.servers

FROM_COMPANY = {"order_confirmation", "payment_reminder"}


@pytest.fixture
def documents(ben: Membership, at: datetime) -> list[Document]:
    payload = json.dumps(sample_documents(at.date())).encode()
    return import_documents(ben.company, payload, by=ben.person, at=at).documents


@pytest.fixture
def mailboxes(
    anna: Membership,
    ben: Membership,
    clock: TurnedClock,
    postfix: Postfix,
    settings: Settings,
) -> dict[str, Mailbox]:
    """Ben's User Email and the company's billing address, set up and validated as on the page."""
    settings.CA_FILE = str(postfix.ca_file)
    own = save_user_email(ben, draft(postfix, Whose.USER, ben.person.email), at=clock.now())
    billing = save_company_email(
        anna, draft(postfix, Whose.COMPANY, "billing@nordwind.example"), at=clock.now()
    )
    for membership, mailbox in ((ben, own), (anna, billing)):
        run_probe(start_probe(membership, mailbox, at=clock.now()).pk, clock=clock)
        mailbox.refresh_from_db()
        assert mailbox.health == Health.READY
    for kind in FROM_COMPANY:
        set_sender(anna, kind, send_from=billing.pk)
    return {"user": own, "company": billing}


def draft(postfix: Postfix, whose: Whose, address: str) -> MailboxDraft:
    return MailboxDraft(
        whose=whose,
        name="Billing" if whose == Whose.COMPANY else "",
        address=address,
        display_name="Nordwind",
        settings={
            "host": "localhost",
            "port": postfix.starttls_port,
            "security": "starttls",
            "username": address,
        },
        secret=Secret(postfix.password_of(address)),
    )


def text_of(pdf: bytes, tmp_path: Path) -> str:
    """What another program reads in the PDF."""
    path = tmp_path / "received.pdf"
    path.write_bytes(pdf)
    command = ["pdftotext", "-layout", str(path), "-"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def read(content: bytes) -> EmailMessage:
    message = mail.message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def test_each_of_the_six_documents_arrives_as_it_was_meant(
    mailboxes: dict[str, Mailbox],
    documents: list[Document],
    ben: Membership,
    clock: TurnedClock,
    run_until_idle: Run,
    postfix: Postfix,
    tmp_path: Path,
) -> None:
    queued = add_to_queue(documents, membership=ben, wishes=Wishes(), at=clock.now())

    run_until_idle()

    assert [one.problem for one in queued] == [None] * 6
    assert len({document.kind for document in documents}) == 6
    for one in queued:
        assert one.email is not None
        email, document = reload(one.email), one.documents[0]
        assert email.state == State.SENT, email.last_failure
        check_received(read(postfix.wait_for(email.message_id)), email, document, tmp_path)


def check_received(message: EmailMessage, email: Email, document: Document, tmp_path: Path) -> None:
    sender = "billing" if document.kind in FROM_COMPANY else "ben"
    assert message["From"].addresses[0].addr_spec == f"{sender}@nordwind.example"
    to = [address.addr_spec for address in message["To"].addresses]
    assert to == list(email.recipients.filter(kind="to").values_list("address", flat=True))
    assert document.number in message["Subject"]

    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert document.number in text.get_content()
    assert document.number in html.get_content()

    (pdf,) = list(message.iter_attachments())
    assert pdf.get_content_type() == "application/pdf"
    printed = text_of(pdf.get_content(), tmp_path)
    assert document.number in printed
    if document.total is not None:
        digits = f"{document.total:.2f}".replace(".", "")
        assert digits in "".join(sign for sign in printed if sign.isdigit())


@pytest.mark.parametrize(
    ("address", "received"),
    [
        ('"order desk"@kunde.example', '"order desk"@kunde.example'),
        ("einkauf@bücher.example", "einkauf@xn--bcher-kva.example"),
        ("jürgen@kunde.example", "jürgen@kunde.example"),
    ],
)
def test_an_unusual_address_gets_its_document(
    address: str,
    received: str,
    mailboxes: dict[str, Mailbox],
    ben: Membership,
    clock: TurnedClock,
    run_until_idle: Run,
    postfix: Postfix,
) -> None:
    (invoice,) = [d for d in sample_documents(clock.now().date()) if d["kind"] == "invoice"]
    party = {"number": "7", "name": "北京风能 שלום", "emails": {"main": address}}
    payload = json.dumps({**invoice, "party": party}).encode()
    documents = import_documents(ben.company, payload, by=ben.person, at=clock.now()).documents

    (queued,) = add_to_queue(documents, membership=ben, wishes=Wishes(), at=clock.now())
    run_until_idle()

    assert queued.email is not None
    email = reload(queued.email)
    assert email.state == State.SENT, email.last_failure
    message = read(postfix.wait_for(email.message_id))
    (to,) = message["To"].addresses
    # RFC 6532 puts such an address into the header as it is; Python reads octets there.
    assert to.addr_spec.encode(errors="surrogateescape").decode() == received
    assert to.display_name == party["name"]


def test_what_was_sent_once_is_not_sent_again_by_mistake(
    mailboxes: dict[str, Mailbox],
    documents: list[Document],
    ben: Membership,
    clock: TurnedClock,
) -> None:
    add_to_queue(documents[:1], membership=ben, wishes=Wishes(), at=clock.now())

    again = add_to_queue(documents[:1], membership=ben, wishes=Wishes(), at=clock.now())
    meant = add_to_queue(documents[:1], membership=ben, wishes=Wishes(again=True), at=clock.now())

    assert again[0].problem is not None
    assert again[0].problem.code == "already_sent"
    assert meant[0].email is not None


def test_combined_documents_of_one_recipient_leave_as_one_email(
    mailboxes: dict[str, Mailbox], ben: Membership, clock: TurnedClock
) -> None:
    (invoice,) = [d for d in sample_documents(clock.now().date()) if d["kind"] == "invoice"]
    payload = json.dumps([invoice, {**invoice, "number": "RE-SECOND"}]).encode()
    documents = import_documents(ben.company, payload, by=ben.person, at=clock.now()).documents

    queued = add_to_queue(documents, membership=ben, wishes=Wishes(combine=True), at=clock.now())

    (one,) = queued
    assert one.email is not None
    assert one.email.enclosures.count() == 2


def test_one_document_that_cannot_go_stops_no_other(
    mailboxes: dict[str, Mailbox],
    documents: list[Document],
    ben: Membership,
    clock: TurnedClock,
) -> None:
    nobody, other = documents[0], documents[1]
    nobody.party.__class__.objects.filter(pk=nobody.party_id).update(
        main_email="", billing_email="", bill_to_email=""
    )
    data = json.loads(json.dumps(nobody.data).replace("@", " at "))
    Document.objects.filter(pk=nobody.pk).update(data=data)
    chosen = list(Document.objects.filter(pk__in=[nobody.pk, other.pk]).order_by("id"))

    queued = add_to_queue(chosen, membership=ben, wishes=Wishes(), at=clock.now())

    problems = {one.documents[0].pk: one.problem for one in queued}
    problem = problems[nobody.pk]
    assert problem is not None
    assert problem.code in {"no_recipient", "wrong_address"}
    assert problems[other.pk] is None
