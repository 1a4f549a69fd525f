"""One message's conversation: MAIL, RCPT for each recipient, DATA, the content, the answer.

The last moment at which nothing has happened is right before the content. Before it every
break is a failure that may be tried again; after the content has left, only the server's
answer tells, and its absence is `Unanswered`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from outtray.mail.envelope import Envelope
from outtray.mail.reply import Reply
from outtray.transports.base import Accepted, Failure, Stage, Trouble, Unanswered, Verdict
from outtray.transports.smtp.content import Content
from outtray.transports.smtp.failures import failure_from, failure_from_broken
from outtray.transports.smtp.fitness import (
    size_limit,
    unfit_characters,
    unfit_message,
    unfit_recipient,
)
from outtray.transports.smtp.flight import TOGETHER, Flight
from outtray.transports.smtp.line import Line, LineBroken
from outtray.transports.smtp.patience import Patience


def hand_over(
    line: Line,
    envelope: Envelope,
    content: Content,
    *,
    patience: Patience,
    before_content: Callable[[], None],
) -> tuple[Verdict, ...]:
    """Hand one message over. A verdict for each recipient, in the envelope's order."""
    together = TOGETHER if line.has_extn("pipelining") else 1
    handover = Handover(line, envelope, content, patience=patience, together=together)
    try:
        is_ready = handover.ask()
    except LineBroken as broken:
        handover.fail_open(failure_from_broken(broken, stage=handover.stage, host=line.host))
        return handover.verdicts()
    if not is_ready:
        return handover.verdicts()
    try:
        before_content()
    except BaseException:
        line.drop()
        raise
    handover.transmit()
    return handover.verdicts()


