"""Copies of what was sent, in the Sent folder of a real Dovecot."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from outtray.lib.errors import Refused
from outtray.lib.sealing import Secret
from outtray.mailboxes import history
from outtray.mailboxes.copies import keeps_copy, note_filing, save_keeping
from outtray.mailboxes.health import pause
from outtray.mailboxes.keyring import ring
from outtray.mailboxes.models import Mailbox
from outtray.outbox.models import Email, SentCopy
from outtray.outbox.settle import FILING
from outtray.outbox.states import State
from outtray.people.models import Membership
from outtray.returns.file_copy import LEASE, WAITS, FileCopyWork
from tests.builders import queued, reload
from tests.conftest import Run, TurnedClock
from tests.returns.conftest import BEN
from tests.servers.processes import free_ports
from tests.servers.scripted import ScriptedServer
from tests.servers.sent_folders import SentFolders

pytestmark = [pytest.mark.servers, pytest.mark.django_db]


@pytest.fixture
def keeping(mailbox: Mailbox) -> Mailbox:
    """Ben's mailbox, whose server was seen to keep no copy."""
    mailbox.seen_to_file = False
    mailbox.save(update_fields=["seen_to_file"])
    return mailbox


@pytest.fixture
def file_copies(clock: TurnedClock) -> Run:
    """File the copies that are due at the clock's time."""
    work = FileCopyWork(clock)

    def run() -> None:
        for key in work.due(clock.now()):
            again_at = work.do(key, threading.Event())
            assert again_at is None or again_at > clock.now(), "it would try again at once"

    return run


@pytest.fixture
def sent(keeping: Mailbox, clock: TurnedClock, run_until_idle: Run) -> Email:
    """An email that has just left, when its server has had the time to file it."""
    email = queued(keeping, at=clock.now())
    run_until_idle()
    assert reload(email).state == State.SENT
    clock.turn(FILING)
    return email


def codes(email: Email) -> list[str]:
    return list(email.events.values_list("code", flat=True))


def test_what_was_sent_lies_in_the_sent_folder_byte_for_byte(
    sent: Email, smtp_server: ScriptedServer, sent_folders: SentFolders, file_copies: Run
) -> None:
    file_copies()

    (kept,) = sent_folders.messages(BEN, "Sent")
    assert kept.content == smtp_server.received[0].content
    assert "\\Seen" in kept.flags
    assert codes(sent)[-2:] == ["sent", "filed"]
    assert not SentCopy.objects.exists()


def test_a_copy_that_the_server_has_filed_itself_is_left_alone(
    sent: Email,
    clock: TurnedClock,
    smtp_server: ScriptedServer,
    sent_folders: SentFolders,
    file_copies: Run,
) -> None:
    sent_folders.file(BEN, smtp_server.received[0].content, at=clock.now())

    file_copies()

    assert len(sent_folders.messages(BEN, "Sent")) == 1
    (filed,) = sent.events.filter(code="filed")
    assert filed.detail == {"folder": "Sent", "was_there": True}


def test_nothing_is_copied_before_the_server_had_time_to_do_so(
    keeping: Mailbox, clock: TurnedClock, run_until_idle: Run, file_copies: Run
) -> None:
    queued(keeping, at=clock.now())
    run_until_idle()

    file_copies()

    assert SentCopy.objects.count() == 1


@pytest.mark.parametrize("seen", [True, None])
def test_where_the_server_keeps_copies_or_nobody_knows_none_is_wanted(
    mailbox: Mailbox, clock: TurnedClock, run_until_idle: Run, seen: bool | None
) -> None:
    mailbox.seen_to_file = seen
    mailbox.save(update_fields=["seen_to_file"])

    queued(mailbox, at=clock.now())
    run_until_idle()

    assert not SentCopy.objects.exists()


def test_an_email_that_failed_leaves_no_copy(
    keeping: Mailbox, clock: TurnedClock, smtp_server: ScriptedServer, run_until_idle: Run
) -> None:
    smtp_server.answers("RCPT", "550 5.1.1 No such user")

    queued(keeping, at=clock.now())
    run_until_idle()

    assert not SentCopy.objects.exists()


