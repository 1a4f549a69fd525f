"""How long `outtray demo --exit` takes, warm, from the command to its end."""

from __future__ import annotations

import json
import subprocess
import sys
import time

from benchmarks.fresh import spread
from tests.ops.running import free_port


def main() -> None:
    _run()
    begun = time.perf_counter()
    emails = _run()
    seconds = time.perf_counter() - begun
    presses = spread([email["milliseconds"] for email in emails])
    print(json.dumps({"seconds": round(seconds, 2), "press_to_answer": presses}, indent=2))


def _run() -> list[dict[str, float]]:
    done = subprocess.run(
        [sys.executable, "-m", "outtray", "demo", "--exit", "--json", "--port", str(free_port())],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    emails: list[dict[str, float]] = json.loads(done.stdout)["emails"]
    return emails


if __name__ == "__main__":
    main()
