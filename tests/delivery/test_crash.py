"""A worker is killed at each numbered step; then what arrived is counted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from outtray.delivery.worker import Step
from outtray.mailboxes.models import Mailbox
from outtray.outbox.models import Email
from outtray.outbox.states import State
from outtray.people.models import Membership
from tests.builders import queued, reload, user_email
from tests.conftest import Run, TurnedClock
from tests.servers.scripted import ScriptedServer

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]

# What must have become of the email when another worker has taken over, and how often the
# server has taken it by then.
CONSEQUENCE = {
    Step.CLAIMED: (State.SENT, 1),
    Step.CONNECTED: (State.SENT, 1),
    Step.TRANSMITTING: (State.UNKNOWN, 0),
    Step.ANSWERED: (State.UNKNOWN, 1),
    Step.SETTLED: (State.SENT, 1),
}


@pytest.fixture
def clock() -> TurnedClock:
    """The worker process lives in the real time, so this clock starts there."""
    return TurnedClock(datetime.now(UTC))  # noqa: TID251 - shared with another process


@pytest.fixture
def mailbox(ben: Membership, clock: TurnedClock, smtp_server: ScriptedServer) -> Mailbox:
    return user_email(ben, at=clock.now(), port=smtp_server.port)


def start_worker(mailbox: Mailbox, step: int) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings_child"}  # noqa: TID251
    command = [sys.executable, "-m", "tests.delivery.crash_worker", str(mailbox.pk), str(step)]
    return subprocess.Popen(command, env=environment)


@pytest.mark.parametrize("step", Step)
def test_a_worker_killed_at_a_step_loses_nothing_and_doubles_nothing(
    step: Step,
    mailbox: Mailbox,
    clock: TurnedClock,
    run_until_idle: Run,
    smtp_server: ScriptedServer,
) -> None:
    email = queued(mailbox, at=clock.now())
    worker = start_worker(mailbox, step)
    assert worker.wait(60) == -signal.SIGKILL

    run_until_idle()

    assert (reload(email).state, len(smtp_server.received)) == CONSEQUENCE[step]


@pytest.mark.parametrize(("stage", "expected"), [("RCPT", State.SENT), ("CONTENT", State.UNKNOWN)])
def test_a_worker_killed_while_the_server_thinks_is_told_apart_by_the_stage(
    stage: str,
    expected: State,
    mailbox: Mailbox,
    clock: TurnedClock,
    run_until_idle: Run,
    smtp_server: ScriptedServer,
) -> None:
    email = queued(mailbox, at=clock.now())
    stall = smtp_server.stalls_at(stage)
    worker = start_worker(mailbox, 0)
    stall.wait_until_reached()
    worker.kill()
    worker.wait(60)

    smtp_server.behaves()
    stall.release()
    run_until_idle()

    assert reload(email).state == expected
    assert len(smtp_server.received) <= 1


def test_of_a_batch_only_the_one_in_hand_is_unknown(
    mailbox: Mailbox, clock: TurnedClock, run_until_idle: Run, smtp_server: ScriptedServer
) -> None:
    emails = [queued(mailbox, at=clock.now()) for _ in range(5)]
    worker = start_worker(mailbox, Step.ANSWERED)
    assert worker.wait(60) == -signal.SIGKILL

    run_until_idle()

    states = list(Email.objects.order_by("id").values_list("state", flat=True))
    assert states == [State.UNKNOWN, *[State.SENT] * 4]
    assert len(smtp_server.received) == len(emails)
