"""Commands that leave together where the server offers PIPELINING (RFC 2920), else one by one."""

from __future__ import annotations

from collections.abc import Sequence

from outtray.mail.reply import Reply
from outtray.transports.base import Trouble
from outtray.transports.smtp.line import Line, LineBroken

# Replies of 100 commands fit into any receive buffer, so neither side waits for the other
# to read (RFC 2920 §3.1).
TOGETHER = 100


class Flight:
    """A plan of commands whose replies are read in order, and never more than were asked for."""

    def __init__(self, line: Line, plan: Sequence[str], *, seconds: float, together: int) -> None:
        self._line = line
        self._plan = plan
        self._seconds = seconds
        self._together = together
        self._sent = 0
        self._read = 0

    def next(self) -> Reply:
        """The reply to the next command of the plan. Raises LineBroken, also for 421 and for
        what is no answer to this command: then replies and commands are out of step."""
        if self._read == self._sent:
            commands = self._plan[self._sent : self._sent + self._together]
            self._line.say(commands, seconds=self._seconds)
            self._sent += len(commands)
        reply = self._line.reply(seconds=self._seconds)
        command = self._plan[self._read]
        self._read += 1
        is_yes = reply.code == 354 if command == "DATA" else reply.code < 300
        if reply.is_positive and not is_yes:
            verb = command.partition(" ")[0]
            raise self._line.broken(Trouble.NOT_A_MAIL_SERVER, f"{verb} was answered with {reply}")
        if reply.code == 421:
            self._line.drop()
            raise LineBroken(Trouble.CONNECTION_CLOSED, "the server hung up", last_words=reply)
        return reply

    def land(self) -> Reply | None:
        """Read what is still due for commands already sent. Answers the last of the plan, if
        that was among them."""
        reply = None
        while self._read < self._sent:
            reply = self.next()
        return reply if self._read == len(self._plan) else None
