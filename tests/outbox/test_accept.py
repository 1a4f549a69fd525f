"""What is accepted is ours: frozen, once, and found again."""

from __future__ import annotations

import email as mail
import errno
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django import Settings

from outtray.lib.blobs import FileBlobs
from outtray.lib.errors import Refused
from outtray.outbox.accept import Terms, accept, accept_all, prepare
from outtray.outbox.enclosures import content_of
from outtray.outbox.models import Email, Event
from outtray.outbox.states import RecipientState, State
from outtray.people.models import Membership
from tests.builders import letter, queued, user_email


def test_an_accepted_email_holds_the_bytes_that_will_be_sent(ben: Membership, at: datetime) -> None:
    mailbox = user_email(ben, at=at)

    accepted = queued(mailbox, at=at)

    message = mail.message_from_bytes(settings.BLOBS.get(accepted.message))
    assert message["Message-ID"] == accepted.message_id
    assert message["Subject"] == "Invoice"
    assert accepted.state == State.QUEUED
    assert accepted.recipients.get().state == RecipientState.WAITING
    assert content_of(accepted.enclosures.get()) == b"%PDF-1.7 small"
    assert [event.code for event in accepted.events.all()] == ["accepted"]


def test_the_same_key_and_request_answer_the_same_email(ben: Membership, at: datetime) -> None:
    mailbox = user_email(ben, at=at)
    terms = Terms(at=at, key="order-7", fingerprint="a")
    first = accept(letter(mailbox), mailbox=mailbox, terms=terms)

    second = accept(letter(mailbox), mailbox=mailbox, terms=terms)

    assert second.pk == first.pk
    assert Email.objects.count() == 1


def test_the_same_key_with_another_request_is_refused(ben: Membership, at: datetime) -> None:
    mailbox = user_email(ben, at=at)
    accept(letter(mailbox), mailbox=mailbox, terms=Terms(at=at, key="k", fingerprint="a"))

    with pytest.raises(Refused) as refused:
        accept(letter(mailbox), mailbox=mailbox, terms=Terms(at=at, key="k", fingerprint="b"))

    assert refused.value.code == "idempotency_key_reused"
    assert Email.objects.count() == 1


def test_several_letters_under_one_key_are_found_again_in_order(
    ben: Membership, at: datetime
) -> None:
    mailbox = user_email(ben, at=at)
    letters = [
        prepare(letter(mailbox, subject=subject), mailbox=mailbox, at=at) for subject in "abc"
    ]
    terms = Terms(at=at, key="batch", fingerprint="f")

    first = accept_all(letters, terms)
    again = accept_all(letters, terms)

    assert [email.subject for email in again] == ["a", "b", "c"]
    assert [email.pk for email in again] == [email.pk for email in first]


def test_another_company_may_use_the_same_key(
    ben: Membership, clara: Membership, at: datetime
) -> None:
    here, there = user_email(ben, at=at), user_email(clara, at=at)
    terms = Terms(at=at, key="order-7", fingerprint="a")

    first = accept(letter(here), mailbox=here, terms=terms)
    second = accept(letter(there), mailbox=there, terms=terms)

    assert first.pk != second.pk


class FullDisk(FileBlobs):
    """A disk without room."""

    def put(self, content: bytes) -> str:
        raise OSError(errno.ENOSPC, "No space left on device", len(content))


def test_a_full_disk_accepts_nothing_and_says_so(
    ben: Membership, at: datetime, settings: Settings, tmp_path: Path
) -> None:
    mailbox = user_email(ben, at=at)
    settings.BLOBS = FullDisk(tmp_path)

    with pytest.raises(Refused) as refused:
        queued(mailbox, at=at)

    assert refused.value.code == "disk_full"
    assert not Email.objects.exists()
    assert not Event.objects.exists()
