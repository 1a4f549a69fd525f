"""What is known of an email whose end is unknown, for the person who must decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from outtray.outbox.events import Code
from outtray.outbox.models import Attempt, Email
from outtray.outbox.states import RecipientState, State

_LOOKS = (Code.LOOKED_UP, Code.ASKED)


@dataclass(frozen=True, slots=True)
class Look:
    """One look into the Sent folder, and what it came to."""

    at: datetime
    told: str


@dataclass(frozen=True, slots=True)
class Facts:
    """When, by which way and how far it was handed over; what was said; what was found.

    `look_up_at` is when the Sent folder is looked into next; without it a person is asked.
    `recipients` are those of whom it is not known.
    """

    handed_over_at: datetime
    mailbox: str
    server: str
    how_far: str
    last_words: str
    message_id: str
    recipients: tuple[str, ...]
    looks: tuple[Look, ...]
    look_up_at: datetime | None

    @property
    def last_look(self) -> Look | None:
        return self.looks[-1] if self.looks else None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def facts_of(email: Email) -> Facts | None:
    """What to decide by. None if the email's end is not unknown."""
    if email.state != State.UNKNOWN:
        return None
    attempt = email.attempts.order_by("-number").first()
    unknown = email.recipients.filter(state=RecipientState.UNKNOWN)
    looks = email.events.filter(code__in=_LOOKS)
    return Facts(
        handed_over_at=attempt.started_at if attempt else email.state_since,
        mailbox=email.mailbox.address,
        server=attempt.server if attempt else "",
        how_far=_how_far(attempt),
        last_words=_last_words(attempt.transcript.splitlines() if attempt else ()),
        message_id=email.message_id,
        recipients=tuple(unknown.values_list("address", flat=True)),
        looks=tuple(Look(event.at, str(event.detail.get("why", ""))) for event in looks),
        look_up_at=email.look_up_at,
    )


def _how_far(attempt: Attempt | None) -> str:
    """An attempt whose worker died has no transcript, and nobody knows more of it."""
    if attempt is None or not attempt.transcript:
        return (
            "Outtray was stopped while it handed the message over, so the server may have all "
            "of it, or only a part, which it forgets."
        )
    return f"The whole message was handed over. Then {_lower(attempt.reply)}."


def _lower(reply: str) -> str:
    said = reply.strip().rstrip(".") or "no answer came"
    return said[:1].lower() + said[1:]


def _last_words(transcript: Sequence[str]) -> str:
    """The last that the server said on that line."""
    theirs = (line for line in reversed(transcript) if line.startswith("S: "))
    return next(theirs, "").removeprefix("S: ")
