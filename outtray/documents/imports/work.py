"""Looks at large files in the background, and keeps their documents."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from outtray.documents.imports.drafts import WORK, do_draft
from outtray.documents.imports.models import DraftState, ImportDraft
from outtray.lib.clock import SYSTEM, Clock

_TOLD_EVERY = timedelta(seconds=0.5)


class _Stopped(Exception):  # noqa: N818 - no error: it goes on after the restart
    """The process ends; the file is looked at again by the next one."""


class ImportWork:
    """Uploaded files that are to be read or kept, as work for an engine."""

    name = WORK

    def __init__(self, clock: Clock = SYSTEM) -> None:
        self._clock = clock

    def due(self, at: datetime) -> Iterable[str]:  # noqa: ARG002 - at once
        waiting = ImportDraft.objects.filter(state__in=(DraftState.READING, DraftState.IMPORTING))
        return [f"{company}/{pk}" for company, pk in waiting.values_list("company_id", "pk")]

    def do(self, key: str, stop: threading.Event) -> None:
        draft_id = UUID(key.rpartition("/")[2])
        told_at = self._clock.now()

        def progress(done: int) -> None:
            nonlocal told_at
            if stop.is_set():
                raise _Stopped
            now = self._clock.now()
            if now - told_at >= _TOLD_EVERY:
                ImportDraft.objects.filter(pk=draft_id).update(done=done)
                told_at = now

        try:
            do_draft(draft_id, at=self._clock.now(), progress=progress)
        except _Stopped:
            return
