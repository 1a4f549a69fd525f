"""Compare the books: the ledger of the mail server with the tables, recipient by recipient."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from outtray.mailboxes.models import Health
from outtray.outbox.events import Code
from outtray.outbox.models import Attempt, Email, Event
from outtray.outbox.states import ENDS, Phase, RecipientState, State
from outtray.outbox.why import why_not_sent
from tests.servers.ledger import Line

# The events that end what a claim began.
_RELEASING = {
    Code.GIVEN_BACK,
    Code.CONTINUED,
    Code.RECOVERED,
    Code.RETRY,
    Code.SENT,
    Code.PARTLY_SENT,
    Code.FAILED,
    Code.UNKNOWN,
}


@dataclass
class Findings:
    """What an audit found. `wrong` has a sentence for all that must not be."""

    emails: int = 0
    accepted: int = 0
    lost: int = 0
    doubled: int = 0
    unknown: int = 0
    wrong: list[str] = field(default_factory=list)

    def lose(self, sentence: str) -> None:
        self.lost += 1
        self.wrong.append(sentence)


def audit(promised: Iterable[str], ledger: Counter[Line], *, at: datetime) -> Findings:
    """Look at everything. `promised` are the Message-IDs that were told to be accepted."""
    emails = list(Email.objects.select_related("mailbox").prefetch_related("recipients"))
    found = Findings(emails=len(emails))
    known = {email.message_id for email in emails}
    for missing in set(promised) - known:
        found.lose(f"{missing} was accepted, and no row knows it")
    for stray in {message_id for message_id, _ in ledger} - known:
        found.wrong.append(f"{stray} arrived, and no row knows it")
    for email in emails:
        before = len(found.wrong)
        _look_at(email, ledger, found, at=at)
        if len(found.wrong) > before:
            found.wrong += _history(email)
    found.wrong += _left_over()
    return found


def _look_at(email: Email, ledger: Counter[Line], found: Findings, *, at: datetime) -> None:
    arrived = False
    for recipient in email.recipients.all():
        times = ledger[email.message_id, recipient.address]
        arrived = arrived or times > 0
        who = f"{email.message_id} ({email.state}) to {recipient.address} ({recipient.state})"
        if times > 1:
            found.doubled += times - 1
            found.wrong.append(f"{who} arrived {times} times")
        if recipient.state == RecipientState.ACCEPTED and not times:
            found.lose(f"{who} never arrived")
        if recipient.state in (RecipientState.WAITING, RecipientState.FAILED) and times:
            found.wrong.append(f"{who} has arrived")
    found.accepted += arrived
    found.unknown += email.state == State.UNKNOWN
    states = {recipient.state for recipient in email.recipients.all()}
    found.wrong += _contradictions(email, states, at=at)
    found.wrong += _claims(email, email.events.all())


def _contradictions(email: Email, states: set[str], *, at: datetime) -> list[str]:
    """What the email says of itself must fit what it says of its recipients."""
    who, wrong = f"{email.message_id} ({email.state})", []
    if email.state not in ENDS and why_not_sent(email, at=at) is None:
        wrong.append(f"{who} does not say what it waits for")
    if email.state == State.SENT and RecipientState.ACCEPTED not in states:
        wrong.append(f"{who} was accepted for nobody")
    if email.state in (State.SENT, State.FAILED) and RecipientState.WAITING in states:
        wrong.append(f"{who} still has somebody to be tried")
    if (email.state == State.UNKNOWN) != (RecipientState.UNKNOWN in states):
        wrong.append(f"{who} has recipients that are {sorted(states)}")
    if email.state == State.FAILED and RecipientState.ACCEPTED in states:
        wrong.append(f"{who} was accepted for somebody")
    return wrong


def _claims(email: Email, events: Iterable[Event]) -> list[str]:
    """Claims of one email follow one another and never overlap."""
    wrong, is_claimed = [], False
    for event in events:
        if event.code == Code.CLAIMED:
            if is_claimed:
                wrong.append(f"{email.message_id} was claimed twice at a time")
            is_claimed = True
        elif event.code in _RELEASING:
            if not is_claimed:
                wrong.append(f"{email.message_id} was {event.code} without a claim")
            is_claimed = False
    if is_claimed != (email.state == State.SENDING):
        wrong.append(f"{email.message_id} ({email.state}) has a claim that never ended")
    return wrong


def _history(email: Email) -> list[str]:
    """All that the tables tell of an email, for whoever must find out what went wrong."""
    events = [
        f"  {event.at:%d %H:%M:%S.%f} {event.code} {event.detail}" for event in email.events.all()
    ]
    attempts = [
        f"  attempt {attempt.number} by {attempt.worker} from {attempt.started_at:%d %H:%M:%S.%f}: "
        f"{attempt.phase} {attempt.result} {attempt.reply!r} {attempt.transcript[-600:]!r}"
        for attempt in email.attempts.all()
    ]
    return [*events, *attempts]


def _left_over() -> Sequence[str]:
    """After everything has come to rest, nothing is in the middle of anything.

    What is queued then waits for its mailbox, and says so.
    """
    claimed = Email.objects.filter(state=State.SENDING)
    queued = Email.objects.filter(state=State.QUEUED, mailbox__health=Health.READY)
    wrong = [f"{email.message_id} stays {email.state}" for email in [*claimed, *queued]]
    for attempt in Attempt.objects.filter(phase=Phase.TRANSMITTING).select_related("email"):
        wrong += [f"{attempt} never ended", *_history(attempt.email)]
    return wrong
