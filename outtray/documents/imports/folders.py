"""Which folder of this machine a company has watched.

Whoever runs the server names one folder that all of them lie in (OUTTRAY_IMPORT_FOLDER);
below it an administrator of the company names theirs. So no page reaches other files.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction

from outtray.documents.imports.models import WatchedFolder
from outtray.lib.errors import Refused
from outtray.people.models import Company, Membership

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", re.ASCII)


def root() -> Path | None:
    """The folder in which all watched folders lie, if there is one."""
    return Path(settings.IMPORT_FOLDER) if settings.IMPORT_FOLDER else None


def watch(by: Membership, name: str, *, keep_going: bool, at: datetime) -> WatchedFolder:
    """Have this folder watched for the company; it is made if it is not there.

    Where the server has several companies it must be new, so that nobody names another's.
    """
    name = name.strip()
    place = _place_for(name)
    watched = WatchedFolder.objects.filter(company=by.company).first()
    is_another = watched is None or watched.path != name
    if is_another and place.exists() and Company.objects.count() > 1:
        raise Refused("folder_taken", f"“{name}” exists already. Name another.", field="path")
    try:
        place.mkdir(exist_ok=True)
    except OSError as problem:
        raise Refused(
            "folder_unusable", f"The folder cannot be made: {problem.strerror}.", field="path"
        ) from problem
    try:
        with transaction.atomic():
            watched, _ = WatchedFolder.objects.update_or_create(
                company=by.company,
                defaults={
                    "path": name,
                    "keep_going": keep_going,
                    "problem": "",
                    "changed_by": by.person,
                    "changed_at": at,
                },
            )
    except IntegrityError as taken:
        raise Refused(
            "folder_taken", f"“{name}” exists already. Name another.", field="path"
        ) from taken
    return watched


def unwatch(by: Membership) -> None:
    """Leave the folder alone from now on; what is in it stays."""
    WatchedFolder.objects.filter(company=by.company).delete()


def _place_for(name: str) -> Path:
    parent = root()
    if parent is None:
        raise Refused(
            "no_import_folder", "This server has no folder for imports (OUTTRAY_IMPORT_FOLDER)."
        )
    if not _NAME.fullmatch(name):
        raise Refused(
            "wrong_folder_name",
            "The name may have letters, digits, points, hyphens and underscores, and begins "
            "with a letter or digit.",
            field="path",
        )
    place = parent / name
    if place.is_symlink() or (place.exists() and not place.is_dir()):
        raise Refused("folder_unusable", f"“{name}” is no folder.", field="path")
    return place
