"""Imports the files that another program puts into a folder.

A file is taken when it has not changed for a while. One that cannot be read as a whole gets
more time first: it may be half written. Programs that write under another name and rename
at the end are never met half-way.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from outtray.automations.folder_files import TAKING, Folder, open_folder
from outtray.automations.take_file import Looked, look, take
from outtray.documents.imports.folders import root
from outtray.documents.imports.models import WatchedFolder
from outtray.lib.clock import SYSTEM, Clock

log = logging.getLogger("outtray.imports")

QUIET = timedelta(seconds=5)
PATIENCE = timedelta(minutes=1)
AGAIN = timedelta(minutes=1)  # after the folder itself could not be used

Seen = dict[str, tuple[str, datetime]]


class FolderWork:
    """The watched folders, as work for an engine.

    How long a file has been quiet is remembered by each process for itself; one that forgets
    it only waits again.
    """

    name = "folder"

    def __init__(self, clock: Clock = SYSTEM) -> None:
        self._clock = clock
        self._seen: dict[UUID, Seen] = {}
        self._not_before: dict[UUID, datetime] = {}

    def due(self, at: datetime) -> Iterable[str]:
        if root() is None:
            return []
        return [
            f"{watched.pk}/folder"
            for watched in WatchedFolder.objects.all()
            if self._not_before.get(watched.pk, at) <= at and _has_files(watched)
        ]

    def do(self, key: str, stop: threading.Event) -> datetime | None:
        company_id = UUID(key.partition("/")[0])
        found = WatchedFolder.objects.select_related("company", "changed_by")
        watched = found.filter(pk=company_id).first()
        parent = root()
        if watched is None or parent is None:
            return None
        try:
            with open_folder(parent / watched.path) as inbox:
                again = self._look_through(watched, inbox, stop)
        except OSError as problem:
            return self._put_off(watched, problem)
        _note(watched, "")
        return again

    def _look_through(
        self, watched: WatchedFolder, inbox: Folder, stop: threading.Event
    ) -> datetime | None:
        seen = self._seen.setdefault(watched.pk, {})
        with inbox.within(TAKING) as taking:
            left = taking.names()
            names = [name for name in inbox.names() if name not in left]
            for place, its in ((taking, left), (inbox, names)):
                for name in its:
                    if stop.is_set():
                        return None
                    looked = self._ready(watched, place, name, seen)
                    if looked and _is_out_of_reach(place, taking, name, looked):
                        take(watched, taking, inbox, name, looked, at=self._now())
        for name in set(seen) - {*left, *names}:
            del seen[name]
        return self._now() + QUIET if left or names else None

    def _ready(self, watched: WatchedFolder, place: Folder, name: str, seen: Seen) -> Looked | None:
        """The file, once it is complete as far as anybody can tell from outside."""
        stamp, now = place.stamp(name), self._now()
        known, since = seen.get(name, ("", now))
        if known != stamp:
            seen[name] = (stamp, now)
            return None
        if now - since < QUIET:
            return None
        looked = look(watched, place, name)
        if looked.stamp != stamp or not (looked.is_final or now - since >= PATIENCE):
            return None
        return looked

    def _put_off(self, watched: WatchedFolder, problem: OSError) -> datetime:
        log.warning(
            "the watched folder cannot be used",
            extra={"company": str(watched.pk), "problem": str(problem)},
        )
        _note(watched, f"It cannot be used: {problem.strerror}.")
        self._not_before[watched.pk] = self._now() + AGAIN
        return self._not_before[watched.pk]

    def _now(self) -> datetime:
        return self._clock.now()


def _is_out_of_reach(place: Folder, taking: Folder, name: str, looked: Looked) -> bool:
    """Put where no other file can come in its place; False if one was quicker.

    That one stays there, until it has been quiet for as long as any.
    """
    if place is not taking:
        place.move(name, taking, name)
    return taking.stamp(name) == looked.stamp


def _has_files(watched: WatchedFolder) -> bool:
    parent = root()
    assert parent
    try:
        with open_folder(parent / watched.path) as inbox:
            if inbox.names():
                return True
            with inbox.within(TAKING) as taking:
                return bool(taking.names())
    except OSError:
        return True  # looking at it says what is wrong


def _note(watched: WatchedFolder, problem: str) -> None:
    if watched.problem != problem:
        WatchedFolder.objects.filter(pk=watched.pk).update(problem=problem[:200])
