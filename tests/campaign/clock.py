"""A clock that all processes of a schedule share, and that can jump, for one or for all."""

from __future__ import annotations

import mmap
import struct
import threading
import time
from datetime import UTC, datetime, timedelta

SPEED = 20  # so that sweeps and pauses of seconds fit into a schedule of less than one
SLOTS = 64
_EVERYBODY = SLOTS - 1
_BEGIN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class SharedTime:
    """The time of a schedule, made before its processes are forked."""

    def __init__(self) -> None:
        self._offsets = mmap.mmap(-1, SLOTS * 8)
        self._start = time.monotonic()

    def begin(self) -> None:
        """It is the same Monday morning again."""
        self._offsets[:] = bytes(SLOTS * 8)
        self._start = time.monotonic()

    def of(self, slot: int) -> datetime:
        seconds = (time.monotonic() - self._start) * SPEED
        return _BEGIN + timedelta(seconds=seconds + self._offset(slot) + self._offset(_EVERYBODY))

    def latest(self) -> datetime:
        """The time of whoever is furthest ahead."""
        return max(map(self.of, range(_EVERYBODY)))

    def jump(self, slot: int, seconds: float) -> None:
        """Let one worker's clock jump."""
        struct.pack_into("d", self._offsets, slot * 8, self._offset(slot) + seconds)

    def jump_all(self, seconds: float) -> None:
        """Let all clocks jump."""
        self.jump(_EVERYBODY, seconds)

    def _offset(self, slot: int) -> float:
        (offset,) = struct.unpack_from("d", self._offsets, slot * 8)
        return float(offset)


class SlotClock:
    """One worker's view of the shared time. Satisfies Clock."""

    def __init__(self, shared: SharedTime, slot: int) -> None:
        self._shared = shared
        self._slot = slot

    def now(self) -> datetime:
        return self._shared.of(self._slot)

    def wait(self, event: threading.Event, seconds: float) -> bool:
        return event.wait(seconds / SPEED)
