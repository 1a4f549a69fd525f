"""Run benchmarks one after the other; print a table, then all of it as one JSON object.

    python -m benchmarks [name ...] [--json] [options of that benchmark]

Without a name: those that take less than minutes. With --json the last line is the whole object, of
one benchmark its own. Options other than --json are handed on, and want a single name.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from itertools import takewhile

AIMS: Mapping[str, Mapping[str, float]] = {
    "demo_time": {"seconds": 10},
    "press_to_answer": {"median_ms": 300},
    "idle_memory": {"pss_mb": 200},
    "queue_page": {"queue_ms": 100},
    "documents_page": {"slowest_ms": 100},
    "typst_invoice": {"typst_milliseconds.median": 40},
    "pdf": {},
    "explain": {"cases_per_second": 2000},
    "resolve": {"seconds": 5},
    "delivery": {},
    "interactive": {
        "embedded.p50_ms": 100,
        "embedded.p95_ms": 250,
        "cluster.p50_ms": 100,
        "cluster.p95_ms": 250,
    },
    "latency": {"session_ratio": 1.8, "sitting_ratio": 1.8},
    "history": {
        "ratio.sweep_ms": 1.2,
        "ratio.claim_ms": 1.2,
        "ratio.settle_ms": 1.2,
        "ratio.page_ms": 1.2,
    },
    "mailboxes": {"most_percent_off": 2, "peak_mb": 400},
    "queueing": {"pdf_per_second": 1000, "text_per_second": 1000},
    "month_end": {"per_second": 100, "peak_mb": 500, "page_p95_ms": 100},
}
BY_NAME_ONLY = {"documents_page", "delivery", "history", "mailboxes", "pdf", "queueing"}


def main() -> None:
    arguments = [argument for argument in sys.argv[1:] if argument != "--json"]
    words = list(takewhile(lambda argument: not argument.startswith("-"), arguments))
    options = arguments[len(words) :]
    names = [word.replace("-", "_") for word in words]
    names = names or [name for name in AIMS if name not in BY_NAME_ONLY]
    _check(names, options)
    results = {name: _measured(name, options) for name in names}
    for name, result in results.items():
        for key, value in _numbers(result):
            aim = AIMS[name].get(key)
            print(f"{name:<18}{key:<28}{value:>12,.1f}{f'   aim {aim:g}' if aim else ''}")
    if "--json" in sys.argv:
        print(json.dumps(results if len(results) > 1 else results[names[0]]))
    else:
        print(json.dumps(results, indent=2))


def _check(names: Sequence[str], options: Sequence[str]) -> None:
    unknown = [name for name in names if name not in AIMS]
    if unknown:
        sys.exit(f"There is no benchmark {unknown[0]!r}. There are: {', '.join(AIMS)}.")
    if options and len(names) > 1:
        sys.exit(f"{options[0]} is for one benchmark: name it alone.")


def _measured(name: str, options: Sequence[str]) -> Mapping[str, object]:
    print(f"measuring {name} ...", file=sys.stderr)
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{name}", *options],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{name} could not be measured.")
    result: Mapping[str, object] = json.loads(done.stdout)
    return result


def _numbers(result: Mapping[str, object], prefix: str = "") -> list[tuple[str, float]]:
    found: list[tuple[str, float]] = []
    for key, value in result.items():
        if isinstance(value, Mapping):
            found += _numbers(value, f"{prefix}{key}.")
        elif isinstance(value, int | float):
            found.append((prefix + key, float(value)))
    return found


if __name__ == "__main__":
    main()
