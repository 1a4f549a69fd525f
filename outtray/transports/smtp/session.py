"""An open, logged-in way out over SMTP."""

from __future__ import annotations

from collections.abc import Callable

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


class SmtpSession:
    """One line, for many messages. Satisfies Session."""

    def __init__(self, line: Line, *, patience: Patience) -> None:
        self._line = line
        self._patience = patience

    @property
    def usable(self) -> bool:
        return self._line.is_open and not self._line.unread

    def send(
        self, envelope: Envelope, message: bytes, *, before_content: Callable[[], None]
    ) -> Outcome:
        if not self.usable:
            return Outcome(tuple(_CLOSED for _ in envelope.recipients))
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
        if self.usable:
            self._line.leave(seconds=self._patience.goodbye)
        self._line.drop()
