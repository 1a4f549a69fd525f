"""Ids that sort by the time they were made (RFC 9562 §5.7), so that newest first is cheap."""

from __future__ import annotations

import secrets
import threading
import uuid

from outtray.lib import clock

_lock = threading.Lock()
_last_tick = 0


def new_id() -> uuid.UUID:
    """A fresh UUIDv7. Ids made by one process sort in the order in which they were made.

    The 12 bits after the milliseconds count on within one (RFC 9562 §6.2, method 3), so a
    clock that stands still or steps back cannot put a later id before an earlier one.
    """
    tick = _next_tick()
    milliseconds, fraction = tick >> 12, tick & 0xFFF
    value = milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | secrets.randbits(62)
    return uuid.UUID(int=value)


def _next_tick() -> int:
    """The time in 1/4096 of a millisecond, always larger than the one before."""
    global _last_tick  # noqa: PLW0603 - one counter for the process, under its lock
    with _lock:
        _last_tick = max(_last_tick + 1, int(clock.now().timestamp() * 1000 * 4096))
        return _last_tick
