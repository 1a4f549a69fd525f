"""The ledger server as a process of its own, shared by many workers, outliving each of them.

It is told what to do by lines on its standard input, each answered by one line of JSON, and
ends when that input ends, so that it never outlives the run that started it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from tests.servers.ledger import Ledger, LedgerServer, Line
from tests.servers.ledger_deeds import TEMPORARY, Seeded
from tests.servers.ledger_kinds import KINDS, Keeper

QUIET = 20  # seconds that the last conversations may take to end


class LedgerProcess:
    """Started with the constructor; ready when that returns. Acceptances go to the file too.

    `kind` is the way by which mail comes in. `sign_in_port` is 0 where nobody signs in for it,
    `ca_file` empty where it has no certificate.
    """

    host = "localhost"

    def __init__(self, file: Path, kind: str = "smtp") -> None:
        self.kind = kind
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.servers.ledger_process", str(file), kind],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.port: int
        self.sign_in_port: int
        self.ca_file: str
        self.port, self.sign_in_port, self.ca_file = self._ask("place")

    def misbehave(self, seed: int, *, share: float, slow: float) -> None:
        """Misbehave by a plan drawn from this seed, at that share of all steps."""
        self._ask("misbehave", seed=seed, share=share, slow=slow)

    def refuse_for_now(self, seed: int, *, share: float) -> None:
        """Refuse that share of all recipients for the time being, and nothing else."""
        self._ask("refuse", seed=seed, share=share)

    def behave(self) -> None:
        """Take everything from now on."""
        self._ask("behave")

    def allow(self, *, greylists: bool = False, recipients_per_message: int = 0) -> None:
        """Greylist, or take at most that many recipients with a message, if it is SMTP."""
        self._ask("allow", greylists=greylists, recipients_per_message=recipients_per_message)

    def wait_until_quiet(self) -> None:
        """Wait until no conversation is open: from here on nothing is accepted any more."""
        assert self._ask("wait"), "a conversation with the ledger does not end"

    def counted(self) -> Counter[Line]:
        """How often each recipient got each message since the last `begin_anew`."""
        return Counter((message_id, recipient) for message_id, recipient in self._ask("lines"))

    def complaints(self) -> list[str]:
        """What was asked of it that must not be asked, since the last `begin_anew`."""
        complaints: list[str] = self._ask("complaints")
        return complaints

    def begin_anew(self) -> None:
        """Count from here, behaving."""
        self._ask("begin")

    def stop(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()

    def _ask(self, wish: str, **details: object) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"wish": wish, **details}) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


def _grant(keeper: Keeper, wish: str, details: dict[str, Any]) -> object:
    server = keeper.server
    match wish:
        case "place":
            return keeper.port, keeper.sign_in_port, keeper.ca_file
        case "misbehave":
            menu = keeper.menu(details["slow"])
            server.follow(Seeded(details["seed"], menu, share=details["share"]))
        case "refuse":
            server.follow(Seeded(details["seed"], TEMPORARY, share=details["share"]))
        case "behave":
            server.behaves()
        case "allow" if isinstance(server, LedgerServer):
            server.rules.greylists = details["greylists"]
            server.rules.recipients_per_message = details["recipients_per_message"]
        case "wait":
            return server.wait_until_quiet(QUIET)
        case "lines":
            return server.ledger.lines()
        case "complaints":
            return keeper.complaints
        case "begin":
            keeper.begin_anew()
    return True


def main(file: str, kind: str) -> None:
    keeper = KINDS[kind](Ledger(Path(file)), Path(f"{file}-server"))
    for line in sys.stdin:
        details = json.loads(line)
        answer = _grant(keeper, details.pop("wish"), details)
        print(json.dumps(answer), flush=True)
    keeper.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
