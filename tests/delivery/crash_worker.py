"""A worker process that kills itself, as a power cut would, at a numbered step of an attempt."""

from __future__ import annotations

import os
import signal
import sys
import threading
from uuid import UUID

import django


def main(mailbox_id: str, fatal_step: int) -> None:
    django.setup()

    from outtray.delivery.sitting import sit
    from outtray.delivery.worker import Step, Worker
    from outtray.lib.clock import SYSTEM
    from outtray.outbox.claim import Claim
    from outtray.outbox.recover import worker_name

    def watch(step: Step, claim: Claim) -> None:
        if step == fatal_step:
            os.kill(os.getpid(), signal.SIGKILL)

    sit(UUID(mailbox_id), Worker(worker_name("crash"), SYSTEM, threading.Event(), watch))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
