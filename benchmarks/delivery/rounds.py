"""One round of one system: from beginning to queue until the sink has taken the last message."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks import usage
from benchmarks.delivery.running import Running, System
from benchmarks.feeder import DONE
from benchmarks.sink import Sink

WARM_UP = 100
MEMORY_EVERY = 0.5  # seconds between two looks at the memory


@dataclass(frozen=True, slots=True)
class Round:
    """What one round took."""

    per_second: float
    cpu_ms: float
    peak_mb: float

    def __str__(self) -> str:
        return f"{self.per_second:8.1f}/s {self.cpu_ms:8.2f} ms CPU {self.peak_mb:8.1f} MB"


class _Peak:
    """The most memory that was seen."""

    def __init__(self, pids: Sequence[int]) -> None:
        self._pids = pids
        self._next = 0.0
        self.megabytes = 0.0

    def look(self) -> None:
        now = time.perf_counter()
        if now >= self._next:
            self._next = now + MEMORY_EVERY
            self.megabytes = max(self.megabytes, usage.memory_mb(self._pids))


def one_round(system: System, sink: Sink, count: int) -> Round:
    """Start the system, warm it up, measure it, stop it."""
    os.sync()
    with system.running() as running:
        _pass_through(running, sink, WARM_UP, _Peak(running.pids))
        peak, cpu_before = _Peak(running.pids), usage.cpu_seconds(running.pids)
        seconds = _pass_through(running, sink, count, peak)
        cpu = usage.cpu_seconds(running.pids) - cpu_before
    return Round(count / seconds, cpu * 1000 / count, peak.megabytes)


def _pass_through(running: Running, sink: Sink, count: int, peak: _Peak) -> float:
    """Seconds until the sink has taken so many more."""
    last, begun = sink.taken() + count, time.perf_counter()
    running.feeder.begin(count)
    sink.wait_for(last, meanwhile=peak.look)
    seconds = time.perf_counter() - begun
    running.feeder.wait_until(DONE)
    return seconds
