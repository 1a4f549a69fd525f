"""How often a caller may ask: a token bucket for each, in this process."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from datetime import datetime

_MOST_BUCKETS = 10_000


class TooManyRequests(Exception):  # noqa: N818 - the words of HTTP
    """Come back in that many seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"too many requests, wait {seconds} s")
        self.seconds = seconds


class Rate:
    """A bucket for each caller. Those not seen for longest are forgotten first, and are full."""

    def __init__(self, burst: int, per_second: float) -> None:
        self._burst = burst
        self._per_second = per_second
        self._buckets: OrderedDict[str, tuple[float, datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, caller: str, *, at: datetime) -> None:
        """Count one request. Raises TooManyRequests when the bucket is empty."""
        with self._lock:
            left = self._left(caller, at)
            if left < 1:
                raise TooManyRequests(math.ceil((1 - left) / self._per_second))
            self._buckets[caller] = (left - 1, at)
            self._buckets.move_to_end(caller)
            if len(self._buckets) > _MOST_BUCKETS:
                self._buckets.popitem(last=False)

    def forget(self) -> None:
        """Fill all buckets."""
        with self._lock:
            self._buckets.clear()

    def _left(self, caller: str, at: datetime) -> float:
        if caller not in self._buckets:
            return float(self._burst)
        left, since = self._buckets[caller]
        gained = max(0.0, (at - since).total_seconds()) * self._per_second
        return min(float(self._burst), left + gained)
