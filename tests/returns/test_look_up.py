"""Emails whose end is unknown, and a real Dovecot that may know."""

from __future__ import annotations

from datetime import timedelta

import pytest

from outtray.lib.sealing import Secret
from outtray.mailboxes.health import mark_validated, pause
from outtray.mailboxes.keyring import ring
from outtray.mailboxes.models import Mailbox
from outtray.mailboxes.routes import fingerprint_of
from outtray.outbox.models import Email
from outtray.outbox.standstill import hold_delivery
from outtray.outbox.states import RecipientState, State
from outtray.returns.verdict import SETTLING
from tests.builders import queued, reload
from tests.conftest import Run, TurnedClock
from tests.returns.conftest import BEN
from tests.servers.processes import free_ports
from tests.servers.scripted import ScriptedServer
from tests.servers.sent_folders import SentFolders

pytestmark = [pytest.mark.servers, pytest.mark.django_db]


@pytest.fixture
def sent_before(
    mailbox: Mailbox,
    clock: TurnedClock,
    run_until_idle: Run,
    smtp_server: ScriptedServer,
    sent_folders: SentFolders,
) -> Email:
    """An email that left in the usual way, and was filed by its server."""
    email = queued(mailbox, at=clock.now())
    run_until_idle()
    file_what_was_taken(smtp_server, sent_folders, clock)
    smtp_server.received.clear()
    return email


@pytest.fixture
def taken(
    mailbox: Mailbox, clock: TurnedClock, run_until_idle: Run, smtp_server: ScriptedServer
) -> Email:
    """The server took it, and the line broke before it said so."""
    email = queued(mailbox, at=clock.now())
    smtp_server.drops_after("CONTENT")
    run_until_idle()
    assert reload(email).state == State.UNKNOWN
    smtp_server.behaves()
    return email


@pytest.fixture
def not_taken(
    mailbox: Mailbox, clock: TurnedClock, run_until_idle: Run, smtp_server: ScriptedServer
) -> Email:
    """The server forgot it, and what it said was no answer."""
    email = queued(mailbox, at=clock.now())
    smtp_server.answers("CONTENT", b"???\r\n")
    run_until_idle()
    assert reload(email).state == State.UNKNOWN
    smtp_server.behaves()
    return email


def file_what_was_taken(
    smtp_server: ScriptedServer, sent_folders: SentFolders, clock: TurnedClock
) -> None:
    """What a server that files by itself does with all that it has taken."""
    for _, content in smtp_server.received:
        sent_folders.file(BEN, content, at=clock.now())


def codes(email: Email) -> list[str]:
    return list(email.events.values_list("code", flat=True))


def test_what_lies_in_the_sent_folder_was_sent(
    taken: Email,
    clock: TurnedClock,
    look_up: Run,
    smtp_server: ScriptedServer,
    sent_folders: SentFolders,
) -> None:
    file_what_was_taken(smtp_server, sent_folders, clock)

    clock.turn(SETTLING)
    look_up()

    assert reload(taken).state == State.SENT
    assert taken.recipients.get().state == RecipientState.ACCEPTED
    assert codes(taken)[-1] == "found"
    assert len(smtp_server.received) == 1


@pytest.mark.usefixtures("sent_before")
def test_a_copy_that_comes_late_is_found_at_a_later_look(
    taken: Email,
    clock: TurnedClock,
    look_up: Run,
    smtp_server: ScriptedServer,
    sent_folders: SentFolders,
) -> None:
    clock.turn(SETTLING)
    look_up()
    waiting = reload(taken)
    file_what_was_taken(smtp_server, sent_folders, clock)

    clock.turn(timedelta(minutes=1))
    look_up()

    assert waiting.look_up_at is not None
    assert reload(taken).state == State.SENT


def test_a_copy_proves_nothing_where_others_got_the_same_message_before(
    taken: Email,
    clock: TurnedClock,
    look_up: Run,
    smtp_server: ScriptedServer,
    sent_folders: SentFolders,
) -> None:
    file_what_was_taken(smtp_server, sent_folders, clock)
    taken.recipients.create(
        position=1, kind="to", address="other@kunde.example", state=RecipientState.ACCEPTED
    )

    clock.turn(SETTLING)
    look_up()

    assert reload(taken).state == State.UNKNOWN


def test_nobody_looks_while_the_server_may_still_be_at_work(
    taken: Email, clock: TurnedClock, look_up: Run
) -> None:
    clock.turn(SETTLING - timedelta(seconds=1))
    look_up()

    assert codes(taken)[-1] == "unknown"


@pytest.mark.usefixtures("filing_mailbox", "sent_before")
def test_what_provably_never_left_is_sent_once(
    not_taken: Email,
    clock: TurnedClock,
    look_up_for_hours: Run,
    run_until_idle: Run,
    smtp_server: ScriptedServer,
) -> None:
    unknown_at = clock.now()

    look_up_for_hours()
    queued_again = reload(not_taken)
    run_until_idle()

    assert queued_again.state == State.QUEUED
    assert queued_again.state_since - unknown_at == timedelta(minutes=81)
    assert reload(not_taken).state == State.SENT
    assert [not_taken.message_id.encode() in each.content for each in smtp_server.received] == [
        True
    ]


