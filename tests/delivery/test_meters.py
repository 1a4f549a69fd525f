"""What delivery counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from threading import Event

from outtray.delivery.meters import REGISTRY, attempt_ended, sitting_ended
from outtray.delivery.work import UpkeepWork
from outtray.outbox.claim import begin_transmitting, claim_due
from outtray.outbox.models import Email
from outtray.outbox.states import State
from outtray.people.models import Membership
from outtray.transports.base import Scope
from tests.builders import queued, user_email
from tests.conftest import TurnedClock


def test_an_attempt_is_counted_by_what_it_left_the_email_as() -> None:
    sent = {"transport": "t1", "result": "sent", "scope": "", "permanence": ""}
    full = {"transport": "t1", "result": "retried", "scope": "recipient", "permanence": "temporary"}

    attempt_ended("t1", State.SENT, seconds=0.2)
    attempt_ended("t1", State.QUEUED, Scope.RECIPIENT, is_temporary=True)
    attempt_ended("t1", State.QUEUED, Scope.RECIPIENT, is_temporary=True)

    assert _value("outtray_attempts_total", sent) == 1
    assert _value("outtray_attempts_total", full) == 2
    assert _value("outtray_attempt_seconds_count", {"transport": "t1"}) == 1


def test_a_sitting_is_counted_with_its_length() -> None:
    sitting_ended("t2", 0.2)
    sitting_ended("t2", 40)

    assert _value("outtray_sitting_seconds_count", {"transport": "t2"}) == 2
    assert _value("outtray_sitting_seconds_bucket", {"transport": "t2", "le": "0.5"}) == 1


def test_an_email_whose_worker_died_while_handing_over_is_counted_as_unknown(
    ben: Membership, clock: TurnedClock
) -> None:
    at = clock.now()
    unknown = {"transport": "smtp", "result": "unknown", "scope": "", "permanence": ""}
    before = _value("outtray_attempts_total", unknown) or 0
    mailbox = user_email(ben, at=at)
    for _ in range(2):
        queued(mailbox, at=at)
    began, idle = claim_due(mailbox.pk, 2, worker="elsewhere:1:one", at=at)
    begin_transmitting(began, server="mail.example", started_at=at, at=at)

    clock.turn(timedelta(hours=1))
    UpkeepWork(clock).do("all", Event())

    assert {each.pk: each.state for each in Email.objects.all()} == {
        began.email.pk: State.UNKNOWN,
        idle.email.pk: State.QUEUED,
    }
    assert _value("outtray_attempts_total", unknown) == before + 1


def _value(name: str, labels: Mapping[str, str]) -> float | None:
    return REGISTRY.get_sample_value(name, dict(labels))
