"""Wakes whichever process works, from one that writes rows to PostgreSQL."""

from __future__ import annotations

from typing import cast

from django.db import connection

from outtray.engine.postgresql.base import DatabaseWrapper


class Announcer:
    """An engine that only passes wake-ups on."""

    def wake(self, work: str, key: str, *, urgent: bool = False) -> None:
        """Defer a wake-up with this transaction. Several of one key cost one row."""
        cast(DatabaseWrapper, connection).wake((work, key), urgent=urgent)

    def start(self) -> None:
        """Nothing works here."""

    def stop(self, seconds: float) -> bool:  # noqa: ARG002 - an engine's
        """Nothing is in hand here."""
        return True

    @property
    def is_alive(self) -> bool:
        """Whoever only passes on cannot fail to work."""
        return True
