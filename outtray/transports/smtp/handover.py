"""One message's conversation: MAIL, RCPT for each recipient, DATA, the content, the answer.

The last moment at which nothing has happened is right before the content. Before it every
break is a failure that may be tried again; after the content has left, only the server's
answer tells, and its absence is `Unanswered`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
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
from outtray.transports.smtp.flight import Flight
from outtray.transports.smtp.line import Line, LineBroken
from outtray.transports.smtp.patience import Patience

_ALL_AHEAD = 10.0  # seconds for all answers to an envelope that went ahead of a refused message


def hand_over(
    line: Line,
    handover: Handover,
    *,
    before_content: Callable[[], None],
    then: Handover | None = None,
) -> tuple[Verdict, ...]:
    """Hand one message over. A verdict for each recipient, in the envelope's order.

    What comes then is on its way afterwards, if it could be (`Handover.is_ahead`).
    """
    try:
        if not handover.ask():
            return handover.verdicts()
        before_content()
    except LineBroken as broken:
        handover.fail_open(failure_from_broken(broken, stage=handover.stage, host=line.host))
        return handover.verdicts()
    except BaseException:
        line.drop()
        raise
    try:
        handover.transmit(then)
    except BaseException:
        line.drop()
        raise
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
        self.is_ahead = self._is_resetting = False
        self.while_waiting: Callable[[], None] = lambda: None

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
        if self.is_ahead:
            self._flight.take_up(self.while_waiting)
        else:
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

    def can_set_out(self) -> bool:
        """Whether all commands can leave before their turn. Settles what is unfit."""
        self.refuse_unfit()
        return not self._verdicts and len(self.open) + len(("MAIL", "DATA")) <= self._together

    def set_out(self) -> None:
        """Let the commands leave behind the content of the message before (RFC 2920 §3.1)."""
        self.is_ahead = True
        self._lay_out(self._commands())
        self._flight.set_out()

    def is_in_step(self) -> bool:
        """Whether the answers to what is ahead belong to it: then the one before them, to the
        content, did too."""
        return self._flight.gather(seconds=min(self.patience.command, _ALL_AHEAD))

    def begin(self) -> None:
        """Lay out the commands."""
        self._is_resetting = self._line.is_mid_transaction
        self._lay_out([*(["RSET"] if self._is_resetting else []), *self._commands()])

    def _lay_out(self, plan: Sequence[str]) -> None:
        self._flight = Flight(
            self._line, plan, seconds=self.patience.command, together=self._together
        )

    def _commands(self) -> list[str]:
        return [
            self._mail_command(),
            *(f"RCPT TO:<{self.envelope.recipients[place]}>" for place in self.open),
            "DATA",
        ]

    def ask_sender(self) -> bool:
        if self._is_resetting:
            self._flight.next()
        reply = self._flight.next()
        self._line.is_mid_transaction = True
        if reply.is_positive:
            return True
        try:
            self._retreat()
        except LineBroken as broken:
            if broken.trouble is Trouble.NOT_A_MAIL_SERVER:
                raise  # out of step: whose refusal this was cannot be known
        self.fail_open(self._failure(reply))
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

    def transmit(self, then: Handover | None = None) -> None:
        """Send the content and wait for the answer: from here on nothing can be taken back."""
        if then is None:
            if self.has_left():
                self.read_answer()
            return
        with self._line.in_one():
            has_left = self.has_left() and self.is_followed_by(then)
        if has_left:
            self.read_answer(then)

    def has_left(self) -> bool:
        """Send the content. If it breaks, its end never left: no server can have taken it, and
        what one said too early is no answer to it."""
        try:
            self.send_content()
        except LineBroken as broken:
            self.fail_open(failure_from_broken(broken, stage=Stage.CONTENT, host=self.host))
            return False
        return True

    def is_followed_by(self, then: Handover) -> bool:
        """Send the next envelope. If that breaks, what the server still said may be its answer
        to the content, which had left by then."""
        try:
            then.set_out()
        except LineBroken as broken:
            self.stage = Stage.ANSWER
            said = broken.last_words
            self._settle(self.open, self._meaning(said) if said else Unanswered(broken.text))
            return False
        return True

    def send_content(self) -> None:
        if not self._line.is_as_left():
            raise self._line.broken(
                Trouble.CONNECTION_CLOSED, "the server did not wait for content"
            )
        self._line.transcript.ours([f"[content, {self.content.size} octets]", "."])
        self._line.write(self.content.on_the_wire(), seconds=self.patience.block)

    def read_answer(self, then: Handover | None = None) -> None:
        self.stage = Stage.ANSWER
        try:
            reply = self._line.reply(seconds=self.patience.answer)
        except LineBroken as broken:
            self._settle(self.open, Unanswered(broken.text))
            return
        self._line.is_mid_transaction = False
        self._settle(self.open, self._meaning(reply, then))

    def _meaning(self, reply: Reply, then: Handover | None = None) -> Verdict:
        if 200 <= reply.code < 300:
            return Accepted(str(reply))
        if reply.code == 421 or reply.is_positive:
            self._line.drop()
        if reply.is_positive:
            return Unanswered(f"the server answered the content with {reply}")
        is_one = then.is_in_step() if then and self._line.is_open else not self._line.unread
        if not is_one:
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