def test_a_server_that_is_down_is_tried_a_few_times_and_the_email_stays_sent(
    sent: Email, keeping: Mailbox, clock: TurnedClock, smtp_server: ScriptedServer, file_copies: Run
) -> None:
    keeping.settings |= {"imap_port": free_ports(1)[0]}
    keeping.save(update_fields=["settings"])

    for wait in (*WAITS, timedelta()):
        file_copies()
        clock.turn(wait)

    assert codes(sent)[-1] == "not_filed"
    assert reload(sent).state == State.SENT
    assert len(smtp_server.received) == 1
    assert not SentCopy.objects.exists()


def test_a_refused_password_is_tried_once_and_noted(
    sent: Email, keeping: Mailbox, clock: TurnedClock, file_copies: Run
) -> None:
    credential = keeping.credential
    credential.sealed = ring().seal(Secret("stale"), context=keeping.sealing_context)
    credential.save(update_fields=["sealed"])
    SentCopy.objects.create(
        email=queued(keeping, at=clock.now()),
        mailbox=keeping,
        sent_at=clock.now(),
        due_at=clock.now() + timedelta(minutes=1),
    )

    file_copies()
    clock.turn(timedelta(minutes=1))
    file_copies()

    assert not SentCopy.objects.exists()
    assert codes(sent)[-1] == "not_filed"
    assert keeping.events.filter(code=history.Code.SENT_FOLDER_CLOSED).count() == 1


def test_while_the_mailbox_waits_for_a_person_nobody_logs_in(
    sent: Email, keeping: Mailbox, clock: TurnedClock, sent_folders: SentFolders, file_copies: Run
) -> None:
    pause(keeping.pk, cause="wrong_password", failure={}, until=None, at=clock.now())

    file_copies()

    assert SentCopy.objects.get(email=sent).due_at > clock.now()
    assert not keeping.events.filter(code=history.Code.SENT_FOLDER_CLOSED).exists()


def test_a_worker_that_died_leaves_the_copy_to_the_next_and_never_two(
    sent: Email, clock: TurnedClock, sent_folders: SentFolders, file_copies: Run
) -> None:
    taken = SentCopy.objects.get(email=sent)
    file_copies()
    taken.save(force_insert=True)
    clock.turn(LEASE)

    file_copies()

    assert len(sent_folders.messages(BEN, "Sent")) == 1


def test_a_person_decides_otherwise(ben: Membership, keeping: Mailbox, clock: TurnedClock) -> None:
    save_keeping(ben, keeping, keep=False, at=clock.now())
    assert not keeps_copy(keeping)

    save_keeping(ben, keeping, keep=None, at=clock.now())
    assert keeps_copy(keeping)
    assert keeping.events.filter(code=history.Code.CHANGED).count() == 2


def test_only_who_may_change_the_mailbox_decides(
    clara: Membership, keeping: Mailbox, clock: TurnedClock
) -> None:
    with pytest.raises(Refused):
        save_keeping(clara, keeping, keep=True, at=clock.now())

    keeping.refresh_from_db()
    assert keeping.keep_sent_copy is None


def test_without_imap_there_is_nothing_to_keep(keeping: Mailbox) -> None:
    keeping.settings = {key: keeping.settings[key] for key in ("host", "port", "security")}
    keeping.keep_sent_copy = True

    assert not keeps_copy(keeping)


@pytest.mark.parametrize(
    ("provider", "seen", "keeps"),
    [
        ("", "no", True),
        ("", "yes", False),
        ("", "unknown", False),
        ("gmail", "no", False),
    ],
)
def test_what_is_known_of_the_provider_counts_before_what_validate_saw(
    mailbox: Mailbox, provider: str, seen: str, *, keeps: bool
) -> None:
    mailbox.provider = provider
    mailbox.save(update_fields=["provider"])

    note_filing(mailbox, seen)

    mailbox.refresh_from_db()
    assert keeps_copy(mailbox) is keeps
