"""An open, logged-in way out over SMTP."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from outtray.mail.envelope import Envelope
from outtray.transports.base import Failure, Outcome, Scope, Source, Stage, Trouble
from outtray.transports.smtp.content import Content
from outtray.transports.smtp.handover import hand_over
from outtray.transports.smtp.line import Line
from outtray.transports.smtp.patience import Patience

_CLOSED = Failure(
    stage=Stage.SENDER,
    scope=Scope.SERVER,
    is_temporary=True,
    source=Source.NETWORK,
    text="the connection is no longer usable",
    trouble=Trouble.CONNECTION_CLOSED,
)


@dataclass(frozen=True, slots=True)
class Wear:
    """How long one line is used. Servers end theirs unannounced after some count or time of
    their own, and one that is being taken out of service should be left alone soon.

    A new line costs about seven round trips, so at 200 messages of two each it is 2 % of them.
    """

    messages: int = 200
    seconds: float = 300  # Postfix as a client holds on for as long


WEAR = Wear()


class SmtpSession:
    """One line, for many messages. Satisfies Session.

    It may lie idle for a while: `usable` looks at the line each time.
    """

    def __init__(self, line: Line, *, patience: Patience, wear: Wear = WEAR) -> None:
        self._line = line
        self._patience = patience
        self._messages_left = wear.messages
        self._ends_at = time.monotonic() + wear.seconds

    @property
    def usable(self) -> bool:
        is_worn = self._messages_left <= 0 or time.monotonic() >= self._ends_at
        return not is_worn and self._line.is_as_left()

    def send(
        self, envelope: Envelope, message: bytes, *, before_content: Callable[[], None]
    ) -> Outcome:
        if not self._line.is_as_left():
            return Outcome(tuple(_CLOSED for _ in envelope.recipients))
        self._messages_left -= 1
        verdicts = hand_over(
            self._line,
            envelope,
            Content(message),
            patience=self._patience,
            before_content=before_content,
        )
        outcome = Outcome(verdicts, self._line.transcript.lines())
        self._line.transcript.start_again()
        return outcome

    def close(self) -> None:
        if self._line.is_as_left():
            self._line.leave(seconds=self._patience.goodbye)
        self._line.drop()
