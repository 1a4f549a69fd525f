"""A connection that collects wake-ups, and defers them right before the commit.

Written as a transaction's last act, and in one order, they are locked against those of other
transactions for the length of a commit only, and two transactions never wait for each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.backends.postgresql import base
from psycopg.types.json import Jsonb

QUEUE = "wake"
TASK = "outtray.wake"
URGENT = 10  # the priority of a wake-up that somebody waits for

Key = tuple[str, str]

# One wake-up of a key waits at a time. A second one keeps the first from being taken until
# its own rows are there to be seen, and announces it anew.
_DEFER = """
WITH deferred AS (
    INSERT INTO procrastinate_jobs (queue_name, task_name, priority, queueing_lock, args)
    SELECT %(queue)s, %(task)s, wanted.priority, wanted.queueing_lock, wanted.args
    FROM unnest(%(locks)s::text[], %(priorities)s::int[], %(args)s::jsonb[])
        AS wanted (queueing_lock, priority, args)
    ON CONFLICT (queueing_lock) WHERE status = 'todo' DO UPDATE
        SET priority = greatest(procrastinate_jobs.priority, excluded.priority),
            args = CASE WHEN excluded.priority > procrastinate_jobs.priority
                THEN excluded.args ELSE procrastinate_jobs.args END
    RETURNING id, xmax
)
SELECT pg_notify(
    'procrastinate_queue_v1#' || %(queue)s,
    json_build_object('type', 'job_inserted', 'job_id', id)::text
) FROM deferred WHERE xmax <> 0
"""


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, with `wake`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._wakes: dict[Key, bool] = {}

    def wake(self, key: Key, *, urgent: bool) -> None:
        """Defer a wake-up with this transaction, once however often it is asked for."""
        if not self.in_atomic_block:
            self._defer({key: urgent})
        else:
            self._wakes[key] = urgent or self._wakes.get(key, False)

    def _commit(self) -> None:
        if self._wakes:
            wakes, self._wakes = self._wakes, {}
            self._defer(wakes)
        super()._commit()  # type: ignore[misc] # not in the stubs

    def _rollback(self) -> None:
        self._wakes = {}
        super()._rollback()  # type: ignore[misc] # not in the stubs

    def close(self) -> None:
        self._wakes = {}
        super().close()

    def _defer(self, wakes: Mapping[Key, bool]) -> None:
        ordered = sorted(wakes.items())
        with self.cursor() as cursor:
            cursor.execute(
                _DEFER,
                {
                    "queue": QUEUE,
                    "task": TASK,
                    "locks": [f"{work} {key}" for (work, key), _ in ordered],
                    "priorities": [URGENT if urgent else 0 for _, urgent in ordered],
                    "args": [
                        Jsonb({"work": work, "key": key, "urgent": urgent})
                        for (work, key), urgent in ordered
                    ],
                },
            )
