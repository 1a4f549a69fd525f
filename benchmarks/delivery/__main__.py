"""Measure all systems in turn; print JSON, and a line for each round on the way."""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks.delivery.rounds import Round, one_round
from benchmarks.delivery.systems import SYSTEMS
from benchmarks.fresh import open_folder
from benchmarks.sink import sink

COUNT = 2000
ROUNDS = 5


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.delivery", description=__doc__)
    arguments.add_argument("--count", type=int, default=COUNT, help="messages a round")
    arguments.add_argument("--rounds", type=int, default=ROUNDS)
    arguments.add_argument("--only", nargs="+", choices=SYSTEMS, default=list(SYSTEMS))
    chosen = arguments.parse_args()
    rounds = _measured(chosen.only, chosen.count, chosen.rounds)
    summaries = {name: _summary(each) for name, each in rounds.items()}
    _say_ratios(summaries)
    print(json.dumps(summaries, indent=2))


def _measured(names: Sequence[str], count: int, times: int) -> Mapping[str, list[Round]]:
    """All systems one after the other, and so again and again: what disturbs one disturbs all."""
    rounds: dict[str, list[Round]] = {name: [] for name in names}
    with ExitStack() as stack:
        root = stack.enter_context(open_folder())
        taker = stack.enter_context(sink(root))
        systems = {name: SYSTEMS[name](_made(root / name), taker, stack) for name in names}
        for number in range(times):
            for name, system in systems.items():
                measured = one_round(system, taker, count)
                rounds[name].append(measured)
                _say(f"round {number + 1}  {name:<18}{measured}")
    return rounds


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _summary(rounds: Sequence[Round]) -> dict[str, float]:
    return {
        "per_second": round(statistics.median(each.per_second for each in rounds), 1),
        "cpu_ms": round(statistics.median(each.cpu_ms for each in rounds), 2),
        "peak_mb": round(max(each.peak_mb for each in rounds), 1),
    }


def _say_ratios(summaries: Mapping[str, Mapping[str, float]]) -> None:
    for ours in (name for name in summaries if name.startswith("outtray")):
        for other in (name for name in summaries if not name.startswith("outtray")):
            ratio = summaries[ours]["per_second"] / summaries[other]["per_second"]
            _say(f"{ours} is {ratio:.2f} times as fast as {other}")


def _say(line: str) -> None:
    """Beside the JSON, not in it."""
    print(line, file=sys.stderr)


if __name__ == "__main__":
    main()
