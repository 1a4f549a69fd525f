"""Validate: the same steps as for sending, one at a time, each with what it found."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

from outtray.mail.envelope import Envelope
from outtray.transports.base import Accepted, Failure, Finding, Route, Stage, Trouble, Unanswered
from outtray.transports.ews.failures import own_failure
from outtray.transports.ews.handover import hand_over
from outtray.transports.ews.opening import STEPS, Opening, Passed, Stopped, begin
from outtray.transports.ews.patience import Patience

_WHOLE = 14.0  # seconds; somebody sits and waits
_CONNECT = 5.0
_FORMS = 2  # of the user name; each refused one counts towards a lock-out


def probe(
    route: Route, envelope: Envelope, message: bytes, *, patience: Patience
) -> Iterator[Finding]:
    """Walk through all stages and hand over one test message; ends at the first failure."""
    whole = patience.whole or _WHOLE
    patience = replace(patience, whole=whole, connect=min(patience.connect, _CONNECT))
    started = time.monotonic()
    opening = begin(route, patience, tries=_FORMS)
    if isinstance(opening, Stopped):
        yield _finding(Stage.SETTINGS, started, opening)
        return
    yield _finding(Stage.SETTINGS, started, Passed("the settings are complete"))
    try:
        yield from _walk(opening, envelope, message)
    finally:
        opening.leave()


def _walk(opening: Opening, envelope: Envelope, message: bytes) -> Iterator[Finding]:
    for stage, step in STEPS:
        started = time.monotonic()
        finding = _finding(stage, started, step(opening))
        yield finding
        if not finding.ok:
            return
    started = time.monotonic()
    yield _finding(Stage.SEND, started, _sent(opening, envelope, message))


def _sent(opening: Opening, envelope: Envelope, message: bytes) -> Passed | Stopped:
    verdict = hand_over(opening.client, envelope, message, before_content=lambda: None)
    match verdict:
        case Accepted(reply):
            return Passed(reply)
        case Unanswered(text):
            return Stopped(own_failure(Trouble.TIMED_OUT, text, stage=Stage.SEND))
    return Stopped(verdict)


def _finding(stage: Stage, started: float, taken: Passed | Stopped) -> Finding:
    milliseconds = round((time.monotonic() - started) * 1000)
    if isinstance(taken, Passed):
        return Finding(stage, milliseconds, taken.detail, facts=taken.facts)
    failure: Failure = taken.failure
    return Finding(stage, milliseconds, failure.text, failure=failure, facts=taken.facts)
