"""Run the campaign: `python -m tests.campaign --schedules 2000 --seed 1 --json`.

Parts play side by side, each a process with a database, a ledger and a small disk of its
own. Every schedule that finds something wrong is told at once, with the command that plays
it again; then the run ends with 1.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.servers.ledger_kinds import KINDS

FIGURES = ("schedules", "emails", "accepted", "lost", "doubled", "unknown")
# Anything; a part points at its own server before it uses it.
_SOME_URL = "postgresql://outtray:p%40ss%2Fw%3Ard%20%251@127.0.0.1:1/outtray"


def main() -> int:
    wishes = _wishes()
    databases = _databases(wishes.database)
    ways = list(KINDS) if wishes.transport == "all" else [wishes.transport]
    campaigns = {way: Campaign(databases, way, says_all=wishes.verbose) for way in ways}
    began = time.monotonic()
    for campaign in campaigns.values():
        campaign.run(range(wishes.seed, wishes.seed + wishes.schedules), parts=wishes.parts)
    print(f"{time.monotonic() - began:.0f} seconds", file=sys.stderr)
    result = _result(campaigns, databases)
    print(json.dumps(result) if wishes.json else _table(result))
    return 1 if any(campaign.is_wrong for campaign in campaigns.values()) else 0


class Campaign:
    """The figures of one way out so far, and the seeds that are left."""

    def __init__(self, databases: list[str], way: str, *, says_all: bool) -> None:
        self.figures = {name: dict.fromkeys((*FIGURES, "wrong"), 0) for name in databases}
        self.is_wrong = False
        self._databases = databases
        self._way = way
        self._says_all = says_all
        self._lock = threading.Lock()
        self._left: dict[str, deque[int]] = {}

    def run(self, seeds: Iterable[int], *, parts: int) -> None:
        """Play all of these, each on the database whose turn it is."""
        self._left = {name: deque() for name in self._databases}
        for place, seed in enumerate(seeds):
            self._left[self._databases[place % len(self._databases)]].append(seed)
        hosts = [self._databases[place % len(self._databases)] for place in range(parts)]
        hosts += [name for name in self._databases if name not in hosts]
        threads = [threading.Thread(target=self._play, args=(name,)) for name in hosts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def total(self) -> dict[str, int]:
        """The figures of all databases together."""
        return {name: sum(each[name] for each in self.figures.values()) for name in FIGURES}

    def _play(self, database: str) -> None:
        """Feed one part until no seed is left."""
        folder = Path(tempfile.mkdtemp(prefix="outtray-campaign-", dir=_memory()))
        folder.chmod(0o755)
        part = _start(database, self._way, folder)
        assert part.stdin
        assert part.stdout
        while (seed := self._next(database)) is not None:
            part.stdin.write(f"{seed}\n")
            part.stdin.flush()
            answer = part.stdout.readline()
            if not answer:
                self._ended(database, seed, part.wait())
                return
            self._count(json.loads(answer))
        part.stdin.close()
        part.wait()

    def _next(self, database: str) -> int | None:
        with self._lock:
            return self._left[database].popleft() if self._left[database] else None

    def _count(self, answer: Mapping[str, Any]) -> None:
        with self._lock:
            figures = self.figures[answer["database"]]
            figures["schedules"] += 1
            for name in FIGURES[1:]:
                figures[name] += answer[name]
            if self._says_all:
                print(f"{answer['schedule']}\n    {answer['seconds']:.2f} s", file=sys.stderr)
            if answer["wrong"]:
                self.is_wrong = True
                figures["wrong"] += 1
                _tell(answer)

    def _ended(self, database: str, seed: int, code: int) -> None:
        with self._lock:
            self.is_wrong = True
            part = f"{self._way} on {database}"
            print(f"the part for {part} ended with {code} at seed {seed}", file=sys.stderr)


def _start(database: str, way: str, folder: Path) -> subprocess.Popen[str]:
    environment = {
        **os.environ,  # noqa: TID251 - a process of its own, with more than we have
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "OUTTRAY_DATA": str(folder / "data"),
        "OUTTRAY_DATABASE_URL": _SOME_URL if database == "postgresql" else "",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "tests.campaign.part", database, way, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
    )


def _tell(answer: Mapping[str, Any]) -> None:
    which = f"--transport {answer['transport']} --database {answer['database']}"
    again = f"{which} --seed {answer['seed']} --schedules 1"
    lines = [answer["schedule"], *answer["wrong"], f'again: make campaign ARGS="{again}"']
    print("\n    ".join(lines), file=sys.stderr, flush=True)


def _result(campaigns: Mapping[str, Campaign], databases: list[str]) -> dict[str, Any]:
    """All figures: together, for each database, and for each way out if there are several."""
    by_way = {way: campaign.total() for way, campaign in campaigns.items()}
    by_database = {
        name: _sum(campaign.figures[name] for campaign in campaigns.values()) for name in databases
    }
    return {**_sum(by_way.values()), **by_database, **(by_way if len(by_way) > 1 else {})}


def _sum(figures: Iterable[Mapping[str, int]]) -> dict[str, int]:
    each = list(figures)
    return {name: sum(one[name] for one in each) for name in each[0]}


def _table(result: Mapping[str, Any]) -> str:
    columns = {"all": result, **{name: result[name] for name in result if name not in FIGURES}}
    lines = [f"{'':<12}" + "".join(f"{name:>12}" for name in FIGURES)]
    for name, figures in columns.items():
        lines.append(f"{name:<12}" + "".join(f"{figures[key]:>12,}" for key in FIGURES))
    return "\n".join(lines)


def _databases(wish: str) -> list[str]:
    if wish != "both":
        return [wish]
    if any(Path("/usr/lib/postgresql").glob("*/bin/postgres")):
        return ["sqlite", "postgresql"]
    print("PostgreSQL is not installed here; SQLite alone", file=sys.stderr)
    return ["sqlite"]


def _memory() -> str | None:
    """Where files cost no disk: killed processes lose nothing that the system has taken."""
    room = Path("/dev/shm")
    is_there = room.is_dir() and shutil.disk_usage(room).free > 1_000_000_000
    return str(room) if is_there else None


def _wishes() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="campaign", description=__doc__)
    parser.add_argument("--schedules", type=int, default=100, help="how many to play")
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--transport", choices=(*KINDS, "all"), default="smtp", help="the way out")
    parser.add_argument("--parts", type=int, default=2 * (os.cpu_count() or 1))
    parser.add_argument("--json", action="store_true", help="print one line of JSON at the end")
    parser.add_argument("--verbose", action="store_true", help="tell every schedule")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
