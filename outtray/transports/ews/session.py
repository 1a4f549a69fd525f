"""An open mailbox on an Exchange server."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from outtray.mail.envelope import Envelope
from outtray.transports.base import Accepted, Failure, Outcome, Scope, Stage, Trouble
from outtray.transports.ews.failures import own_failure
from outtray.transports.ews.handover import hand_over

if TYPE_CHECKING:
    from outtray.transports.ews.client import Client

# Seconds. Exchange's own server ends what lies idle for two minutes, a balancer before it
# anything after some time of its own; a new login costs four requests.
_WEAR = 300
# What concerns a message or its recipients leaves the mailbox as good as before.
_HARMLESS = frozenset({Scope.MESSAGE, Scope.RECIPIENT})


class EwsSession:
    """One signed-in mailbox, for many messages. Satisfies Session."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._ends_at = time.monotonic() + _WEAR
        self._was_surprised = False

    @property
    def usable(self) -> bool:
        is_worn = time.monotonic() >= self._ends_at
        return not self._was_surprised and not is_worn and self._client.door.is_open

    def announce(
        self, envelope: Envelope, message: bytes, *, while_waiting: Callable[[], None]
    ) -> None:
        """Nothing can leave before its turn: each request waits for the answer to the last."""

    def send(
        self, envelope: Envelope, message: bytes, *, before_content: Callable[[], None]
    ) -> Outcome:
        if self._was_surprised or not self._client.door.is_open:
            return _same(_closed(), envelope)
        self._client.door.told.clear()
        self._was_surprised = True
        verdict = hand_over(self._client, envelope, message, before_content=before_content)
        is_harmless = isinstance(verdict, Failure) and verdict.scope in _HARMLESS
        self._was_surprised = not is_harmless and not isinstance(verdict, Accepted)
        return Outcome(tuple(verdict for _ in envelope.recipients), tuple(self._client.door.told))

    def close(self) -> None:
        self._client.close()


def _closed() -> Failure:
    return own_failure(
        Trouble.CONNECTION_CLOSED, "the connection is no longer usable", stage=Stage.CONTENT
    )


def _same(failure: Failure, envelope: Envelope) -> Outcome:
    return Outcome(tuple(failure for _ in envelope.recipients))
