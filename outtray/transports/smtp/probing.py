"""Validate: the same steps as for sending, one at a time, each with what it found."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from outtray.mail.envelope import Envelope
from outtray.transports.base import (
    Accepted,
    Failure,
    Finding,
    Route,
    Stage,
    Trouble,
    Unanswered,
)
from outtray.transports.smtp import opening as way
from outtray.transports.smtp.content import Content
from outtray.transports.smtp.failures import failure_from_broken, own_failure
from outtray.transports.smtp.handover import Handover
from outtray.transports.smtp.hints import hints_for, look_while_silent
from outtray.transports.smtp.line import LineBroken
from outtray.transports.smtp.opening import Opening, Passed
from outtray.transports.smtp.patience import Patience

# Somebody sits and waits; a test message that stays unanswered so long has failed the test.
_ANSWER = 60.0


def probe(
    route: Route, envelope: Envelope, message: bytes, *, patience: Patience
) -> Iterator[Finding]:
    """Walk through all stages and hand over one test message; ends at the first failure."""
    patience = replace(patience, answer=min(patience.answer, _ANSWER))
    started = time.monotonic()
    opening = way.begin(route, patience)
    if isinstance(opening, Failure):
        yield _finding(Stage.SETTINGS, started, opening)
        return
    yield _finding(Stage.SETTINGS, started, Passed("the settings are complete"))
    try:
        yield from _walk(opening, envelope, message)
    finally:
        opening.leave()


def _walk(opening: Opening, envelope: Envelope, message: bytes) -> Iterator[Finding]:
    for stage, step in way.steps(opening):
        finding = _taken(opening, stage, step)
        yield finding
        if not finding.ok:
            return
    handover = Handover(opening.line, envelope, Content(message), patience=opening.patience)
    for stage, part in _PARTS:
        started = time.monotonic()
        finding = _finding(stage, started, _part(handover, stage, part))
        yield finding
        if not finding.ok:
            return


def _taken(opening: Opening, stage: Stage, step: way.Step) -> Finding:
    """One step; where it failed, with what a second look without password shows."""
    started = time.monotonic()
    taken = way.take(opening, stage, _watched(step) if stage is Stage.GREETING else step)
    if not isinstance(taken, Failure):
        return _finding(stage, started, taken)
    failure, facts = hints_for(taken, opening)
    return replace(_finding(stage, started, failure), facts=facts)


def _watched(greet: way.Step) -> way.Step:
    """The greeting, without waiting to the end for one that cannot come."""
    return lambda opening: look_while_silent(opening) or greet(opening)


def _finding(stage: Stage, started: float, taken: Passed | Failure) -> Finding:
    milliseconds = round((time.monotonic() - started) * 1000)
    if isinstance(taken, Failure):
        return Finding(stage, milliseconds, taken.text, failure=taken)
    return Finding(stage, milliseconds, taken.detail, facts=taken.facts)


Part = Callable[[Handover], str]


def _part(handover: Handover, stage: Stage, part: Part) -> Passed | Failure:
    """One part of handing over. The test message goes to one recipient, so one no is enough."""
    try:
        detail = part(handover)
    except LineBroken as broken:
        return failure_from_broken(broken, stage=stage, host=handover.host)
    refused = next((no for no in handover.settled() if not isinstance(no, Accepted)), None)
    if isinstance(refused, Unanswered):
        return own_failure(Trouble.TIMED_OUT, refused.text, stage=stage)
    return refused or Passed(detail)


def _sender(handover: Handover) -> str:
    handover.refuse_unfit()
    if handover.open:
        handover.begin()
        handover.ask_sender()
    return f"may send as {handover.envelope.sender}"


def _recipient(handover: Handover) -> str:
    handover.ask_recipients()
    return f"accepts {handover.envelope.recipients[0]}"


def _content(handover: Handover) -> str:
    if handover.ask_content():
        handover.send_content()
    return f"took the test message of {handover.content.size} octets"


def _answer(handover: Handover) -> str:
    handover.read_answer()
    return "; ".join(
        verdict.reply for verdict in handover.settled() if isinstance(verdict, Accepted)
    )


_PARTS: tuple[tuple[Stage, Part], ...] = (
    (Stage.SENDER, _sender),
    (Stage.RECIPIENT, _recipient),
    (Stage.CONTENT, _content),
    (Stage.ANSWER, _answer),
)
