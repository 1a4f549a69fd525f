"""Where this database lives; one that wakes elsewhere starts with delivery on hold.

A copy cannot know what the original has sent since, or sends still. What is compared, and
why, stands in docs/why/copies.md. Nothing here is a secret, and ids of machines are kept as
digests only.
"""

from __future__ import annotations

import hashlib
import json
import socket
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import Error, connection, transaction

from outtray.ops.folder import make_folder, speaking, write_once
from outtray.outbox.models import Installation
from outtray.outbox.standstill import hold_delivery

FILE = "installation-id"  # beside the stored files, which all machines share
COPY = {"copy": True}  # what a copy of ours bears instead of a fingerprint
MARK_AS_COPY = (
    f"INSERT INTO {Installation._meta.db_table} (id, fingerprint, held_why) "  # noqa: S608 - our own name
    f"VALUES (1, '{json.dumps(COPY)}', '') "
    "ON CONFLICT (id) DO UPDATE SET fingerprint = excluded.fingerprint"
)
_MARK_OF_0_1 = 0x0C0B
_MACHINE_IDS = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))
_CARDS = Path("/sys/class/net")
_BURNT_IN = "0"  # `addr_assign_type` of an address that nobody chose

Fingerprint = Mapping[str, Any]


def settle_in(*, at: datetime) -> None:
    """Make this place the database's home; put delivery on hold if it had another one."""
    _take_over_mark_of_0_1()
    found = here()
    if _stored() == {**_stored(), **found}:
        return
    with transaction.atomic():
        Installation.objects.get_or_create(id=1)
        stored = Installation.objects.select_for_update().get(id=1).fingerprint
        why = why_foreign(stored, found)
        if why:
            hold_delivery(why, at=at)
        before = stored.get("before") or stored.get("at")
        home = {**found, "before": before} if why else {**stored, **found}
        home["at"] = _whereabouts()
        Installation.objects.filter(id=1).update(fingerprint=home)


def _take_over_mark_of_0_1() -> None:
    """Backups of 0.1 bear their mark in SQLite's `user_version`."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA user_version")
        if cursor.fetchone() == (_MARK_OF_0_1,):
            cursor.execute(MARK_AS_COPY)
            cursor.execute("PRAGMA user_version = 0")


def _stored() -> Fingerprint:
    return Installation.objects.values_list("fingerprint", flat=True).first() or {}


def why_foreign(stored: Fingerprint, found: Fingerprint) -> str:
    """Why this is not where the database went to sleep; empty if it is, or never did.

    What is not known on both sides decides nothing.
    """
    if stored == COPY:
        return "The database is a copy: a backup, or what was left after a move."
    if _differ(stored, found, "cluster") or _differ(stored, found, "database"):
        return "The database was copied to another place in PostgreSQL."
    if _differ(stored, found, "folder"):
        return "The database stands in another data folder than before."
    if _differ(stored, found, "inode") and _differ(stored, found, "changed"):
        return "The data folder was copied."
    if _differ(stored, found, "machine") or _are_strangers(stored, found):
        return "The data folder is on another machine than before."
    return ""


def here() -> dict[str, Any]:
    """Where this process finds the database; the same at every start in the same place."""
    place = _cluster() if connection.vendor == "postgresql" else _machine()
    return {**_folder(), **place}


def _whereabouts() -> dict[str, str]:
    """The place in words, for whoever decides. Containers change their name, so it proves none."""
    return {"host": socket.gethostname(), "folder": str(settings.DATA)}


def _differ(stored: Fingerprint, found: Fingerprint, part: str) -> bool:
    return part in stored and part in found and bool(stored[part] != found[part])


def _are_strangers(stored: Fingerprint, found: Fingerprint) -> bool:
    """No network card is known from before: a clone has the machine's id, but not its cards."""
    before, now = stored.get("cards"), found.get("cards")
    return bool(before and now and not set(before) & set(now))


def _folder() -> dict[str, Any]:
    """The id in the folder, and what every copy of its file has anew, both at once."""
    folder = make_folder(settings.BLOBS.root)
    file = folder / FILE
    if not file.exists():
        write_once(file, uuid4().hex)
    with speaking(folder):
        written, stat = file.read_text().strip(), file.stat()
    return {"folder": written, "inode": stat.st_ino, "changed": stat.st_ctime_ns}


def _machine() -> dict[str, Any]:
    """This machine, unless we are in a container: those come and go on one machine."""
    if _in_container():
        return {}
    found: dict[str, Any] = {}
    machine = next(filter(None, map(_line, _MACHINE_IDS)), "")
    if machine:
        found["machine"] = _digest(machine)
    cards = sorted(map(_digest, _card_addresses()))
    if cards:
        found["cards"] = cards
    return found


def _in_container() -> bool:
    if Path("/.dockerenv").exists() or Path("/run/.containerenv").exists():
        return True
    mounts = (line.split() for line in _text(Path("/proc/self/mounts")).splitlines())
    return any(mount[1] == "/" and "overlay" in mount[2] for mount in mounts)


def _card_addresses() -> Iterable[str]:
    """Addresses of real or emulated cards: no bridges, no tunnels, none made up at random."""
    with suppress(OSError):
        for card in _CARDS.iterdir():
            if (card / "device").exists() and _line(card / "addr_assign_type") == _BURNT_IN:
                yield _line(card / "address")


def _cluster() -> dict[str, Any]:
    """The database as PostgreSQL knows it. Workers of many machines and clients see the same."""
    found: dict[str, Any] = {}
    with suppress(Error), connection.cursor() as cursor:
        cursor.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
        found["database"] = cursor.fetchone()[0]
        cursor.execute("SELECT system_identifier FROM pg_control_system()")
        found["cluster"] = cursor.fetchone()[0]
    return found


def _digest(text: str) -> str:
    return hashlib.sha256(f"outtray:{text}".encode()).hexdigest()[:16]


def _line(path: Path) -> str:
    return _text(path).strip()


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
