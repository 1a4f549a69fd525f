"""A worker that does in this thread what the engine's threads do."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from outtray.delivery.work import DeliveryWork, UpkeepWork
from tests.conftest import TurnedClock

Run = Callable[[], None]


@pytest.fixture
def run_until_idle(clock: TurnedClock) -> Run:
    """Do what is due, again and again, until nothing is due at the clock's time."""
    works = (UpkeepWork(clock), DeliveryWork(clock))

    def run() -> None:
        for work in works:
            seen = 0
            while keys := list(work.due(clock.now())):
                for key in keys:
                    work.do(key, threading.Event())
                seen += 1
                if work.name == "upkeep":
                    break
                assert seen < 100, f"{work.name} finds no rest"

    return run
