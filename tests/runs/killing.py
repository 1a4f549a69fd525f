"""A run whose workers are killed again and again, and what must have come of it."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings

from outtray.mail.reading import read
from outtray.outbox.models import Email, Enclosure
from outtray.runs.accepting import Step
from outtray.runs.models import RowState, Run, RunState

LEASE_MINUTES = 3  # longer than a lease
PATIENCE = 120  # seconds that a life may take that is not cut short


@dataclass
class Lives:
    """The workers of a run, one after the other or side by side, all killed but the last."""

    run: Run
    settings_module: str
    presses: int = 2
    lived: int = 0

    def die_at(self, step: Step, times: int = 1) -> None:
        """A worker that dies at that step of its batch with that number."""
        process = self._start(step, times)
        process.wait(PATIENCE)

    def die_after(self, seconds: float, *, beside: int = 0) -> None:
        """A worker, and others beside it, all killed after that time."""
        processes = [self._start(0, 0) for _ in range(1 + beside)]
        for process in processes:
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def live_on(self) -> None:
        """A worker that is left in peace until all is done."""
        assert self._start(0, 0).wait(PATIENCE * 10) == 0

    @property
    def is_over(self) -> bool:
        self.run.refresh_from_db()
        return self.run.state == RunState.DONE

    def _start(self, step: int, times: int) -> subprocess.Popen[bytes]:
        self.lived += 1
        later = self.lived * LEASE_MINUTES
        environment = {
            **os.environ,  # noqa: TID251 - theirs too
            "DJANGO_SETTINGS_MODULE": self.settings_module,
            "OUTTRAY_RENDER_PROCESSES": str(self.presses),
        }
        numbers = [str(number) for number in (step, times, later)]
        return subprocess.Popen(
            [sys.executable, "-m", "tests.runs.kill_worker", *numbers], env=environment
        )


def kill_at_random(lives: Lives, rng: random.Random, *, times: int, beside: int = 0) -> None:
    """At steps and at moments, then let the last one finish."""
    for _ in range(times):
        if lives.is_over:
            return
        if rng.random() < 0.5:
            lives.die_at(rng.choice(list(Step)), rng.randint(1, 3))
        else:
            lives.die_after(rng.uniform(0.5, 6), beside=beside)
    if not lives.is_over:
        lives.live_on()


def faults_of(run: Run) -> list[str]:
    """What is wrong: an email that is missing, doubled, or carries another document."""
    return list(_faults(run))


def _faults(run: Run) -> Iterator[str]:
    run.refresh_from_db()
    rows = list(run.rows.select_related("document", "email"))
    carried = Counter(Enclosure.objects.values_list("document_id", flat=True))
    if (run.state, run.accepted) != (RunState.DONE, len(rows)):
        yield f"the run is {run.state} with {run.accepted} of {len(rows)}"
    if Email.objects.count() != len(rows):
        yield f"{Email.objects.count()} emails for {len(rows)} documents"
    for row in rows:
        number = row.document.number
        if row.state != RowState.ACCEPTED or row.email is None:
            yield f"{number} is {row.state} {row.code}"
        elif carried[row.document_id] != 1:
            yield f"{number} lies in {carried[row.document_id]} emails"
        elif number not in _filename(row.email):
            yield f"the email of {number} carries something else"


def _filename(email: Email) -> str:
    (file,) = read(settings.BLOBS.get(email.message)).attachments
    return file.filename
