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
from outtray.transports.base import (
    Accepted,
    Failure,
    Scope,
    Source,
    Trouble,
    Unanswered,
    Verdict,
)

WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=60),
)
GIVE_UP = timedelta(days=1)
JITTER = 0.1  # of the wait, either way, so that what failed together does not return together

PAUSING = frozenset({Scope.MAILBOX, Scope.SENDER})

# Google says it with 403, Exchange with 500.
_HASTE = frozenset(
    {
        "rateLimitExceeded",
        "userRateLimitExceeded",
        "concurrentLimitExceeded",
        "ErrorServerBusy",
        "ErrorExceededConnectionCount",
    }
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the schedule must know of an email: since when it is due, and what was before.

    `tries` are those spent on each recipient tried now; `others_at` is when the first of
    those who were not tried now is to be tried.
    """

    tries: Sequence[int]
    first_due_at: datetime
    accepted_before: bool = False
    others_at: datetime | None = None


def wait_after(tries: int, *, chance: float) -> timedelta:
    """How long to wait after that many spent tries; `chance` from 0 to 1 sets the jitter."""
    wait = WAITS[min(tries, len(WAITS) - 1)]
    return wait * (1 + JITTER * (2 * chance - 1))


def decide(
    verdicts: Sequence[Verdict], standing: Standing, *, at: datetime, chance: float
) -> Decision:
    """Where each tried recipient and the email stand now.

    What stops the mailbox costs the email nothing: it waits, unspent, for the mailbox. Nor
    does it cost those for whom there was no room beside the others: they follow at once.
    """
    if concerns_mailbox(verdicts):
        count = len(verdicts)
        waiting, again_at = (RecipientState.WAITING,) * count, (at,) * count
        return Decision(State.QUEUED, waiting, again_at, due_at=at, spends_try=False)
    again = [
        _again_at(verdict, tries, at=at, chance=chance)
        for verdict, tries in zip(verdicts, standing.tries, strict=True)
    ]
    recipients = tuple(
        _recipient(verdict, in_time=again_at - standing.first_due_at <= GIVE_UP)
        for verdict, again_at in zip(verdicts, again, strict=True)
    )
    waiting_until = tuple(
        again_at if state == RecipientState.WAITING else None
        for again_at, state in zip(again, recipients, strict=True)
    )
    times = [time for time in (*waiting_until, standing.others_at) if time is not None]
    state = _email(recipients, others=bool(times), accepted_before=standing.accepted_before)
    return Decision(
        state,
        recipients,
        waiting_until,
        due_at=min(times) if state == State.QUEUED else None,
        spends_try=_spends_try(verdicts, recipients),
    )


def _again_at(verdict: Verdict, tries: int, *, at: datetime, chance: float) -> datetime:
    """The schedule's wait, and never less than the server asks for.

    At the first no it is the server's own, if it says one. A server that says "in five
    minutes" each time is not asked three hundred times.
    """
    if _was_no_room(verdict):
        return at
    said = verdict.wait if isinstance(verdict, Failure) else 0
    asked = timedelta(seconds=said) * (1 + JITTER * chance)
    if said and not tries:
        return at + asked
    return at + max(asked, wait_after(tries, chance=chance))


def _spends_try(verdicts: Sequence[Verdict], recipients: Sequence[RecipientState]) -> bool:
    """Not if all who are left had only no room."""
    left = [
        verdict
        for verdict, state in zip(verdicts, recipients, strict=True)
        if state == RecipientState.WAITING
    ]
    return not left or not all(map(_was_no_room, left))


def _was_no_room(verdict: Verdict) -> bool:
    """RFC 5321 §4.5.3.1.10: enough recipients for this time; the others were accepted."""
    return isinstance(verdict, Failure) and verdict.trouble == Trouble.ENOUGH_RECIPIENTS


def complaint(verdicts: Sequence[Verdict]) -> Failure | None:
    """The failure by which the server says that we are too fast, if one does."""
    failures = (verdict for verdict in verdicts if isinstance(verdict, Failure))
    return next((failure for failure in failures if _is_complaint(failure)), None)


def _is_complaint(failure: Failure) -> bool:
    """421 and 432, policy for the time being (4.7.x) unless it greylists, 429 of an API, or what
    an API calls it with another status."""
    if failure.source != Source.SERVER or not failure.is_temporary:
        return False
    is_policy = failure.code in (450, 451, 452) and failure.enhanced_code.startswith("4.7.")
    is_greylisted = failure.scope == Scope.RECIPIENT
    is_haste = failure.code in (421, 429, 432) or failure.identifier in _HASTE
    return is_haste or (is_policy and not is_greylisted)


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


def _email(recipients: Sequence[RecipientState], *, others: bool, accepted_before: bool) -> State:
    """An open question comes before a further try, and a further try before an end."""
    if RecipientState.UNKNOWN in recipients:
        return State.UNKNOWN
    if others:
        return State.QUEUED
    if accepted_before or RecipientState.ACCEPTED in recipients:
        return State.SENT
    return State.FAILED
