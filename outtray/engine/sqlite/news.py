"""Whether another process has written: what a command queues beside a server need not wait."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

from outtray.engine.sqlite.base import DatabaseWrapper


class News:
    """Says so once, by SQLite's own count of what other connections wrote.

    That counts the threads of this process too, so nothing is news while they write: then
    the sweep finds it. A look would cost them more than it is worth.
    """

    def __init__(self) -> None:
        self._seen: tuple[int, int] | None = None

    def look(self, connection: BaseDatabaseWrapper) -> bool:
        """Whether there was any since the last look, which has to be by the same connection."""
        commits = DatabaseWrapper.commits
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA data_version")
            (version,) = cursor.fetchone()
        before, self._seen = self._seen, (version, commits)
        return before is not None and version != before[0] and commits == before[1]
