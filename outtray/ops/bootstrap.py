"""Everything that must be there before anything can be done: folder, keys, tables.

Each step does nothing where its result already exists, so preparing twice is harmless.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from outtray.lib.clock import now
from outtray.lib.errors import Refused
from outtray.lib.sealing import load_ring, new_ring, save_ring
from outtray.ops.database import up_to_date
from outtray.ops.fingerprint import settle_in
from outtray.ops.folder import make_folder, place_once, speaking, write_once


@dataclass(frozen=True, slots=True)
class Prepared:
    """What stands ready. `migrated` names the steps by which an older database was brought up."""

    data: Path
    migrated: tuple[str, ...]


def prepare(*, migrate: bool = True) -> Prepared:
    """Make what is missing of this installation.

    Refuses, in one sentence, when the folder cannot be written, the disk is full, or the
    database was written by a newer Outtray; with `migrate` off also when it is older. A
    database that wakes in another place than it went to sleep in is left with delivery on hold.
    """
    data = make_folder(settings.DATA)
    _make_keys()
    migrated = up_to_date(apply=migrate)
    settle_in(at=now())
    return Prepared(data, migrated)


def _make_keys() -> None:
    ring_file: Path = settings.KEY_RING_FILE
    make_folder(ring_file.parent)
    if not ring_file.exists():
        with speaking(ring_file.parent), tempfile.TemporaryDirectory(dir=ring_file.parent) as own:
            save_ring(new_ring(), Path(own, "ring"))
            place_once(Path(own, "ring"), ring_file)
    _refuse_unusable_ring(ring_file)
    if not settings.SECRET_KEY_GIVEN:
        make_folder(settings.SECRET_KEY_FILE.parent)
        # The one in use, so that what this process signs stays valid after it.
        write_once(settings.SECRET_KEY_FILE, settings.SECRET_KEY)


def _refuse_unusable_ring(ring_file: Path) -> None:
    try:
        load_ring(ring_file)
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise Refused(
            "key_ring_unreadable",
            f"The key ring {ring_file} cannot be read ({reason}). "
            "Give it to the user that runs Outtray.",
        ) from problem
    except (ValueError, LookupError, TypeError) as problem:
        raise Refused(
            "key_ring_damaged",
            f"The key ring {ring_file} is damaged, and without it no password of a mailbox can "
            "be opened. Put your copy of it in its place.",
        ) from problem
