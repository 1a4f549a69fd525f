"""What follows an attempt: said by `delivery`, written by `settle`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from outtray.outbox.states import RecipientState, State


@dataclass(frozen=True, slots=True)
class Decision:
    """Where each tried recipient stands now, and where that leaves the email.

    `recipients` and `again_at` have an entry for each that was tried, in the envelope's order.
    `due_at` is set exactly if the email goes back to the queue: when the first is tried again.
    """

    state: State
    recipients: tuple[RecipientState, ...]
    again_at: tuple[datetime | None, ...] = ()
    due_at: datetime | None = None
    spends_try: bool = True
