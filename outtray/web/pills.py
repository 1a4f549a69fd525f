"""The one vocabulary of states on the pages: a tone and always a word.

grey queued, blue at work, green done, amber waiting for you, red failed, violet unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from outtray.diagnosis.models import Probe
from outtray.mailboxes.models import Health
from outtray.outbox.states import RecipientState, State


class Tone(StrEnum):
    """What a colour says."""

    GREY = "grey"
    BLUE = "blue"
    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    VIOLET = "violet"


@dataclass(frozen=True, slots=True)
class Pill:
    """How a state is shown."""

    tone: Tone
    word: str


PILLS: Mapping[str, Pill] = {
    State.QUEUED: Pill(Tone.GREY, "Queued"),
    State.HELD: Pill(Tone.AMBER, "On hold"),
    State.SENDING: Pill(Tone.BLUE, "Sending"),
    State.SENT: Pill(Tone.GREEN, "Sent"),
    State.FAILED: Pill(Tone.RED, "Failed"),
    State.UNKNOWN: Pill(Tone.VIOLET, "Unknown"),
    State.CANCELLED: Pill(Tone.GREY, "Cancelled"),
    State.EXPIRED: Pill(Tone.GREY, "Expired"),
    RecipientState.WAITING: Pill(Tone.GREY, "Waiting"),
    RecipientState.ACCEPTED: Pill(Tone.GREEN, "Accepted"),
    Health.UNVALIDATED: Pill(Tone.AMBER, "Not validated"),
    Health.READY: Pill(Tone.GREEN, "Ready"),
    Health.PAUSED: Pill(Tone.AMBER, "Paused"),
    Probe.State.RUNNING: Pill(Tone.BLUE, "Checking"),
    Probe.State.PASSED: Pill(Tone.GREEN, "Passed"),
}


def pill_of(state: str) -> Pill:
    """The pill of a state of an email, a recipient, a mailbox or a probe."""
    return PILLS[state]
