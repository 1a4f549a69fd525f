"""The servers that can keep the campaign's ledger, one for each way out, and what each may do
wrong. Those at which somebody signed in take the tokens of `GRANTED` from the beginning."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from outtray.transports.gmail import scopes
from tests.servers import ledger_deeds, web_deeds
from tests.servers.gmail import GmailServer
from tests.servers.graph import GraphServer
from tests.servers.ledger import Ledger, LedgerServer
from tests.servers.ledger_deeds import Menu, Plan, Told
from tests.servers.sign_in import SignInService

SENDERS = tuple(f"person{number}@nordwind.example" for number in range(3))
GRANTED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "gmail": {"sends": (scopes.SEND,), "reads": (scopes.SEND, scopes.READONLY)},
    "graph": {"sends": ("Mail.Send",), "writes": ("Mail.Send", "Mail.ReadWrite")},
}


class Recording(Protocol):
    """A web interface with a ledger."""

    ledger: Ledger
    told: Told
    complaints: list[str]
    requests: list[str]

    @property
    def port(self) -> int: ...
    @property
    def sent(self) -> list[Any]: ...
    def follow(self, plan: Plan) -> None: ...
    def behaves(self) -> None: ...
    def wait_until_quiet(self, seconds: float) -> bool: ...
    def hang_up(self) -> None: ...
    def stop(self) -> None: ...


Server = LedgerServer | Recording


@dataclass(frozen=True)
class Keeper:
    """A server with a ledger, what it may do wrong, and where its tokens are renewed."""

    kind: str
    server: Server
    menu: Callable[[float], Menu]
    sign_in: SignInService | None = None
    ca_file: str = ""

    @property
    def port(self) -> int:
        return self.server.port

    @property
    def sign_in_port(self) -> int:
        """0 where nobody signs in for it."""
        return self.sign_in.port if self.sign_in else 0

    @property
    def complaints(self) -> list[str]:
        """What was asked of it that must not be asked."""
        return [] if isinstance(self.server, LedgerServer) else self.server.complaints

    def begin_anew(self) -> None:
        """Count from here, behaving."""
        self.server.behaves()
        self.server.ledger.begin_anew()
        if isinstance(self.server, LedgerServer):
            self.server.rules = type(self.server.rules)()
            return
        self.server.sent.clear()
        self.server.requests.clear()
        self.server.complaints.clear()

    def stop(self) -> None:
        """Close everything and wait for every thread."""
        self.server.stop()
        if self.sign_in:
            self.sign_in.stop()


def _smtp(ledger: Ledger, _: Path) -> Keeper:
    return Keeper("smtp", LedgerServer(ledger), ledger_deeds.menu)


def _gmail(ledger: Ledger, _: Path) -> Keeper:
    server = GmailServer(ledger)
    for token, granted in GRANTED["gmail"].items():
        server.grants(token, *granted)
    sign_in = SignInService(server.grants, scopes=(scopes.SEND,))
    return Keeper("gmail", server, web_deeds.gmail_menu, sign_in)


def _graph(ledger: Ledger, _: Path) -> Keeper:
    server = GraphServer(ledger)
    for token, granted in GRANTED["graph"].items():
        server.grants(token, *granted)
    for address in ("ben@nordwind.example", *SENDERS):
        server.shares(address, "send_as")
    sign_in = SignInService(server.grants, scopes=())
    return Keeper("graph", server, web_deeds.graph_menu, sign_in)


def _ews(ledger: Ledger, folder: Path) -> Keeper:
    from tests.servers import ews_ledger  # with libraries that the others do without

    server = ews_ledger.EwsLedgerServer(ledger, folder)
    return Keeper("ews", server, ews_ledger.menu, ca_file=server.ca_file)


# Each is given a folder of its own.
KINDS: Mapping[str, Callable[[Ledger, Path], Keeper]] = {
    "smtp": _smtp,
    "gmail": _gmail,
    "graph": _graph,
    "ews": _ews,
}
