"""Serve, tell the story beside it, show its end, and go on serving as long as is wished."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection

from outtray.lib.clock import SYSTEM
from outtray.ops.demo.destination import Destination
from outtray.ops.demo.result import Result, as_json, as_table
from outtray.ops.demo.story import tell
from outtray.ops.serve import Server, serve

Say = Callable[[str], None]


@dataclass(slots=True)
class Demo:
    """One run: `say` gets the progress, `show` what it came to."""

    destination: Destination
    say: Say
    show: Say
    is_json: bool = False
    ends: bool = False
    _password: str = field(default_factory=lambda: secrets.token_urlsafe(12), init=False)
    _result: Result | None = field(default=None, init=False)

    def run(self) -> bool:
        """Serve and tell; True if the server accepted every document."""
        there = self.destination
        self.say("Six documents leave a mailbox.\n")
        self._say("mail server", f"{there.host}:{there.port} ({there.security})")
        serve(settings.HOST, settings.PORT, say=_silent, beside=self._beside)
        return self._result is not None and self._result.is_whole

    def _beside(self, server: Server) -> None:
        """In a thread beside the server, which is stopped whatever happens here."""
        stays = False
        try:
            result = tell(self.destination, self._password, clock=SYSTEM, say=self._say)
            self._result = result
            with suppress(BrokenPipeError):  # who read along has gone
                self._show(result)
            stays = not self.ends and not result.problem
        finally:
            connection.close()
            if not stays:
                server.stop()

    def _show(self, result: Result) -> None:
        if self.is_json:
            self.show(as_json(result))
        elif result.lines:
            self.show(f"\n{as_table(result.lines)}")
        self.say(f"\n{self._summary(result)}\n")
        if result.lines:
            self._say_where()

    def _summary(self, result: Result) -> str:
        if result.problem:
            return f"Nothing was sent: {result.problem}"
        accepted = sum(line.state == "sent" for line in result.lines)
        return f"The mail server accepted {accepted} of {len(result.lines)} documents."

    def _say_where(self) -> None:
        self._say("page", settings.BASE_URL)
        if settings.DEMO_MAILS:
            self._say("inbox", f"{settings.BASE_URL}/demo/inbox/")
        self._say("sign in as", "anna@nordwind.example or ben@nordwind.example")
        self._say("password", self._password)
        if not self.ends:
            self.say("\nCtrl-C ends the demo.")

    def _say(self, what: str, change: str) -> None:
        self.say(f"  {what:<16}{change}")


def _silent(line: str) -> None:
    """The demo says more fitting things than serving alone does."""
