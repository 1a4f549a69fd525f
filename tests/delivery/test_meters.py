"""What delivery counts."""

from __future__ import annotations

from collections.abc import Mapping

from outtray.delivery.meters import REGISTRY, attempt_ended, sitting_ended
from outtray.outbox.states import State
from outtray.transports.base import Scope


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


def _value(name: str, labels: Mapping[str, str]) -> float | None:
    return REGISTRY.get_sample_value(name, dict(labels))
