"""What queues: a process that, told a number, takes in so many messages and says when it has.

It is started and warm before the clock runs, and its CPU time counts.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

READY = "ready"
DONE = "done"


class Feeder:
    """The process, seen from the one that measures."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.pid = process.pid

    def begin(self, count: int) -> None:
        """Have it begin to queue so many messages."""
        assert self._process.stdin
        self._process.stdin.write(f"{count}\n")
        self._process.stdin.flush()

    def wait_until(self, word: str) -> None:
        """Return when it says this word."""
        said = self.answer()
        assert said == word, f"{self._process.args!r} said {said!r} instead of {word!r}"

    def answer(self) -> str:
        """The next line that it says."""
        assert self._process.stdout
        return self._process.stdout.readline().strip()


@contextmanager
def feeding(
    command: Sequence[str], *, log: Path, environment: Mapping[str, str] | None = None
) -> Iterator[Feeder]:
    """Start a feeder, and with the block let it end by itself, so that it tidies up."""
    settings = [f"{name}={value}" for name, value in (environment or {}).items()]
    with log.open("ab") as errors:
        process = subprocess.Popen(
            ["env", *settings, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    try:
        feeder = Feeder(process)
        feeder.wait_until(READY)
        yield feeder
    finally:
        process.communicate()


def feed(queue: Callable[[int], str | None]) -> None:
    """Be a feeder: queue what is asked for, until nobody asks any more."""
    print(READY, flush=True)
    for line in sys.stdin:
        print(queue(int(line)) or DONE, flush=True)
