"""What Prometheus is told, and whom else."""

from __future__ import annotations

import http.client
from contextlib import closing
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from outtray.mailboxes.models import Health, Quota
from outtray.ops.gauges import GAUGES, Scrape
from outtray.ops.metrics import serve_metrics
from outtray.outbox.models import Email
from outtray.outbox.standstill import hold_delivery
from outtray.outbox.states import State
from outtray.people.models import Membership
from tests.builders import queued, user_email
from tests.ops.running import free_port


def test_the_open_emails_are_told_by_state(anna: Membership, at: datetime) -> None:
    mailbox = user_email(anna, at=at)
    emails = [queued(mailbox, at=at) for _ in range(4)]
    _move(emails[1], State.HELD)
    _move(emails[2], State.UNKNOWN)
    _move(emails[3], State.SENT)

    told = _told(at)

    assert told["outtray_emails"] == {"queued": 1, "held": 1, "sending": 0, "unknown": 1}
    assert told["outtray_unknown_emails_for_a_person"] == {"": 1}


def test_what_is_due_is_told_by_how_its_mailbox_stands(
    anna: Membership, ben: Membership, clara: Membership, at: datetime
) -> None:
    ready, paused = user_email(anna, at=at), user_email(ben, at=at, health=Health.PAUSED)
    resting = user_email(clara, at=at)
    Quota.objects.create(mailbox=resting, rest_until=at + timedelta(hours=2))
    for mailbox in (ready, paused, paused, resting):
        queued(mailbox, at=at)

    told = _told(at + timedelta(minutes=1))

    due = {"ready": 1, "resting": 1, "paused": 2, "unvalidated": 0}
    assert told["outtray_due_emails"] == due
    assert told["outtray_oldest_due_seconds"]["ready"] == 60
    assert told["outtray_oldest_due_seconds"]["unvalidated"] == 0
    assert told["outtray_mailboxes"] == {"ready": 2, "paused": 1, "unvalidated": 0}


def test_a_standstill_is_told(db: None, at: datetime) -> None:
    before = _told(at)

    hold_delivery("It was copied.", at=at)

    assert before["outtray_delivery_held"] == {"": 0}
    assert _told(at)["outtray_delivery_held"] == {"": 1}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="asks SQLite for its plan")
def test_no_gauge_reads_through_the_history(anna: Membership, at: datetime) -> None:
    queued(user_email(anna, at=at), at=at)

    with CaptureQueriesContext(connection) as asked:
        _told(at)

    plans = [_plan(query["sql"]) for query in asked.captured_queries]
    assert plans
    assert not [step for plan in plans for step in plan if step == "SCAN outbox_email"]


def test_the_page_names_nobody(client: Client, anna: Membership, at: datetime) -> None:
    mailbox = user_email(anna, at=at)
    email = queued(mailbox, at=at)

    page = client.get("/metrics", headers={"Host": "localhost"})

    names = {family.name for family in text_string_to_metric_families(page.text)}
    assert {"outtray_attempts", "outtray_emails", "outtray_build_info"} <= names
    assert "process_resident_memory_bytes" in names
    for secret in (anna.company.name, mailbox.address, str(mailbox.pk), str(email.pk), "kunde"):
        assert secret not in page.text


@pytest.mark.parametrize(
    ("remote", "headers"),
    [
        ("203.0.113.7", {"Host": "localhost"}),
        ("127.0.0.1", {"Host": "outtray.example.com"}),
        ("127.0.0.1", {"Host": "localhost", "X-Forwarded-For": "203.0.113.7"}),
    ],
)
def test_without_a_token_only_this_machine_may_ask(
    client: Client, db: None, settings: Settings, remote: str, headers: dict[str, str]
) -> None:
    settings.ALLOWED_HOSTS = ["*"]

    here = client.get("/metrics", headers={"Host": "localhost:8025"}, REMOTE_ADDR="::1")
    there = client.get("/metrics", headers=headers, REMOTE_ADDR=remote)

    assert (here.status_code, there.status_code) == (200, 403)
    assert "OUTTRAY_METRICS_TOKEN" in there.text


def test_with_a_token_whoever_knows_it_may_ask(
    client: Client, db: None, settings: Settings
) -> None:
    settings.METRICS_TOKEN = "a quiet harbour"

    known = client.get("/metrics", headers={"Authorization": "Bearer a quiet harbour"})
    unknown = client.get("/metrics", headers={"Authorization": "Bearer a loud harbour"})
    without = client.get("/metrics")

    assert [answer.status_code for answer in (known, unknown, without)] == [200, 403, 403]


def test_a_worker_tells_what_it_has_counted(settings: Settings) -> None:
    settings.METRICS_TOKEN = "a quiet harbour"
    port = free_port()

    serve_metrics(port)

    assert _ask(port, "/metrics", "Bearer a quiet harbour") == 200
    assert _ask(port, "/metrics", "") == 403
    assert _ask(port, "/health/live", "") == 200
    assert _ask(port, "/", "Bearer a quiet harbour") == 404


def _told(at: datetime) -> dict[str, dict[str, float]]:
    scrape = Scrape(at)
    return {gauge.name: dict(gauge.read(scrape)) for gauge in GAUGES}


def _move(email: Email, state: State) -> None:
    Email.objects.filter(pk=email.pk).update(state=state)


def _plan(sql: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return [step for *_, step in cursor.fetchall()]


def _ask(port: int, path: str, authorization: str) -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as asked:
        asked.request("GET", path, headers={"Authorization": authorization})
        return asked.getresponse().status
