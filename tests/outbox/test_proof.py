"""The proof of sending, read back with pdftotext: what is known, and no more."""

from __future__ import annotations

import hashlib
import re
import subprocess
import threading
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from outtray.delivery.once import deliver_now
from outtray.outbox.accept import Terms, accept
from outtray.outbox.cancel import cancel
from outtray.outbox.models import Email
from outtray.outbox.proof import proof_of
from outtray.people.models import Membership
from tests import builders
from tests.conftest import TurnedClock
from tests.servers.presence import require
from tests.servers.scripted import ScriptedServer

BERLIN = ZoneInfo("Europe/Berlin")
TO = ("einkauf@kunde.example", "chef@kunde.example")


def said(email: Email, at: datetime) -> str:
    """What stands on the paper, without its line breaks."""
    pdf = proof_of(email, at=at, zone=BERLIN)
    command = [str(require("pdftotext", "poppler-utils")), "-layout", "-", "-"]
    text = subprocess.run(command, input=pdf.content, capture_output=True, check=True).stdout
    return re.sub(r"\s+", " ", text.decode().replace("\u200b", ""))


def sent(
    server: ScriptedServer, ben: Membership, clock: TurnedClock, to: Sequence[str] = TO
) -> Email:
    mailbox = builders.user_email(ben, at=clock.now(), port=server.port)
    terms = Terms(at=clock.now(), by=ben.person)
    email = accept(builders.letter(mailbox, to), mailbox=mailbox, terms=terms)
    deliver_now([email.pk], clock=clock, stop=threading.Event())
    return builders.reload(email)


def test_it_says_what_went_to_whom_and_what_the_server_answered(
    smtp_server: ScriptedServer, ben: Membership, clock: TurnedClock
) -> None:
    email = sent(smtp_server, ben, clock)

    text = said(email, clock.now())

    content = settings.BLOBS.get(email.message)
    reply = email.recipients.all()[0].reply
    for fact in (
        "The mail server accepted this message for all of its 2 recipients.",
        "It does not mean that the message reached an inbox, or that somebody read it.",
        f"Message-ID {email.message_id}",
        "Ben Behrens (ben@nordwind.example)",
        "23 Nov 2026, 10:00:00 CET (UTC+01:00)",
        "einkauf@kunde.example",
        "Main Email",
        f"through {email.attempts.get().server}",
        reply.splitlines()[0],
        "Sent: the server accepted it",
        "RE-1.pdf",
        f"{email.message_size:,} bytes",
    ):
        assert fact in text
    squeezed = text.replace(" ", "")
    assert hashlib.sha256(content).hexdigest() in squeezed
    assert hashlib.sha256(b"%PDF-1.7 small").hexdigest() in squeezed
    assert "Not found" not in text


def test_one_refused_recipient_is_not_proved(
    smtp_server: ScriptedServer, ben: Membership, clock: TurnedClock
) -> None:
    smtp_server.answers("RCPT <chef@kunde.example>", "550 5.1.1 User unknown")

    text = said(sent(smtp_server, ben, clock), clock.now())

    assert "accepted this message for 1 of its 2 recipients. It was refused for 1" in text
    assert "550 5.1.1 User unknown" in text


def test_an_unknown_outcome_is_called_unknown(
    smtp_server: ScriptedServer, ben: Membership, clock: TurnedClock
) -> None:
    smtp_server.drops_after("CONTENT")

    text = said(sent(smtp_server, ben, clock, TO[:1]), clock.now())

    assert "No mail server is known to have accepted this message." in text
    assert "It is not known what became of it for its recipient." in text
    assert "This is no proof that it was." in text
    assert "Accepted by the server" not in text


def test_what_was_not_sent_is_no_proof(ben: Membership, at: datetime) -> None:
    email = builders.queued(builders.user_email(ben, at=at), at=at)
    waiting = said(email, at)
    cancel(email.pk, by=ben.person, at=at)

    assert "It has not been sent yet to its recipient." in waiting
    assert "No attempt was made yet." in waiting
    assert "It was cancelled before it was sent to its recipient." in said(
        builders.reload(email), at
    )


def test_a_lost_message_is_said_to_be_lost(ben: Membership, at: datetime) -> None:
    email = builders.queued(builders.user_email(ben, at=at), at=at)
    Email.objects.filter(pk=email.pk).update(message="0" * 64)

    text = said(builders.reload(email), at)

    assert "SHA-256 not known" in text
    assert "The message itself is no longer kept here" in text
    assert "Not found in the message" in text


def test_any_writing_can_be_printed_and_nothing_is_left_out(ben: Membership, at: datetime) -> None:
    mailbox = builders.user_email(ben, at=at)
    letter = builders.letter(
        mailbox, subject="Rechnung 請求書 فاتورة 🧾 [#eval(1)] $x$ " + "W" * 150
    )
    email = accept(letter, mailbox=mailbox, terms=Terms(at=at, by=ben.person))

    text = said(email, at)

    assert "請求書" in text
    assert "U+1F9FE" in text
    assert "[#eval(1)] $x$" in text
    assert "W" * 150 in text.replace(" ", "")


def test_the_same_proof_has_the_same_bytes(ben: Membership, at: datetime) -> None:
    email = builders.queued(builders.user_email(ben, at=at), at=at)

    first, second = (proof_of(email, at=at, zone=BERLIN) for _ in range(2))

    assert first == second
    assert first.pages == 1
