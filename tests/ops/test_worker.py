"""Worker processes that share the Email Queue through a PostgreSQL."""

from __future__ import annotations

import email as mail
import signal
import subprocess
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from outtray.config import env
from outtray.mailboxes.models import Mailbox
from outtray.outbox.models import Email
from outtray.outbox.states import State
from outtray.people.models import Membership
from tests.builders import queued, user_email
from tests.ops.running import ROOT, command, run, until
from tests.servers.postgresql import restart_ours
from tests.servers.scripted import ScriptedServer

if not settings.IS_CLUSTER:
    pytest.skip("needs a PostgreSQL: make test DATABASE=postgresql", allow_module_level=True)

from outtray.engine.announcer import Announcer

pytestmark = pytest.mark.django_db(transaction=True)

Worker = subprocess.Popen[str]
Start = Callable[[], Worker]


@pytest.fixture
def at() -> datetime:
    """Worker processes live in the real time."""
    return datetime.now(UTC)  # noqa: TID251 - shared with other processes


@pytest.fixture
def mailbox(ben: Membership, at: datetime, smtp_server: ScriptedServer) -> Mailbox:
    return user_email(ben, at=at, port=smtp_server.port)


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts `outtray worker` processes on the test run's database and folder."""
    with ExitStack() as started:

        def start() -> Worker:
            process = subprocess.Popen(
                command(settings.DATA, "worker", **_variables()),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                cwd=ROOT,
            )
            started.callback(process.communicate)
            started.callback(process.kill)
            assert process.stdout
            assert process.stdout.readline().startswith("working")
            return process

        yield start


def said_by(worker: Worker) -> list[str]:
    """The lines that it has said so far; more are added as they come."""
    lines: list[str] = []

    def hear() -> None:
        assert worker.stdout
        with suppress(ValueError):  # the end of the test closes it
            for line in worker.stdout:
                lines.append(line)  # noqa: PERF402 - they are read while they come

    threading.Thread(target=hear, daemon=True).start()
    return lines


def test_two_workers_send_every_email_once(
    start: Start, mailbox: Mailbox, anna: Membership, at: datetime, smtp_server: ScriptedServer
) -> None:
    other = user_email(anna, at=at, port=smtp_server.port)
    emails = [queued(sender, at=at) for _ in range(100) for sender in (mailbox, other)]

    start()
    start()
    until(lambda: _states() == {State.SENT: 200})

    assert _taken(smtp_server) == {email.message_id: 1 for email in emails}


def test_a_killed_worker_costs_one_unknown_email_at_most(
    start: Start, mailbox: Mailbox, at: datetime, smtp_server: ScriptedServer
) -> None:
    for _ in range(20):
        queued(mailbox, at=at)
    stall = smtp_server.stalls_at("CONTENT")
    doomed = start()
    stall.wait_until_reached()

    doomed.kill()
    doomed.wait()
    smtp_server.behaves()
    stall.release()
    start()
    until(lambda: _states() == {State.SENT: 19, State.UNKNOWN: 1})

    assert all(times == 1 for times in _taken(smtp_server).values())


def test_a_restart_of_the_database_in_the_middle_loses_nothing(
    start: Start, mailbox: Mailbox, at: datetime, smtp_server: ScriptedServer
) -> None:
    emails = [queued(mailbox, at=at) for _ in range(20)]
    stall = smtp_server.stalls_at("RCPT")
    start()
    stall.wait_until_reached()

    connection.close()
    restart_ours()
    smtp_server.behaves()
    stall.release()
    until(lambda: _states() == {State.SENT: 20})

    assert _taken(smtp_server) == {email.message_id: 1 for email in emails}


def test_what_is_queued_after_a_restart_of_the_database_is_announced_again(
    start: Start, mailbox: Mailbox, at: datetime
) -> None:
    start()
    until(_somebody_listens)
    connection.close()
    restart_ours()
    until(_somebody_listens)

    with transaction.atomic():
        queued(mailbox, at=at)
        Announcer().wake("mailbox", f"{mailbox.company_id}/{mailbox.pk}", urgent=True)

    until(lambda: _states() == {State.SENT: 1})


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_a_worker_in_peace(
    number: signal.Signals,
    start: Start,
    mailbox: Mailbox,
    at: datetime,
    smtp_server: ScriptedServer,
) -> None:
    for _ in range(5):
        queued(mailbox, at=at)
    stall = smtp_server.stalls_at("CONTENT")
    worker = start()
    stall.wait_until_reached()

    said = said_by(worker)
    worker.send_signal(number)
    until(lambda: any("stopping" in line for line in said))
    smtp_server.behaves()
    stall.release()

    assert worker.wait(30) == 0
    assert _states() == {State.SENT: 1, State.QUEUED: 4}


def test_a_worker_needs_a_postgresql(tmp_path: Path) -> None:
    refused = run(tmp_path, "worker", OUTTRAY_DATABASE_URL="")

    assert refused.returncode == 1
    assert refused.stderr.startswith("outtray: Workers share their work through PostgreSQL")


def test_a_worker_without_the_keys_of_the_others_does_not_start(tmp_path: Path) -> None:
    refused = run(tmp_path, "worker", **_variables())

    assert refused.returncode == 1
    assert refused.stderr.startswith(f"outtray: There is no key ring at {tmp_path}/keys/ring.json")


def test_a_worker_with_other_keys_does_not_start(tmp_path: Path, mailbox: Mailbox) -> None:
    assert run(tmp_path, "migrate", OUTTRAY_DATABASE_URL="").returncode == 0

    refused = run(tmp_path, "worker", **_variables())

    assert refused.returncode == 1
    assert "does not open the passwords in the database" in refused.stderr


def test_a_worker_whose_folder_is_not_the_shared_one_does_not_start(
    tmp_path: Path, mailbox: Mailbox, at: datetime
) -> None:
    queued(mailbox, at=at)
    keys = {"OUTTRAY_KEY_RING_FILE": str(settings.KEY_RING_FILE)}

    refused = run(tmp_path, "worker", **_variables(), **keys)

    assert refused.returncode == 1
    assert f"is not in {tmp_path}/blobs. All machines need the same folder" in refused.stderr


def test_a_database_that_does_not_answer_is_said_in_one_sentence(tmp_path: Path) -> None:
    url = "postgresql://outtray:hush@127.0.0.1:1/mail"

    refused = run(tmp_path, "serve", OUTTRAY_DATABASE_URL=url)

    assert refused.returncode == 1
    assert refused.stderr.startswith("outtray: The database mail at 127.0.0.1 cannot be reached")
    assert refused.stderr.count("\n") == 1
    assert "hush" not in refused.stderr


def _variables() -> dict[str, str]:
    """What a process must be told to work on the database of this test."""
    base, _, _ = env.text("OUTTRAY_DATABASE_URL").rpartition("/")
    return {
        "OUTTRAY_DATABASE_URL": f"{base}/{connection.settings_dict['NAME']}",
        "OUTTRAY_ALLOW_LOCAL": "1",
    }


def _states() -> Counter[str]:
    return Counter(Email.objects.values_list("state", flat=True))


def _taken(server: ScriptedServer) -> Counter[str]:
    """How often the server took each message."""
    messages = (mail.message_from_bytes(content) for _, content in server.received)
    return Counter(str(message["Message-ID"]) for message in messages)


def _somebody_listens() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
        (count,) = cursor.fetchone()
    return bool(count)
