"""The deputy itself: what `deputy.py` starts beside a serving process."""

from __future__ import annotations

import sys
import threading
from datetime import datetime

from outtray.delivery import meters
from outtray.delivery.parked import Park
from outtray.delivery.work import DeliveryWork, UpkeepWork
from outtray.engine import base
from outtray.lib.clock import SYSTEM
from outtray.ops.deputy import IDLE, is_deputys
from outtray.ops.engine import embedded
from outtray.ops.stopping import Stopping, end_work


def deliver_beside() -> None:
    """Deliver for half of the mailboxes, until little is left or the one who started us ends."""
    stopping = Stopping()
    stopping.listen()
    park = Park()
    delivery = DeliveryWork(SYSTEM, park, is_ours=is_deputys)
    engine = embedded((delivery, UpkeepWork(SYSTEM, park)), at_end=park.close)
    meters.tell(_say)
    base.use(engine)
    engine.start()
    ended = threading.Event()
    stopping.then(ended.set)
    threading.Thread(target=_wait_for_end, args=(ended,), name="input", daemon=True).start()
    _wait_until_idle(delivery, ended)
    end_work(engine)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _wait_for_end(ended: threading.Event) -> None:
    sys.stdin.read()
    ended.set()


def _wait_until_idle(delivery: DeliveryWork, ended: threading.Event) -> None:
    busy_at: datetime = SYSTEM.now()
    while not SYSTEM.wait(ended, 1.0):
        now = SYSTEM.now()
        if list(delivery.due(now)):
            busy_at = now
        elif now - busy_at >= IDLE:
            return
