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
from tests.servers.ledger_deeds import Seeded

QUIET = 20  # seconds that the last conversations may take to end


class LedgerProcess:
    """Started with the constructor; ready when that returns. Acceptances go to the file too."""

    host = "localhost"

    def __init__(self, file: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.servers.ledger_process", str(file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.port: int = self._ask("port")

    def misbehave(self, seed: int, *, share: float, slow: float) -> None:
        """Misbehave by a plan drawn from this seed, at that share of all steps."""
        self._ask("misbehave", seed=seed, share=share, slow=slow)

    def refuse_for_now(self, seed: int, *, share: float) -> None:
        """Refuse that share of all recipients for the time being, and nothing else."""
        self._ask("misbehave", seed=seed, share=share, temporary=True)

    def behave(self) -> None:
        """Take everything from now on."""
        self._ask("behave")

    def allow(self, *, greylists: bool = False, recipients_per_message: int = 0) -> None:
        """Greylist, or take at most that many recipients with a message."""
        self._ask("allow", greylists=greylists, recipients_per_message=recipients_per_message)

    def wait_until_quiet(self) -> None:
        """Wait until no conversation is open: from here on nothing is accepted any more."""
        assert self._ask("wait"), "a conversation with the ledger does not end"

    def counted(self) -> Counter[Line]:
        """How often each recipient got each message since the last `begin_anew`."""
        return Counter((message_id, recipient) for message_id, recipient in self._ask("lines"))

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


def _grant(server: LedgerServer, wish: str, details: dict[str, Any]) -> object:
    match wish:
        case "port":
            return server.port
        case "misbehave":
            server.follow(Seeded(**details))
        case "behave":
            server.behaves()
        case "allow":
            server.rules.greylists = details["greylists"]
            server.rules.recipients_per_message = details["recipients_per_message"]
        case "wait":
            return server.wait_until_quiet(QUIET)
        case "lines":
            return server.ledger.lines()
        case "begin":
            server.behaves()
            server.rules = type(server.rules)()
            server.ledger.begin_anew()
    return True


def main(file: str) -> None:
    server = LedgerServer(Ledger(Path(file)))
    for line in sys.stdin:
        details = json.loads(line)
        answer = _grant(server, details.pop("wish"), details)
        print(json.dumps(answer), flush=True)
    server.stop()


if __name__ == "__main__":
    main(sys.argv[1])
