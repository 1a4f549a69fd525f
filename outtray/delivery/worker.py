"""Who sits, and the numbered steps at which it can be watched."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum

from outtray.delivery.parked import Park
from outtray.lib.clock import Clock
from outtray.outbox.claim import Claim


class Step(IntEnum):
    """The numbered steps of an attempt; a crash at each of them has a known consequence."""

    CLAIMED = 1
    CONNECTED = 2
    TRANSMITTING = 3
    ANSWERED = 4
    SETTLED = 5


def _unwatched(step: Step, claim: Claim) -> None:
    """Nobody watches the steps."""


@dataclass(slots=True)
class Worker:
    """Who sits: a name for its claims, its clock, how it is told to stop, where it parks."""

    name: str
    clock: Clock
    stop: threading.Event
    watch: Callable[[Step, Claim], None] = field(default=_unwatched)
    park: Park | None = None
