"""A worker is killed between the server's yes and our note of it; nobody has to do anything."""

from __future__ import annotations

import signal
from datetime import UTC, datetime

import pytest

from outtray.delivery.worker import Step
from outtray.mailboxes.models import Mailbox
from outtray.outbox.states import State
from outtray.returns.verdict import SETTLING
from tests.builders import queued, reload
from tests.conftest import Run, TurnedClock
from tests.delivery.test_crash import start_worker
from tests.returns.conftest import BEN
from tests.servers.scripted import ScriptedServer
from tests.servers.sent_folders import SentFolders

pytestmark = [
    pytest.mark.crash,
    pytest.mark.servers,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def clock() -> TurnedClock:
    """The worker process lives in the real time, so this clock starts there."""
    return TurnedClock(datetime.now(UTC))  # noqa: TID251 - shared with another process


def test_an_email_whose_worker_was_killed_after_the_final_dot_is_found_and_sent_once(
    mailbox: Mailbox,
    clock: TurnedClock,
    run_until_idle: Run,
    look_up: Run,
    smtp_server: ScriptedServer,
    sent_folders: SentFolders,
) -> None:
    email = queued(mailbox, at=clock.now())
    worker = start_worker(mailbox, Step.ANSWERED)
    assert worker.wait(60) == -signal.SIGKILL
    ((_, content),) = smtp_server.received
    sent_folders.file(BEN, content)

    run_until_idle()
    left_behind = reload(email)
    clock.turn(SETTLING)
    look_up()
    run_until_idle()

    assert left_behind.state == State.UNKNOWN
    assert reload(email).state == State.SENT
    assert len(smtp_server.received) == 1
    assert [event.by for event in email.events.all()] == [None] * email.events.count()
