"""Validate: the same steps as for sending, one at a time, each with what it found.

What looks again at a failure, and into folders, is read when it is needed: from the command
line its reading takes as long as the whole conversation.
"""

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
from outtray.transports.smtp.line import LineBroken
from outtray.transports.smtp.opening import Opening, Passed
from outtray.transports.smtp.patience import Patience
from outtray.transports.smtp.settings import Security
from outtray.transports.smtp.strangers import SPOKEN, protocol_of, stranger_in


class Budget:
    """How long a Validate may still take: whoever waits for it is told within 15 seconds."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._ends_at = time.monotonic() + patience.whole

    @property
    def left(self) -> float:
        return self._ends_at - time.monotonic()

    @property
    def whole(self) -> Patience:
        """What was given at the beginning."""
        return self._patience

    @property
    def patience(self) -> Patience:
        """For the next step: no more than is left."""
        return self._patience.within(self.left)


def probe(
    route: Route, envelope: Envelope, message: bytes, *, patience: Patience
) -> Iterator[Finding]:
    """Walk through all stages and hand over one test message; ends at the first failure."""
    budget = Budget(patience)
    started = time.monotonic()
    opening = way.begin(route, budget.patience)
    if isinstance(opening, Failure):
        yield _finding(Stage.SETTINGS, started, opening)
        return
    yield _finding(Stage.SETTINGS, started, Passed("the settings are complete"))
    yield _finding(Stage.ADDRESS, started, _address(opening))
    try:
        yield from _walk(opening, envelope, message, budget)
    finally:
        opening.leave()


def _address(opening: Opening) -> Passed:
    sender, username = str(opening.route.sender), opening.settings.username
    if not username or username == sender:
        return Passed(f"sends as {sender}")
    return Passed(f"sends as {sender}, signs in as {username}")


def _walk(
    opening: Opening, envelope: Envelope, message: bytes, budget: Budget
) -> Iterator[Finding]:
    for stage, step in way.steps(opening):
        opening.patience = budget.patience
        finding = _taken(opening, stage, step, budget)
        yield finding
        if not finding.ok:
            return
    handover = Handover(opening.line, envelope, Content(message), patience=budget.patience)
    for stage, part in _PARTS:
        handover.patience = budget.patience
        started = time.monotonic()
        finding = _finding(stage, started, _part(handover, stage, part))
        yield finding
        if not finding.ok:
            return
    if opening.settings.imap:
        from outtray.transports.smtp.arrival import arrived

        opening.leave()
        started = time.monotonic()
        yield _finding(Stage.ARRIVAL, started, arrived(opening.route, message, budget.whole))


def _taken(opening: Opening, stage: Stage, step: way.Step, budget: Budget) -> Finding:
    """One step; where it failed, with what a second look without password shows."""
    started = time.monotonic()
    taken = way.take(opening, stage, _watched(step, budget) if stage is Stage.GREETING else step)
    if not isinstance(taken, Failure):
        return _finding(stage, started, taken)
    if budget.left < -opening.patience.quiet:
        return _finding(stage, started, taken)
    from outtray.transports.smtp.hints import hints_for

    failure, facts = hints_for(taken, opening)
    return replace(_finding(stage, started, failure), facts=facts)


def _watched(greet: way.Step, budget: Budget) -> way.Step:
    """The greeting, without waiting to the end for one that cannot come, nor believing one
    that another server gives."""

    def step(opening: Opening) -> Passed | Failure:
        patience = opening.patience
        if budget.left > patience.quiet + patience.second_look:
            seen = _look_while_silent(opening)
            if seen:
                return seen
            opening.patience = budget.patience
        passed = greet(opening)
        return passed if isinstance(passed, Failure) else _is_it_meant(passed, opening)

    return step


def _look_while_silent(opening: Opening) -> Failure | None:
    if not opening.line.is_silent(opening.patience.quiet):
        return None
    from outtray.transports.smtp.hints import look_while_silent

    return look_while_silent(opening)


def _is_it_meant(passed: Passed, opening: Opening) -> Passed | Failure:
    """Is it the server that was asked for? Within this machine a tunnel may lead anywhere."""
    wanted = opening.settings
    greeting = passed.facts["greeting"]
    protocol = protocol_of(greeting)
    if protocol:
        text = f"port {wanted.port} belongs to {SPOKEN[protocol]}: {passed.detail}"
        return own_failure(Trouble.NOT_A_MAIL_SERVER, text, stage=Stage.GREETING)
    stranger = stranger_in(greeting, asked_for=wanted.host)
    if not stranger or wanted.security is Security.NONE:
        return passed
    text = f"{stranger} answers in place of {wanted.host}: {passed.detail}"
    return own_failure(Trouble.OTHER_SERVER, text, stage=Stage.GREETING)


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


def _size(handover: Handover) -> str:
    """RFC 1870 §4: what the server says of itself, before anything is asked of it."""
    handover.refuse_unfit()
    limit = handover.size_limit
    if not limit:
        return "the server names no limit"
    told = f"takes messages of up to {_megabytes(limit)}"
    return told if limit >= _AMPLE else f"{told}, which larger documents exceed"


# A letter with a scanned contract or a few photographs, as it goes over the line.
_AMPLE = 5_000_000


def _megabytes(octets: int) -> str:
    return f"{octets / 1_000_000:.1f} MB" if octets >= 100_000 else f"{octets / 1000:.1f} KB"


def _sender(handover: Handover) -> str:
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
    (Stage.SIZE, _size),
    (Stage.SENDER, _sender),
    (Stage.RECIPIENT, _recipient),
    (Stage.CONTENT, _content),
    (Stage.ANSWER, _answer),
)
