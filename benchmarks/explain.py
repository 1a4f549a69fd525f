"""How many failures a second `outtray explain --jsonl` explains, its start included.

    python -m benchmarks.explain [--count 10000]

Prints JSON. The failures are those of the tests, which real servers and programs have said.
"""

from __future__ import annotations

import argparse
import itertools
import json
import subprocess
import sys
import time
from pathlib import Path

CASES = Path(__file__).parents[1] / "tests" / "diagnosis" / "cases"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--count", type=int, default=10_000)
    count = arguments.parse_args().count
    started = time.perf_counter()
    answers = _explained("".join(itertools.islice(itertools.cycle(_lines()), count)))
    seconds = time.perf_counter() - started
    assert answers == count
    print(
        json.dumps(
            {"benchmark": "explain", "cases": count, "cases_per_second": count / seconds}, indent=2
        )
    )


def _lines() -> list[str]:
    files = sorted(CASES.glob("*.jsonl"))
    return [line for file in files for line in file.read_text().splitlines(keepends=True)]


def _explained(cases: str) -> int:
    """The number of answers."""
    done = subprocess.run(
        [sys.executable, "-m", "outtray", "explain", "--jsonl"],
        input=cases,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return len(done.stdout.splitlines())


if __name__ == "__main__":
    main()