class Handover:
    """The state of one conversation: who is still to be settled, and at what stage we are.

    `open` holds the places, in the envelope, of recipients without a verdict so far.
    """

    def __init__(
        self,
        line: Line,
        envelope: Envelope,
        content: Content,
        *,
        patience: Patience,
        together: int = 1,
    ) -> None:
        self.stage = Stage.SENDER
        self.open = list(range(len(envelope.recipients)))
        self._line = line
        self.envelope = envelope
        self.content = content
        self.patience = patience
        self._together = together
        self._verdicts: dict[int, Verdict] = {}

    @property
    def host(self) -> str:
        """Whose server this is."""
        return self._line.host

    @property
    def size_limit(self) -> int:
        """The most octets of a message that the server takes; 0 where it names no limit."""
        return size_limit(self._line)

    def verdicts(self) -> tuple[Verdict, ...]:
        """All verdicts. To be asked for when none is open."""
        return tuple(self._verdicts[place] for place in range(len(self.envelope.recipients)))

    def settled(self) -> Iterable[Verdict]:
        """The verdicts so far."""
        return self._verdicts.values()

    def fail_open(self, failure: Failure) -> None:
        """The same failure for all that are open."""
        self._settle(self.open, failure)

    def ask(self) -> bool:
        """All before the content. True if the server waits for it, for whoever is open."""
        self.refuse_unfit()
        if not self.open:
            return False
        self.begin()
        return self.ask_sender() and self.ask_recipients() and self.ask_content()

    def refuse_unfit(self) -> None:
        """Settle what this server cannot take, as far as its EHLO tells.

        A recipient that is the reason itself comes before those who suffer from it: their
        address stands in the same header.
        """
        failure = unfit_message(self._line, self.envelope, self.content)
        if failure:
            self.fail_open(failure)
        for place in list(self.open):
            failure = unfit_recipient(self._line, self.envelope.recipients[place])
            if failure:
                self._settle([place], failure)
        failure = unfit_characters(self._line, self.content)
        if failure:
            self.fail_open(failure)

    def begin(self) -> None:
        """Lay out the commands."""
        plan = [
            *(["RSET"] if self._line.is_mid_transaction else []),
            self._mail_command(),
            *(f"RCPT TO:<{self.envelope.recipients[place]}>" for place in self.open),
            "DATA",
        ]
        self._flight = Flight(
            self._line, plan, seconds=self.patience.command, together=self._together
        )

    def ask_sender(self) -> bool:
        if self._line.is_mid_transaction:
            self._flight.next()
        reply = self._flight.next()
        self._line.is_mid_transaction = True
        if reply.is_positive:
            return True
        self.fail_open(self._failure(reply))
        self._retreat()
        return False

    def ask_recipients(self) -> bool:
        self.stage = Stage.RECIPIENT
        accepted = 0
        for place in list(self.open):
            reply = self._flight.next()
            if reply.is_positive:
                accepted += 1
            else:
                self._settle([place], _enough(self._failure(reply), others_go=accepted > 0))
        if not self.open:
            self._retreat()
        return bool(self.open)

    def ask_content(self) -> bool:
        self.stage = Stage.CONTENT
        reply = self._flight.next()
        if reply.code == 354:
            return True
        self.fail_open(self._failure(reply))
        return False

    def transmit(self) -> None:
        """Send the content and wait for the answer: from here on nothing can be taken back."""
        try:
            self.send_content()
        except LineBroken as broken:
            # Its end never left, so no server can have taken it. What was said too early is
            # no answer to it either.
            self.fail_open(failure_from_broken(broken, stage=Stage.CONTENT, host=self.host))
            return
        self.read_answer()

    def send_content(self) -> None:
        if not self._line.is_as_left():
            raise self._line.broken(
                Trouble.CONNECTION_CLOSED, "the server did not wait for content"
            )
        self._line.transcript.ours([f"[content, {self.content.size} octets]", "."])
        self._line.write(self.content.on_the_wire(), seconds=self.patience.block)

    def read_answer(self) -> None:
        self.stage = Stage.ANSWER
        try:
            reply = self._line.reply(seconds=self.patience.answer)
        except LineBroken as broken:
            self._settle(self.open, Unanswered(broken.text))
            return
        self._line.is_mid_transaction = False
        self._settle(self.open, self._meaning(reply))

    def _meaning(self, reply: Reply) -> Verdict:
        if 200 <= reply.code < 300:
            return Accepted(str(reply))
        if reply.code == 421 or reply.is_positive:
            self._line.drop()
        if reply.is_positive:
            return Unanswered(f"the server answered the content with {reply}")
        if self._line.unread:
            # A no and more in one breath: which of them is the answer cannot be known.
            self._line.drop()
            return Unanswered(f"the server answered the content more than once, first {reply}")
        return self._failure(reply)

    def _failure(self, reply: Reply) -> Failure:
        return failure_from(reply, stage=self.stage, host=self.host)

    def _retreat(self) -> None:
        """Nobody is left. If DATA was sent along and accepted, end it with no content at all
        (RFC 2920 §3.1)."""
        last = self._flight.land()
        if last is None or last.code != 354:
            return
        self._line.ask(".", seconds=self.patience.command)

    def _settle(self, places: Iterable[int], verdict: Verdict) -> None:
        for place in list(places):
            self._verdicts[place] = verdict
            self.open.remove(place)

    def _mail_command(self) -> str:
        line, content = self._line, self.content
        parameters = [f"MAIL FROM:<{self.envelope.sender}>"]
        if line.has_extn("size"):
            parameters.append(f"SIZE={content.size}")
        if content.is_8bit:
            parameters.append("BODY=8BITMIME")
        recipients = [self.envelope.recipients[place] for place in self.open]
        if (
            content.has_utf8_headers
            or Envelope(self.envelope.sender, tuple(recipients)).needs_smtputf8
        ):
            parameters.append("SMTPUTF8")
        return " ".join(parameters)


def _enough(failure: Failure, *, others_go: bool) -> Failure:
    """RFC 5321 §4.5.3.1.10: 452 after accepted recipients means "enough for this time", unless
    the enhanced code speaks of this recipient's mailbox. The rest can follow at once.

    Older servers say 552 for it, as the same section tells.
    """
    if not others_go:
        return failure
    told = failure.enhanced_code[2:]
    is_enough = failure.code == 452 and told[:2] != "2."
    is_enough = is_enough or (failure.code == 552 and told == "")
    if is_enough or told == "5.3":
        return replace(failure, is_temporary=True, trouble=Trouble.ENOUGH_RECIPIENTS)
    return failure
