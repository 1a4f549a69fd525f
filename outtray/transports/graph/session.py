"""An open way out through Graph."""

from __future__ import annotations

from collections.abc import Callable

from outtray.mail.envelope import Envelope
from outtray.transports.base import Outcome, Unanswered
from outtray.transports.graph.client import Client
from outtray.transports.graph.ways import hand_over


class GraphSession:
    """One client, for many messages. Satisfies Session."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._is_sound = True

    @property
    def usable(self) -> bool:
        return self._is_sound and not self._client.is_broken

    def announce(
        self, envelope: Envelope, message: bytes, *, while_waiting: Callable[[], None]
    ) -> None:
        """Nothing can leave before its turn: each request waits for the answer to the last."""

    def send(
        self, envelope: Envelope, message: bytes, *, before_content: Callable[[], None]
    ) -> Outcome:
        verdict = hand_over(self._client, envelope, message, before_content=before_content)
        self._is_sound = self._is_sound and not isinstance(verdict, Unanswered)
        return Outcome((verdict,) * len(envelope.recipients), self._client.transcript())

    def close(self) -> None:
        self._client.close()
