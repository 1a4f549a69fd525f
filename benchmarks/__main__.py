"""Run benchmarks one after the other; print a table, then all of it as one JSON object."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping

AIMS: Mapping[str, Mapping[str, float]] = {
    "demo_time": {"seconds": 10},
    "press_to_answer": {"median_ms": 300},
    "idle_memory": {"pss_mb": 200},
    "queue_page": {"queue_ms": 100},
    "typst_invoice": {"typst_milliseconds.median": 40},
}


def main() -> None:
    names = sys.argv[1:] or list(AIMS)
    unknown = [name for name in names if name not in AIMS]
    if unknown:
        sys.exit(f"There is no benchmark {unknown[0]!r}. There are: {', '.join(AIMS)}.")
    results = {name: _measured(name) for name in names}
    for name, result in results.items():
        for key, value in _numbers(result):
            aim = AIMS[name].get(key)
            print(f"{name:<18}{key:<24}{value:>12,.1f}{f'   aim {aim:g}' if aim else ''}")
    print(json.dumps(results, indent=2))


def _measured(name: str) -> Mapping[str, object]:
    print(f"measuring {name} ...", file=sys.stderr)
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{name}"], stdout=subprocess.PIPE, text=True, check=True
    )
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
