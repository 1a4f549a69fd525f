"""An email goes to a corrected address: the same letter, as a new one linked to the first."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from django.conf import settings

from outtray.compose.attachments.letter_file import LetterFile
from outtray.delivery.once import deliver_now
from outtray.documents.models import Contact, Document
from outtray.lib.errors import Refused
from outtray.outbox.accept import Terms, accept
from outtray.outbox.correct import send_corrected
from outtray.outbox.models import Email
from outtray.outbox.states import Reason, State
from outtray.people.models import Membership
from tests import builders
from tests.conftest import TurnedClock
from tests.servers.scripted import ScriptedServer
from tests.web.papers import imported

GOOD, WRONG = "chef@kunde.example", "einkuaf@kunde.example"


@pytest.fixture
def failed(smtp_server: ScriptedServer, ben: Membership, clock: TurnedClock) -> Email:
    """Of two recipients one got it; the address of the other was wrong."""
    smtp_server.answers(f"RCPT <{WRONG}>", "550 5.1.1 User unknown")
    mailbox = builders.user_email(ben, at=clock.now(), port=smtp_server.port)
    email = builders.queued(mailbox, at=clock.now(), to=(WRONG, GOOD))
    deliver_now([email.pk], clock=clock, stop=threading.Event())
    return builders.reload(email)


def test_the_same_letter_goes_to_the_corrected_address_alone(
    failed: Email, ben: Membership, at: datetime
) -> None:
    new = send_corrected(
        failed.pk, {WRONG: "einkauf@kunde.example"}, by=ben.person, at=at, undo_seconds=10
    )

    old_message, message = _message(failed), _message(new)
    assert message["To"] == "einkauf@kunde.example"
    assert message["Message-ID"] == new.message_id != failed.message_id
    for name in ("From", "Subject", "MIME-Version", "Content-Type"):
        assert message[name] == old_message[name]
    assert _body(new) == _body(failed)
    assert new.resend_of == failed
    assert (new.state, new.reason, new.due_at) == (
        State.QUEUED,
        Reason.UNDO,
        at + timedelta(seconds=10),
    )
    assert [(each.address, each.state) for each in new.recipients.all()] == [
        ("einkauf@kunde.example", "waiting")
    ]
    assert new.recipients.get().reason == f"Corrected by Ben Behrens, instead of {WRONG}"
    assert [each.filename for each in new.enclosures.all()] == ["RE-1.pdf"]
    assert failed.events.last().code == "readdressed"  # type: ignore[union-attr] # just written


def test_it_is_delivered_like_any_other(
    failed: Email, ben: Membership, smtp_server: ScriptedServer, clock: TurnedClock
) -> None:
    new = send_corrected(failed.pk, {WRONG: "neu@kunde.example"}, by=ben.person, at=clock.now())

    deliver_now([new.pk], clock=clock, stop=threading.Event())

    assert builders.reload(new).state == State.SENT
    last = smtp_server.received[-1].envelope
    assert [str(each) for each in last.recipients] == ["neu@kunde.example"]


def test_the_party_gets_the_corrected_address_if_that_is_wanted(
    ben: Membership, at: datetime
) -> None:
    document = imported(ben)["invoice"]
    email = _sent_with(document, ben, at)
    party = document.party
    party.billing_email, party.main_email = WRONG.upper(), GOOD
    party.save()
    Contact.objects.create(party=party, name="Kim", email=WRONG)

    send_corrected(email.pk, {WRONG: "neu@kunde.example"}, by=ben.person, at=at, save=True)

    party.refresh_from_db()
    assert (party.billing_email, party.main_email) == ("neu@kunde.example", GOOD)
    assert party.contacts.get(name="Kim").email == "neu@kunde.example"
    assert party.events.last().by == ben.person  # type: ignore[union-attr] # just written


def test_without_the_wish_the_party_keeps_its_address(ben: Membership, at: datetime) -> None:
    document = imported(ben)["invoice"]
    email = _sent_with(document, ben, at)
    document.party.billing_email = WRONG
    document.party.save()

    send_corrected(email.pk, {WRONG: "neu@kunde.example"}, by=ben.person, at=at)

    document.party.refresh_from_db()
    assert document.party.billing_email == WRONG


@pytest.mark.parametrize(
    ("corrections", "code"),
    [
        ({}, "no_correction"),
        ({WRONG: "no address"}, "wrong_address"),
        ({WRONG: "x@kunde.example\r\nBcc: y@z.example"}, "wrong_address"),
        ({"stranger@kunde.example": "a@kunde.example"}, "unknown_recipient"),
        ({WRONG: "Chef@kunde.example"}, "already_sent"),
    ],
)
def test_what_cannot_be_corrected_is_refused(
    failed: Email, ben: Membership, at: datetime, corrections: dict[str, str], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        send_corrected(failed.pk, corrections, by=ben.person, at=at)

    assert refused.value.code == code
    assert Email.objects.count() == 1


def test_an_email_that_is_still_under_way_is_not_sent_elsewhere(
    ben: Membership, at: datetime
) -> None:
    email = builders.queued(builders.user_email(ben, at=at), at=at, to=(WRONG,))

    with pytest.raises(Refused, match="come to an end"):
        send_corrected(email.pk, {WRONG: GOOD}, by=ben.person, at=at)


def test_whoever_has_it_gets_it_again_only_if_that_is_meant(
    failed: Email, ben: Membership, at: datetime
) -> None:
    new = send_corrected(failed.pk, {WRONG: GOOD}, by=ben.person, at=at, again=True)

    assert [each.address for each in new.recipients.all()] == [GOOD]


def _sent_with(document: Document, membership: Membership, at: datetime) -> Email:
    """An email with this document that came to its end."""
    mailbox = builders.user_email(membership, at=at)
    file = LetterFile("RE.pdf", "application/pdf", b"%PDF-1.7", document)
    letter = replace(builders.letter(mailbox, (WRONG,)), enclosures=(file,))
    email = accept(letter, mailbox=mailbox, terms=Terms(at=at, by=membership.person))
    Email.objects.filter(pk=email.pk).update(state=State.FAILED)
    return email


def _message(email: Email) -> EmailMessage:
    read = message_from_bytes(settings.BLOBS.get(email.message), policy=policy.default)
    assert isinstance(read, EmailMessage)
    assert not read.defects
    return read


def _body(email: Email) -> bytes:
    return bytes(settings.BLOBS.get(email.message)).partition(b"\r\n\r\n")[2]
