"""The engine of the serving process, with all work that rows can ask for."""

from __future__ import annotations

from django.conf import settings
from django.db import close_old_connections, transaction

from outtray.delivery.work import DeliveryWork, UpkeepWork
from outtray.diagnosis.probes import ProbeWork
from outtray.engine.embedded import EmbeddedEngine
from outtray.lib.clock import SYSTEM


def build_engine() -> EmbeddedEngine:
    """An engine that is not started yet."""
    works = (DeliveryWork(SYSTEM), ProbeWork(SYSTEM), UpkeepWork(SYSTEM))
    return EmbeddedEngine(
        works,
        threads=settings.WORKER_THREADS,
        clock=SYSTEM,
        before=close_old_connections,
        after_commit=transaction.on_commit,
    )
