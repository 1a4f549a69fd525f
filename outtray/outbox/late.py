"""The honest answer when an email can no longer be changed."""

from __future__ import annotations

from uuid import UUID

from outtray.lib.errors import Refused
from outtray.outbox.models import Email
from outtray.outbox.states import State

_NOW = {
    State.SENDING: "it is being sent at this moment",
    State.SENT: "it has been sent",
    State.UNKNOWN: "it was handed over, and whether it was sent is not known",
    State.FAILED: "it has failed",
    State.CANCELLED: "it is cancelled",
    State.EXPIRED: "its time is over",
    State.HELD: "it is on hold",
    State.QUEUED: "it is waiting in the queue",
}


def too_late(email_id: UUID, wish: str) -> Refused:
    """A refusal that says what the email is doing instead."""
    state = State(Email.objects.values_list("state", flat=True).get(pk=email_id))
    return Refused("too_late", f"This email cannot be {wish}: {_NOW[state]}.", state=state.value)
