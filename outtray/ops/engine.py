"""The engine of a working process, with all work that rows can ask for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from django.conf import settings
from django.db import close_old_connections, connections, transaction

from outtray.automations.end_notices import EndWork
from outtray.automations.notices import NoticeWork
from outtray.automations.watched_folder import FolderWork
from outtray.delivery.parked import Park
from outtray.delivery.work import DeliveryWork, UpkeepWork
from outtray.diagnosis.probes import ProbeWork
from outtray.diagnosis.recheck import RecheckWork
from outtray.documents.imports.work import ImportWork
from outtray.engine import base
from outtray.engine.base import Work
from outtray.engine.embedded import EmbeddedEngine
from outtray.engine.sqlite.news import News
from outtray.lib.clock import SYSTEM
from outtray.returns.file_copy import FileCopyWork
from outtray.returns.look_up import LookUpWork
from outtray.runs.work import RunWork


class WorkingEngine(base.Engine, Protocol):
    """An engine that works in this process."""

    def start(self) -> None:
        """Start to work."""

    def stop(self, seconds: float) -> bool:
        """Ask all work to stop; True if it did within that time. May be called again."""

    @property
    def is_alive(self) -> bool:
        """Whether it works, or was never started or has been stopped on purpose."""


def build_engine() -> WorkingEngine:
    """An engine that is not started yet."""
    park = Park()
    works = (
        DeliveryWork(SYSTEM, park),
        FileCopyWork(SYSTEM),
        FolderWork(SYSTEM),
        EndWork(SYSTEM),
        ImportWork(SYSTEM),
        LookUpWork(SYSTEM),
        NoticeWork(SYSTEM),
        ProbeWork(SYSTEM),
        RecheckWork(SYSTEM),
        RunWork(SYSTEM),
        UpkeepWork(SYSTEM, park),
    )
    make = _cluster if settings.IS_CLUSTER else _embedded
    return make(works, at_end=park.close)


def announcing_engine() -> WorkingEngine:
    """One that leaves all work to other processes; there must be a PostgreSQL."""
    from outtray.engine.announcer import Announcer

    return Announcer()


def _embedded(works: Sequence[Work], *, at_end: Callable[[], None]) -> WorkingEngine:
    news = News()
    return EmbeddedEngine(
        works,
        threads=settings.WORKER_THREADS,
        clock=SYSTEM,
        before=close_old_connections,
        leave=connections.close_all,
        after_commit=transaction.on_commit,
        has_news=lambda: news.look(connections["default"]),
        at_end=at_end,
    )


def _cluster(works: Sequence[Work], *, at_end: Callable[[], None]) -> WorkingEngine:
    """Its parts are installed only where a PostgreSQL is used."""
    from outtray.engine.cluster import ClusterEngine

    return ClusterEngine(
        works,
        threads=settings.WORKER_THREADS,
        clock=SYSTEM,
        before=close_old_connections,
        leave=connections.close_all,
        at_end=at_end,
    )
