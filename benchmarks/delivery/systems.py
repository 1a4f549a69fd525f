"""The systems that are compared."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.delivery.outtray import OuttrayOnPostgres, OuttrayOnSqlite
from benchmarks.delivery.post_office import PostOffice
from benchmarks.delivery.postfix import PostfixQueue
from benchmarks.delivery.running import System

SYSTEMS: Mapping[str, type[System]] = {
    "outtray_sqlite": OuttrayOnSqlite,
    "outtray_postgres": OuttrayOnPostgres,
    "postfix": PostfixQueue,
    "post_office": PostOffice,
}
