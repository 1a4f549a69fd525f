"""What delivery counts, for Prometheus: attempts and sittings of this process.

The labels name transports and kinds of failure, never a company, a mailbox or an address.
What can be read from the tables is read there (`ops/metrics.py`).
"""

from __future__ import annotations

from functools import cache
from uuid import UUID

import prometheus_client
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from outtray.outbox.states import State

# The time at which each counter began tells nothing that the process's start does not.
prometheus_client.disable_created_metrics()  # type: ignore[no-untyped-call] # the library's
REGISTRY = CollectorRegistry()

_ATTEMPTS = Counter(
    "outtray_attempts",
    "Attempts that ended, by what they left the email as (sent, failed, unknown, retried) "
    "and, where somebody said no, by whom that concerns and whether it was for now or for good. "
    "One whose worker died while handing over counts as unknown where that is found.",
    ("transport", "result", "scope", "permanence"),
    registry=REGISTRY,
)
_ATTEMPT_SECONDS = Histogram(
    "outtray_attempt_seconds",
    "How long attempts took, from the envelope to the stored outcome.",
    ("transport",),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 600),
    registry=REGISTRY,
)
_SITTING_SECONDS = Histogram(
    "outtray_sitting_seconds",
    "How long sittings took: one worker with one mailbox.",
    ("transport",),
    buckets=(0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 600, 1800, 3600),
    registry=REGISTRY,
)
_UNSTORED = Gauge(
    "outtray_unstored_outcomes",
    "Emails handed over whose outcome the database does not take; delivery waits for it.",
    registry=REGISTRY,
)
METERS = (_ATTEMPTS, _ATTEMPT_SECONDS, _SITTING_SECONDS, _UNSTORED)
_attempts = cache(_ATTEMPTS.labels)
_attempt_seconds = cache(_ATTEMPT_SECONDS.labels)
_waiting: set[UUID] = set()


def attempt_ended(
    transport: str,
    state: str,
    scope: str = "",
    *,
    is_temporary: bool | None = None,
    seconds: float | None = None,
) -> None:
    """Count an attempt by the state that it left the email in.

    `scope` and `is_temporary` are those of the failure that decided, if there was one;
    `seconds` is how long the attempt took, where that is known.
    """
    permanence = "" if is_temporary is None else "temporary" if is_temporary else "permanent"
    result = "retried" if state == State.QUEUED else str(state)
    _attempts(transport, result, scope, permanence).inc()
    if seconds is not None:
        _attempt_seconds(transport).observe(seconds)


def sitting_ended(transport: str, seconds: float) -> None:
    """Count a sitting and how long it took."""
    _SITTING_SECONDS.labels(transport).observe(seconds)


def cannot_store(email_id: UUID) -> None:
    """Note that what became of this email could not be stored."""
    _waiting.add(email_id)
    _UNSTORED.set(len(_waiting))


def stored(email_id: UUID) -> None:
    """Note that it could, after all."""
    if email_id in _waiting:
        _waiting.discard(email_id)
        _UNSTORED.set(len(_waiting))


def unstored() -> int:
    """How many emails wait for their outcome to be stored."""
    return len(_waiting)
