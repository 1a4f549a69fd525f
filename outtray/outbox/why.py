"""Why an email is not sent yet: one function for every row and every face."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from outtray.mailboxes import pace
from outtray.mailboxes.models import Health, Mailbox, Quota
from outtray.outbox.ahead import MOST
from outtray.outbox.models import Email
from outtray.outbox.states import Reason, State
from outtray.transports.base import Source


@dataclass(frozen=True, slots=True)
class Waiting:
    """What an email waits for, in one sentence, and until when if that is known."""

    code: str
    sentence: str
    until: datetime | None = None


def why_not_sent(
    email: Email, *, at: datetime, is_held: bool = False, ahead: int | None = None
) -> Waiting | None:
    """What this email waits for. None if it has come to its end.

    Reads the mailbox and its quota with it. Lists ask once, for all of their emails, what is
    given here: `is_held`, whether delivery as a whole is on hold (`standstill.py`), and
    `ahead`, how many go before this one (`ahead.py`), None if nobody counted.
    """
    if email.state == State.SENDING:
        return Waiting("sending", "It is being handed over at this moment.")
    if email.state == State.UNKNOWN:
        return _unknown(email)
    if email.state == State.HELD:
        by_whom = f": {email.reason_detail}" if email.reason_detail else "."
        return Waiting("held", f"It is on hold until somebody releases it{by_whom}")
    if email.state != State.QUEUED:
        return None
    if is_held:
        return Waiting("delivery_held", "Delivery is on hold until an administrator confirms it.")
    return (
        _mailbox_wait(email, at=at)
        or _time_wait(email, at=at)
        or _turn_wait(email, ahead=ahead, at=at)
    )


def _unknown(email: Email) -> Waiting:
    no_answer = "It was handed over and no answer came."
    if email.look_up_at is None:
        return Waiting("unknown", f"{no_answer} Say whether it arrived.")
    where = f"the Sent folder of {email.mailbox.address}"
    return Waiting("looked_up", f"{no_answer} It is looked for in {where}.", email.look_up_at)


# By the kinds of delivery/pauses.py.
_CAUSES: Mapping[str, str] = {
    "password": "its password was refused",
    "configuration": "its settings do not lead into its server",
    "sender": "its server does not let it send",
    "quota": "its provider's limit is used up",
    "logins": "its server wants fewer logins",
    "server": "its server cannot be reached or is out of order",
}


def _mailbox_wait(email: Email, *, at: datetime) -> Waiting | None:
    mailbox = email.mailbox
    if mailbox.health == Health.UNVALIDATED:
        return Waiting("unvalidated", f"{mailbox.address} must pass Validate before it sends.")
    if mailbox.health == Health.READY:
        return None
    cause = _CAUSES.get(mailbox.pause_cause)
    paused = f"{mailbox.address} is paused" + (f", because {cause}" if cause else "")
    if mailbox.paused_until is None:
        return Waiting("paused", f"{paused}; its settings must be put right.")
    if mailbox.paused_until <= at:
        return None
    return Waiting("paused", f"{paused}; it is tried again.", mailbox.paused_until)


def _time_wait(email: Email, *, at: datetime) -> Waiting | None:
    if email.due_at <= at:
        return None
    if email.reason == Reason.UNDO:
        return Waiting("undo", "It can still be undone.", email.due_at)
    if email.reason == Reason.RETRY:
        return Waiting("retry", _retry(email), email.due_at)
    return Waiting("scheduled", "It is scheduled.", email.due_at)


def _turn_wait(email: Email, *, ahead: int | None, at: datetime) -> Waiting:
    """Due, and the mailbox can send: then only its pace can be in the way, and those before."""
    quota = getattr(email.mailbox, "quota", None)
    if quota is None or quota.rest_until is None or quota.rest_until <= at:
        return Waiting("due", f"It is due, and {_goes(ahead)}.")
    told = f"{email.mailbox.address} {_limit(email.mailbox, quota, at=at)}"
    behind = f"; {_emails(ahead)} before it" if ahead else ""
    until = pace.turn_at(email.mailbox, quota, ahead or 0, at=at)
    return Waiting("pace", f"{told}{behind}.", until)


def _goes(ahead: int | None) -> str:
    if ahead is None:
        return "goes when those before it have gone"
    return f"goes after {_emails(ahead)} before it" if ahead else "goes next"


def _emails(count: int) -> str:
    if count >= MOST:
        return f"{MOST:,} emails or more"
    return f"{count:,} emails" if count > 1 else "one email"


def _limit(mailbox: Mailbox, quota: Quota, *, at: datetime) -> str:
    limits, used = pace.limits_of(mailbox), pace.used(quota, at=at)
    if limits.messages_per_day and used.messages_today >= limits.messages_per_day:
        return f"has sent its {limits.messages_per_day} messages of the last 24 hours"
    if limits.recipients_per_day and used.recipients_today >= limits.recipients_per_day:
        return f"has written to its {limits.recipients_per_day} recipients of the last 24 hours"
    now = pace.in_force(limits, quota, at=at).messages_per_minute
    if now != limits.messages_per_minute:
        return f"sends {now} messages a minute for now, because its server complained"
    return f"keeps to {now} messages a minute" if now else "keeps to its limits"


def _retry(email: Email) -> str:
    """A server that said nothing is not quoted."""
    said, refused = email.reason_detail, "It was refused for now and is tried again."
    if not said:
        return refused
    if (email.last_failure or {}).get("source") == Source.SERVER:
        return f"{refused} The server said: {said}"
    return f"It could not be handed over and is tried again: {said}."