@pytest.mark.usefixtures("filing_mailbox")
def test_without_an_email_that_left_before_absence_proves_nothing(
    not_taken: Email, look_up_for_hours: Run
) -> None:
    look_up_for_hours()

    asked = reload(not_taken)
    assert (asked.state, asked.look_up_at) == (State.UNKNOWN, None)
    assert codes(not_taken)[-1] == "asked"


@pytest.mark.usefixtures("filing_mailbox", "sent_before")
def test_a_mailbox_saved_since_may_show_another_folder(
    mailbox: Mailbox, not_taken: Email, clock: TurnedClock, look_up_for_hours: Run
) -> None:
    changed_at = clock.now() + timedelta(seconds=1)
    Mailbox.objects.filter(pk=mailbox.pk).update(changed_at=changed_at)

    look_up_for_hours()

    assert reload(not_taken).state == State.UNKNOWN
    assert codes(not_taken)[-1] == "asked"


@pytest.mark.usefixtures("sent_before")
def test_where_the_server_need_not_file_a_person_is_asked(
    not_taken: Email, look_up_for_hours: Run
) -> None:
    look_up_for_hours()

    asked = reload(not_taken)
    assert (asked.state, asked.look_up_at) == (State.UNKNOWN, None)
    assert "need not keep" in asked.reason_detail


def test_without_settings_for_the_folder_a_person_is_asked_at_once(
    mailbox: Mailbox, taken: Email, clock: TurnedClock, look_up: Run
) -> None:
    kept = {name: value for name, value in mailbox.settings.items() if "imap" not in name}
    Mailbox.objects.update(settings=kept)

    clock.turn(SETTLING)
    look_up()

    asked = reload(taken)
    assert (asked.state, asked.look_up_at) == (State.UNKNOWN, None)
    assert asked.reason_detail == "No IMAP server is set up for this mailbox."


def test_a_refused_login_is_not_tried_again_until_the_mailbox_is_saved(
    mailbox: Mailbox, taken: Email, clock: TurnedClock, look_up: Run, sent_folders: SentFolders
) -> None:
    right = bytes(mailbox.credential.sealed)
    give(mailbox, ring().seal(Secret("guessed"), context=mailbox.sealing_context))
    clock.turn(SETTLING)
    look_up()
    first = codes(taken)[-1]

    give(mailbox, right)
    Email.objects.update(look_up_at=clock.now())
    look_up()

    assert first == "asked"
    assert "refused before" in reload(taken).reason_detail
    assert [line.code for line in mailbox.events.all()] == ["sent_folder_closed"]


def test_nobody_looks_with_a_password_that_was_refused_in_sending(
    mailbox: Mailbox,
    taken: Email,
    clock: TurnedClock,
    look_up: Run,
    smtp_server: ScriptedServer,
    sent_folders: SentFolders,
) -> None:
    file_what_was_taken(smtp_server, sent_folders, clock)
    pause(mailbox.pk, cause="password", failure={}, until=None, at=clock.now())
    clock.turn(SETTLING)
    look_up()
    closed = reload(taken)

    mark_validated(mailbox, fingerprint_of(mailbox), clock.turn(timedelta(hours=1)))
    look_up()

    assert closed.state == State.UNKNOWN
    assert "password was refused" in closed.reason_detail
    assert reload(taken).state == State.SENT


def give(mailbox: Mailbox, sealed: bytes) -> None:
    """Another password, without anybody's having saved the mailbox."""
    mailbox.credential.sealed = sealed
    mailbox.credential.save(update_fields=["sealed"])


def test_a_server_that_is_down_is_looked_into_when_it_is_back(
    mailbox: Mailbox,
    taken: Email,
    clock: TurnedClock,
    look_up: Run,
    look_up_for_hours: Run,
    smtp_server: ScriptedServer,
    sent_folders: SentFolders,
) -> None:
    (port,) = free_ports(1)
    Mailbox.objects.update(settings={**mailbox.settings, "imap_port": port})
    look_up_for_hours()
    down = reload(taken)

    file_what_was_taken(smtp_server, sent_folders, clock)
    Mailbox.objects.update(settings=mailbox.settings)
    clock.turn(timedelta(hours=1))
    look_up()

    assert down.look_up_at is not None
    assert "refused the connection" in down.reason_detail
    assert reload(taken).state == State.SENT


def test_nothing_is_looked_up_while_delivery_is_on_hold(
    taken: Email, clock: TurnedClock, look_up: Run
) -> None:
    hold_delivery("It woke up elsewhere.", at=clock.now())

    clock.turn(timedelta(hours=1))
    look_up()

    assert codes(taken)[-1] == "unknown"
