"""The Exchange server of the tests as one that keeps a ledger, and misbehaves by a plan.

Steps are the operations: GetFolder, CreateItem, GetItem, UpdateItem, SendItem, DeleteItem. A
Deed's `reply` is the name of what Exchange says instead, one of `SAID`.
"""

from __future__ import annotations

import contextlib
import http.server
import threading
from collections.abc import Mapping
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from tests.servers.authority import Authority
from tests.servers.ews import EwsServer
from tests.servers.ews_deeds import Behaviour, Busy, Drops, Fault, Garbles, Loses, Page, Says
from tests.servers.ews_mailbox import EwsMailbox, Refuses, Sent
from tests.servers.ledger import Ledger
from tests.servers.ledger_deeds import Deed, End, Menu, Plan, Told
from tests.servers.listening import end, leave_with_the_end, reset_at_close

USER = "ben@nordwind.example"

SAID: Mapping[bytes, Behaviour] = {
    b"busy": Busy(3000),
    b"overloaded": Busy(900_000),
    b"not now": Fault("ErrorInternalServerTransientError", "Try again later."),
    b"store away": Says("ErrorMailboxStoreUnavailable", "The mailbox database is not available."),
    b"broken": Fault("ErrorInternalServerError", "An internal server error occurred."),
    b"no such recipient": Says("ErrorInvalidRecipients", "At least one recipient is not valid."),
    b"too large": Says("ErrorMessageSizeExceeded", "The message exceeds the maximum size."),
    b"not as this one": Says("ErrorSendAsDenied", "The user account may not send as this one."),
    b"quota": Says("ErrorQuotaExceeded", "The mailbox has exceeded its limit."),
    b"bad gateway": Page(502, "<html>Bad Gateway</html>"),
    b"away": Page(503, "<html>Service Unavailable</html>"),
    b"gateway waited": Page(504, "<html>Gateway Timeout</html>"),
    b"rubbish": Garbles(),
}
_ENDS: Mapping[End, Behaviour] = {End.BEFORE: Drops(), End.UNANSWERED: Loses()}
# After these nobody can know whether it was done: some servers have done it, and some have not.
_OPEN = (b"broken", b"bad gateway", b"gateway waited", b"not now", b"store away")


class EwsLedgerServer(EwsServer):
    """Listens on a port of this machine, for one mailbox that several people use."""

    def __init__(self, ledger: Ledger, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        authority = Authority(folder)
        self.ca_file = str(authority.ca_file)
        self.ledger = ledger
        self.told = Told()
        self.plan: Plan = self.told
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.sent: list[Sent] = _Noted(ledger)
        self._changed = threading.Condition()
        self._open: set[_Planned] = set()
        super().__init__(authority, folder)

    @property
    def port(self) -> int:
        return int(self._listener.server_address[1])

    def start_again(self) -> None:
        super().start_again()
        self.methods = ("Basic",)  # what NTLM does has tests of its own, and takes time
        self.mailbox = EwsMailbox(USER, sent=self.sent)
        self.violations = self.complaints
        self.knows(f":{USER}")

    def follow(self, plan: Plan) -> None:
        """Do from now on what this plan says."""
        self.plan = plan

    def behaves(self) -> None:
        """Take everything from now on."""
        self.plan = self.told = Told()

    def wait_until_quiet(self, seconds: float) -> bool:
        """Wait until no conversation is open any more; True if that came in time."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._open, seconds)

    def hang_up(self) -> None:
        """End all conversations that are open just now."""
        with self._changed:
            conversations = list(self._open)
        for conversation in conversations:
            end(conversation.request)

    def stop(self) -> None:
        """Close everything."""
        super().stop()
        self.hang_up()
        self.ledger.close()

    def begins(self, conversation: _Planned) -> None:
        """It counts from now on."""
        with self._changed:
            self._open.add(conversation)

    def ended(self, conversation: _Planned) -> None:
        """It counts no more."""
        with self._changed:
            self._open.discard(conversation)
            self._changed.notify_all()

    def _handler(self) -> type[http.server.BaseHTTPRequestHandler]:
        return type("Planned", (_Planned, super()._handler()), {})


class _Noted(list[Sent]):
    """What was sent, each noted in the ledger at the moment when the server has it."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__()
        self._ledger = ledger

    def append(self, sent: Sent, /) -> None:
        super().append(sent)
        message_id = message_from_bytes(sent.mime, policy=policy.default)["Message-ID"]
        self._ledger.keep(str(message_id), sent.everybody)


class _Planned(http.server.BaseHTTPRequestHandler):
    """What a plan changes about one conversation; the rest is as the Exchange server has it."""

    ews: EwsLedgerServer
    _late = 0.0

    def setup(self) -> None:
        self.ews.begins(self)
        super().setup()

    def finish(self) -> None:
        super().finish()
        self.ews.ended(self)

    def _behave(self, operation: str, request: Any, _: Behaviour | None) -> None:
        deed = self.ews.plan.deed(operation, "")
        self._late = deed.waits
        self.ews.stopped.wait(deed.thinks)
        said = SAID.get(deed.reply) or _ENDS.get(deed.end)
        if deed.takes:
            with contextlib.suppress(Refuses):
                self.ews.mailbox.do(operation, request)
        if deed.end is End.TOGETHER:
            leave_with_the_end(self.request)
        self._usually(operation, request, said)
        if deed.end is End.RESET:
            reset_at_close(self.request)
        self.close_connection = self.close_connection or deed.end is not End.NOT

    def _reply(self, operation: str, messages: str) -> None:
        self.ews.stopped.wait(self._late)
        super()._reply(operation, messages)  # type: ignore[misc]  # as _usually

    def _usually(self, operation: str, request: Any, behaviour: Behaviour | None) -> None:
        super()._behave(operation, request, behaviour)  # type: ignore[misc]  # of the usual one


def menu(slow: float) -> Menu:
    """What can go wrong at each step. What prepares a message changes nothing for anybody."""
    lost = (
        *(Deed(end=End.BEFORE), Deed(end=End.UNANSWERED), Deed(end=End.RESET)),
        *(Deed(waits=slow), Deed(thinks=slow), Deed(end=End.CLOSED)),
        *(Deed(reply=said) for said in SAID),
    )
    taken = tuple(Deed(reply=said, takes=True) for said in _OPEN)
    steps = ("GetFolder", "CreateItem", "GetItem", "UpdateItem", "DeleteItem")
    return {**dict.fromkeys(steps, lost), "SendItem": (*lost, *taken)}
