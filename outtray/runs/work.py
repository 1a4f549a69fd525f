"""The work that the engine does for runs: look through, make emails, follow a pause or a stop."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from outtray.lib.clock import Clock
from outtray.runs.accepting import Watch, accept_run, unwatched
from outtray.runs.deeds import follow
from outtray.runs.examine import examine
from outtray.runs.models import Run, RunState
from outtray.runs.waking import WORK, key_of, run_of

# So many processes at most have a hand in one run. With SQLite there is one anyway.
HANDS = 4

# Runs that this process works on: a second hand of its own would only be in the way.
_in_hand: set[UUID] = set()
_guard = threading.Lock()


class RunWork:
    """Does whatever the rows of runs ask for."""

    name = WORK

    def __init__(self, clock: Clock, watch: Watch = unwatched) -> None:
        self.clock = clock
        self.watch = watch

    def due(self, at: datetime) -> Iterable[str]:  # noqa: ARG002 - a run waits for no time
        asking = Q(state__in=(RunState.PREVIEWING, RunState.RUNNING)) | ~Q(deed="")
        hands = HANDS if settings.IS_CLUSTER else 1
        for run_id, company_id in Run.objects.filter(asking).values_list("pk", "company_id"):
            yield from (key_of(run_id, company_id, hand) for hand in range(1, hands + 1))

    def do(self, key: str, stop: threading.Event) -> datetime | None:
        run_id = run_of(key)
        with _guard:
            if run_id in _in_hand:
                return None
            _in_hand.add(run_id)
        try:
            return self._do(run_id, stop)
        finally:
            with _guard:
                _in_hand.discard(run_id)

    def _do(self, run_id: UUID, stop: threading.Event) -> datetime | None:
        run = Run.objects.filter(pk=run_id).first()
        while run and run.deed and not stop.is_set():
            follow(run, at=self.clock.now())
            run.refresh_from_db()
        while run and not stop.is_set() and examine(run, at=self.clock.now()):
            pass
        if run is None or stop.is_set() or run.state != RunState.RUNNING:
            return None
        return accept_run(run, clock=self.clock, stop=stop, watch=self.watch)
