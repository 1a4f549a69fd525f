"""What a watcher may ask: does the process live, and can it work?

Each check answers with a word, `ok` or what is wrong; no path, no address, no secret. All
of them together read a few rows and a file's date.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from http import HTTPStatus

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from outtray.delivery import meters
from outtray.engine import base
from outtray.mailboxes.keyring import ring
from outtray.outbox.standstill import is_held

ROOM = 10 * 1024 * 1024  # octets: for the messages that are being accepted just now
OK = "ok"
ON_HOLD = "on hold"

Check = Callable[[], str]


@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - a view
    """The process answers and its engine works. Restart it when this fails."""
    return _answer("live", {"engine": engine()})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - a view
    """It can accept and send emails. Send no requests here while this fails."""
    return _answer("ready", {name: check() for name, check in CHECKS.items()})


def engine() -> str:
    """Whether the threads that do the work are there."""
    return OK if base.is_alive() else "has ended"


def _answer(good: str, checks: Mapping[str, str]) -> JsonResponse:
    """All is well while each check says so; a standstill that a person wants is no fault."""
    is_good = set(checks.values()) <= {OK, ON_HOLD}
    return JsonResponse(
        {"status": good if is_good else f"not {good}", "checks": checks},
        status=HTTPStatus.OK if is_good else HTTPStatus.SERVICE_UNAVAILABLE,
    )


def _database() -> str:
    try:
        applied = set(MigrationRecorder(connection).applied_migrations())
    except Error:
        return "does not answer"
    return OK if _known_migrations() <= applied else "is not up to date"


@cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations)


def _keys() -> str:
    try:
        ring()
    except (OSError, ValueError, LookupError, TypeError):
        return "cannot be read"
    return OK


def _files() -> str:
    folder = settings.BLOBS.root if settings.BLOBS.root.exists() else settings.DATA
    try:
        with tempfile.TemporaryFile(dir=folder) as trial:
            trial.write(b"room?")
            trial.flush()
        room = shutil.disk_usage(folder).free
    except OSError:
        return "cannot be written"
    return OK if room >= ROOM else "are short of room"


def _delivery() -> str:
    if meters.unstored():
        return "cannot store what it has sent"
    try:
        return ON_HOLD if is_held() else OK
    except Error:
        return "cannot be read"


CHECKS: Mapping[str, Check] = {
    "database": _database,
    "keys": _keys,
    "files": _files,
    "delivery": _delivery,
}
