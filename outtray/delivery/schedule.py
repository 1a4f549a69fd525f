"""What follows an attempt, as a pure function of what was said and when.

A no is final if the server said so for good. A temporary one is tried again after 1, 5,
15 and 60 minutes, then every hour, for a day; then the email fails and says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeGuard

from outtray.outbox.decision import Decision
from outtray.outbox.states import RecipientState, State
from outtray.transports.base import Accepted, Failure, Scope, Source, Unanswered, Verdict

WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=60),
)
GIVE_UP = timedelta(days=1)
JITTER = 0.1  # of the wait, either way, so that what failed together does not return together

PAUSING = frozenset({Scope.MAILBOX, Scope.SENDER})


@dataclass(frozen=True, slots=True)
class Standing:
    """What the schedule must know of an email: tries spent, since when due, who else waits."""

    tries: int
    first_due_at: datetime
    accepted_before: bool = False


@dataclass(frozen=True, slots=True)
class Pause:
    """The mailbox cannot send: until a time, or until a person has acted."""

    failure: Failure
    until: datetime | None


def wait_after(tries: int, *, chance: float) -> timedelta:
    """How long to wait after that many spent tries; `chance` from 0 to 1 sets the jitter."""
    wait = WAITS[min(tries, len(WAITS) - 1)]
    return wait * (1 + JITTER * (2 * chance - 1))


def decide(
    verdicts: Sequence[Verdict], standing: Standing, *, at: datetime, chance: float
) -> Decision:
    """Where each tried recipient and the email stand now.

    What stops the mailbox costs the email nothing: it waits, unspent, for the mailbox.
    """
    if concerns_mailbox(verdicts):
        waiting = (RecipientState.WAITING,) * len(verdicts)
        return Decision(State.QUEUED, waiting, due_at=at, spends_try=False)
    again_at = at + wait_after(standing.tries, chance=chance)
    in_time = again_at - standing.first_due_at <= GIVE_UP
    recipients = tuple(_recipient(verdict, in_time=in_time) for verdict in verdicts)
    state = _email(recipients, accepted_before=standing.accepted_before)
    return Decision(state, recipients, due_at=again_at if state == State.QUEUED else None)


def pause_for(failure: Failure, *, pauses: int, at: datetime, chance: float) -> Pause:
    """How long a mailbox rests when no session can be opened, or the server refuses it.

    A refused login or sender rests until a person has acted: a second try with the same
    password only brings the lock-out nearer.
    """
    if failure.scope in PAUSING and not failure.is_temporary:
        return Pause(failure, until=None)
    return Pause(failure, until=at + wait_after(pauses, chance=chance))


def concerns_mailbox(verdicts: Sequence[Verdict]) -> Failure | None:
    """The failure that stops the whole mailbox, if one of these does and none was taken."""
    if any(isinstance(verdict, Accepted | Unanswered) for verdict in verdicts):
        return None
    failures = (verdict for verdict in verdicts if isinstance(verdict, Failure))
    return next((failure for failure in failures if failure.scope in PAUSING), None)


def line_gave_out(verdicts: Sequence[Verdict]) -> Failure | None:
    """The failure by which the connection ended for everybody before anything was handed over."""
    failures = list(filter(_is_lost_line, verdicts))
    return failures[0] if failures and len(failures) == len(verdicts) else None


def _is_lost_line(verdict: Verdict) -> TypeGuard[Failure]:
    return (
        isinstance(verdict, Failure)
        and verdict.scope == Scope.SERVER
        and verdict.is_temporary
        and (verdict.source == Source.NETWORK or verdict.code == 421)
    )


def _recipient(verdict: Verdict, *, in_time: bool) -> RecipientState:
    if isinstance(verdict, Accepted):
        return RecipientState.ACCEPTED
    if isinstance(verdict, Unanswered):
        return RecipientState.UNKNOWN
    if in_time and not _is_final(verdict):
        return RecipientState.WAITING
    return RecipientState.FAILED


def _is_final(failure: Failure) -> bool:
    """Only a server's own words, or our own rules, end a message; a broken line never does."""
    return not failure.is_temporary and failure.source in (Source.SERVER, Source.LOCAL)


def _email(recipients: Sequence[RecipientState], *, accepted_before: bool) -> State:
    """An open question comes before a further try, and a further try before an end."""
    if RecipientState.UNKNOWN in recipients:
        return State.UNKNOWN
    if RecipientState.WAITING in recipients:
        return State.QUEUED
    if accepted_before or RecipientState.ACCEPTED in recipients:
        return State.SENT
    return State.FAILED
