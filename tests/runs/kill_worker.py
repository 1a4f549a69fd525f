"""A process that does what runs ask for, and kills itself at a numbered step if it is told to."""

from __future__ import annotations

import os
import signal
import sys
import threading
from datetime import datetime, timedelta

import django


def main(step: int, times: int, minutes: int) -> None:
    django.setup()

    from outtray.lib.clock import SystemClock
    from outtray.runs.accepting import Step
    from outtray.runs.work import RunWork

    class Later(SystemClock):
        """Lives after the leases of those who died before."""

        def now(self) -> datetime:
            return super().now() + timedelta(minutes=minutes)

    seen: list[Step] = []

    def watch(at: Step) -> None:
        seen.append(at)
        if at == step and seen.count(at) == times:
            os.kill(os.getpid(), signal.SIGKILL)

    clock = Later()
    work = RunWork(clock, watch)
    while keys := list(work.due(clock.now())):
        for key in keys:
            work.do(key, threading.Event())


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
