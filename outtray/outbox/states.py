"""The life of an email: its states, and the arrows between them.

    queued <-> held; queued -> sending; sending -> queued | sent | failed | unknown
    unknown -> sent | queued | failed; queued, held -> cancelled | expired
    failed -> queued (a person tries again what was refused)

ARROWS names who may follow each one; `move.py` follows no arrow that is not drawn here.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models


class State(models.TextChoices):
    """Where an email stands."""

    QUEUED = "queued", "Queued"
    HELD = "held", "On hold"
    SENDING = "sending", "Sending"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"
    UNKNOWN = "unknown", "Unknown"
    CANCELLED = "cancelled", "Cancelled"
    EXPIRED = "expired", "Expired"


class RecipientState(models.TextChoices):
    """Where one recipient of an email stands."""

    WAITING = "waiting", "Waiting"
    ACCEPTED = "accepted", "Accepted"
    FAILED = "failed", "Failed"
    UNKNOWN = "unknown", "Unknown"


class Lane(models.IntegerChoices):
    """Interactive overtakes bulk within a mailbox."""

    BULK = 1, "Bulk"
    INTERACTIVE = 2, "Interactive"


class Phase(models.TextChoices):
    """How far an attempt came. One that stays `transmitting` has no known outcome."""

    TRANSMITTING = "transmitting", "Handing over"
    ENDED = "ended", "Ended"


class Reason(models.TextChoices):
    """Why a queued or held email is not sent yet."""

    NONE = "", "It is due"
    UNDO = "undo", "It can still be undone"
    SCHEDULED = "scheduled", "It is scheduled"
    RETRY = "retry", "It is tried again later"
    PACE = "pace", "The mailbox keeps to its pace"
    MAILBOX = "mailbox", "The mailbox cannot send now"
    PERSON = "person", "A person holds it"
    RUN = "run", "Its run is paused"
    CHANGED = "changed", "Its document has changed"


ENDS: frozenset[State] = frozenset(
    {State.SENT, State.FAILED, State.UNKNOWN, State.CANCELLED, State.EXPIRED}
)

Arrow = tuple[State, State]

ARROWS: Mapping[Arrow, str] = {
    (State.QUEUED, State.HELD): "hold.hold, hold.hold_all, relevance.hold_changed",
    (State.HELD, State.QUEUED): "hold.release, hold.release_all",
    (State.QUEUED, State.CANCELLED): "cancel.cancel, cancel.cancel_all",
    (State.HELD, State.CANCELLED): "cancel.cancel, cancel.cancel_all",
    (State.QUEUED, State.EXPIRED): "expire.expire",
    (State.HELD, State.EXPIRED): "expire.expire",
    (State.QUEUED, State.SENDING): "claim.claim_due",
    (State.SENDING, State.QUEUED): "settle.settle, settle.give_back, recover.recover",
    (State.SENDING, State.SENT): "settle.settle",
    (State.SENDING, State.FAILED): "settle.settle",
    (State.SENDING, State.UNKNOWN): "settle.settle, recover.recover",
    (State.UNKNOWN, State.SENT): "resolve.arrived, resolve.found",
    (State.UNKNOWN, State.QUEUED): "resolve.arrived, resolve.found, resolve.absent",
    (State.UNKNOWN, State.FAILED): "resolve.send_again",
    (State.FAILED, State.QUEUED): "requeue.requeue",
}
