"""The wake-up that a run needs, under the key of its company."""

from __future__ import annotations

from uuid import UUID

from outtray.engine.base import wake
from outtray.runs.models import Run

WORK = "run"


def wake_run(run: Run) -> None:
    """Have the run worked on. Call it inside the transaction that gives it something to do."""
    wake(WORK, key_of(run.pk, run.company_id))


def key_of(run_id: UUID, company_id: UUID, hand: int = 1) -> str:
    """What the engine calls a run's turn, one key for each process that may have a hand in it."""
    key = f"{company_id}/{run_id}"
    return key if hand == 1 else f"{key}/{hand}"


def run_of(key: str) -> UUID:
    """The run that a key stands for."""
    return UUID(key.split("/")[1])
