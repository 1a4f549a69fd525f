"""Why an email is not sent yet: one function for every row and every face."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from outtray.mailboxes.models import Health
from outtray.outbox.models import Email
from outtray.outbox.states import Reason, State
from outtray.transports.base import Source


@dataclass(frozen=True, slots=True)
class Waiting:
    """What an email waits for, in one sentence, and until when if that is known."""

    code: str
    sentence: str
    until: datetime | None = None


def why_not_sent(email: Email, *, at: datetime) -> Waiting | None:
    """What this email waits for. None if it has come to its end. Reads the mailbox with it."""
    if email.state == State.SENDING:
        return Waiting("sending", "It is being handed over at this moment.")
    if email.state == State.UNKNOWN:
        return Waiting("unknown", "It was handed over and no answer came. Say whether it arrived.")
    if email.state == State.HELD:
        by_whom = f": {email.reason_detail}" if email.reason_detail else "."
        return Waiting("held", f"It is on hold until somebody releases it{by_whom}")
    if email.state != State.QUEUED:
        return None
    return _mailbox_wait(email, at=at) or _time_wait(email, at=at)


def _mailbox_wait(email: Email, *, at: datetime) -> Waiting | None:
    mailbox = email.mailbox
    if mailbox.health == Health.UNVALIDATED:
        return Waiting("unvalidated", f"{mailbox.address} must pass Validate before it sends.")
    if mailbox.health == Health.READY:
        return None
    if mailbox.paused_until is None:
        return Waiting("paused", f"{mailbox.address} is paused until its settings are put right.")
    if mailbox.paused_until <= at:
        return None
    return Waiting(
        "paused", f"{mailbox.address} is paused and will be tried again.", mailbox.paused_until
    )


def _time_wait(email: Email, *, at: datetime) -> Waiting:
    if email.due_at <= at:
        return Waiting("due", "It is next in the queue.")
    if email.reason == Reason.UNDO:
        return Waiting("undo", "It can still be undone.", email.due_at)
    if email.reason == Reason.RETRY:
        return Waiting("retry", _retry(email), email.due_at)
    if email.reason == Reason.PACE:
        return Waiting("pace", "The mailbox keeps to its pace.", email.due_at)
    return Waiting("scheduled", "It is scheduled.", email.due_at)


def _retry(email: Email) -> str:
    """A server that said nothing is not quoted."""
    said, refused = email.reason_detail, "It was refused for now and is tried again."
    if not said:
        return refused
    if (email.last_failure or {}).get("source") == Source.SERVER:
        return f"{refused} The server said: {said}"
    return f"It could not be handed over and is tried again: {said}."
