"""Commands that leave together where the server offers PIPELINING (RFC 2920), else one by one."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence

from outtray.mail.reply import Reply
from outtray.transports.base import Trouble
from outtray.transports.smtp.line import Line, LineBroken

# Replies of 100 commands fit into any receive buffer, so neither side waits for the other
# to read (RFC 2920 §3.1).
TOGETHER = 100
# Seconds that what would rather be done at once may wait for a server's answer.
MOMENT = 0.005


class Flight:
    """A plan of commands whose replies are read in order, and never more than were asked for."""

    def __init__(self, line: Line, plan: Sequence[str], *, seconds: float, together: int) -> None:
        self._line = line
        self._plan = plan
        self._seconds = seconds
        self._together = together
        self._sent = 0
        self._read = 0
        self._early: deque[Reply] = deque()
        self._while_waiting: Callable[[], None] | None = None

    def set_out(self) -> None:
        """Send all of the plan before its turn. The transcript of another message goes on."""
        self._line.say(self._plan, seconds=self._seconds, shown=())
        self._sent = len(self._plan)

    def take_up(self, while_waiting: Callable[[], None]) -> None:
        """It is the plan's turn. `while_waiting` is called once if there is nothing to read."""
        self._line.transcript.ours(self._plan)
        self._while_waiting = while_waiting

    def gather(self, *, seconds: float) -> bool:
        """Read all replies before their turn. False if a yes among them came to nothing: it
        did not belong to its command, or the line broke after it."""
        deadline = time.monotonic() + seconds
        self._line.transcript.note("to what was sent ahead of the next message:")
        try:
            while self._read + len(self._early) < self._sent:
                reply = self._line.reply(seconds=deadline - time.monotonic())
                self._early.append(reply)
                self._require_step(self._plan[self._read + len(self._early) - 1], reply)
        except LineBroken:
            return not any(reply.is_positive for reply in self._early)
        return True

    def next(self) -> Reply:
        """The reply to the next command of the plan. Raises LineBroken, also for 421 and for
        what is no answer to this command: then replies and commands are out of step."""
        if self._read == self._sent:
            commands = self._plan[self._sent : self._sent + self._together]
            self._line.say(commands, seconds=self._seconds)
            self._sent += len(commands)
        reply = self._reply()
        command = self._plan[self._read]
        self._read += 1
        self._require_step(command, reply)
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

    def _reply(self) -> Reply:
        if self._early:
            reply = self._early.popleft()
            self._line.transcript.theirs(reply.code, reply.text)
            return reply
        while_waiting = self._while_waiting
        if while_waiting and not self._line.hears(MOMENT):
            self._while_waiting = None
            while_waiting()
        return self._line.reply(seconds=self._seconds)

    def _require_step(self, command: str, reply: Reply) -> None:
        is_yes = reply.code == 354 if command == "DATA" else reply.code < 300
        if reply.is_positive and not is_yes:
            verb = command.partition(" ")[0]
            raise self._line.broken(Trouble.NOT_A_MAIL_SERVER, f"{verb} was answered with {reply}")
