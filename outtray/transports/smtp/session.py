"""An open, logged-in way out over SMTP."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from outtray.mail.envelope import Envelope
from outtray.transports.base import Failure, Outcome, Scope, Source, Stage, Trouble
from outtray.transports.smtp.content import Content
from outtray.transports.smtp.flight import TOGETHER
from outtray.transports.smtp.handover import Handover, hand_over
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
        self._together = TOGETHER if line.has_extn("pipelining") else 1
        self._announced: Handover | None = None
        self._ahead: Handover | None = None

    @property
    def usable(self) -> bool:
        is_worn = self._messages_left <= 0 or time.monotonic() >= self._ends_at
        return not is_worn and self._is_as_left()

    def announce(
        self, envelope: Envelope, message: bytes, *, while_waiting: Callable[[], None]
    ) -> None:
        if self._together > 1:
            self._announced = self._handover(envelope, message)
            self._announced.while_waiting = while_waiting

    def send(
        self, envelope: Envelope, message: bytes, *, before_content: Callable[[], None]
    ) -> Outcome:
        then = self._following()
        ahead = self._taken_up(envelope, message)
        if not self._line.is_open:
            return Outcome(tuple(_CLOSED for _ in envelope.recipients))
        self._messages_left -= 1
        verdicts = hand_over(
            self._line,
            ahead or self._handover(envelope, message),
            before_content=before_content,
            then=then,
        )
        if then and then.is_ahead and self._line.is_open:
            self._ahead = then
        outcome = Outcome(verdicts, self._line.transcript.lines(), goes_on=self._ahead is not None)
        self._line.transcript.start_again()
        return outcome

    def close(self) -> None:
        if self._ahead is None and self._line.is_as_left():
            self._line.leave(seconds=self._patience.goodbye)
        self._line.drop()

    def _is_as_left(self) -> bool:
        """Whether nothing was said but, perhaps, the answers to what is ahead."""
        return self._line.is_open if self._ahead else self._line.is_as_left()

    def _handover(self, envelope: Envelope, message: bytes) -> Handover:
        return Handover(
            self._line,
            envelope,
            Content(message),
            patience=self._patience,
            together=self._together,
        )

    def _following(self) -> Handover | None:
        """What was announced, if it may leave ahead on this line."""
        then, self._announced = self._announced, None
        return then if then and self._messages_left > 1 and then.can_set_out() else None

    def _taken_up(self, envelope: Envelope, message: bytes) -> Handover | None:
        """This message, if it is under way. A line on which another one is has to be closed, as
        is one on which the server said something unasked."""
        ahead, self._ahead = self._ahead, None
        if ahead is None:
            self._line.is_as_left()
        elif (ahead.envelope, ahead.content.octets) != (envelope, message):
            self._line.drop()
            return None
        return ahead
