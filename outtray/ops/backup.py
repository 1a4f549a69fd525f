"""A consistent copy of everything, made while serving goes on, and read back.

1. The database first, as it stands at one moment. 2. Then the blobs: what the database
names was stored before it, and never changes. 3. The keys only when asked, because whoever
has both can open every password. 4. Read all of it back.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from outtray.compose.models import TemplateFile
from outtray.documents.layouts import Layout
from outtray.documents.models import Document
from outtray.lib.blobs import file_of
from outtray.lib.errors import Refused
from outtray.ops.archives import Archive, FolderArchive, TarArchive
from outtray.ops.fingerprint import MARK_AS_COPY
from outtray.ops.folder import speaking
from outtray.outbox.models import Email
from outtray.people.models import Company

DATABASE = "outtray.sqlite3"
_NAMES_OF_BLOBS = (
    (Email, "message"),
    (Company, "logo"),
    (Layout, "logo"),
    (TemplateFile, "content"),
)


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a backup holds, all of it read back."""

    target: Path
    documents: int
    emails: int
    blobs: int
    size: int
    has_keys: bool


def backup(target: Path, *, with_keys: bool = False) -> BackupReport:
    """Copy everything into a new folder, or into one file if the name ends in `.tar`.

    Nothing stands under that name before the whole copy was read back. Refuses a target
    that exists, a full disk, a PostgreSQL, and an installation that is itself damaged.
    """
    _refuse_postgresql()
    if not (settings.DATA / DATABASE).exists():
        raise Refused("nothing_to_back_up", f"There is no data in {settings.DATA} yet.")
    with speaking(target.parent):
        if target.exists():
            raise Refused("target_exists", f"{target} exists already. Name a new one.")
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as own:
            copy = _copied_database(Path(own))
            unfinished = Path(own, "copy")
            _fill(_new_archive(target, unfinished), copy, with_keys=with_keys)
            blobs = _read_back(_new_archive(target, unfinished), copy)
            os.rename(unfinished, target)
            return _report(target, copy, blobs, has_keys=with_keys)


def _refuse_postgresql() -> None:
    if settings.IS_CLUSTER:
        raise Refused(
            "backup_of_postgresql",
            "A PostgreSQL is copied by its own tools: run pg_dump first, then copy "
            f"{settings.BLOBS.root}, and keep the key ring elsewhere (how-to/grow.md).",
        )


def _new_archive(target: Path, at: Path) -> Archive:
    return TarArchive(at) if target.suffix == ".tar" else FolderArchive(at)


def _copied_database(folder: Path) -> Path:
    """The database at one moment, marked so that whoever starts from it sends nothing unasked."""
    copy = folder / DATABASE
    try:
        with closing(sqlite3.connect(settings.DATA / DATABASE, timeout=60)) as source:
            source.execute("VACUUM INTO ?", [str(copy)])
        with closing(sqlite3.connect(copy)) as marked, marked:
            marked.execute(MARK_AS_COPY)
    except sqlite3.Error as problem:
        raise Refused("backup_failed", f"The database cannot be copied: {problem}.") from problem
    copy.chmod(0o600)
    return copy


def _fill(archive: Archive, copy: Path, *, with_keys: bool) -> None:
    with archive.writing():
        archive.add(DATABASE, copy)
        for blob in _stored_blobs():
            archive.add(f"blobs/{blob.parent.name}/{blob.name}", blob)
        if with_keys:
            archive.add("keys/ring.json", settings.KEY_RING_FILE)
            if settings.SECRET_KEY_FILE.exists():
                archive.add("keys/secret-key", settings.SECRET_KEY_FILE)


def _stored_blobs() -> Iterator[Path]:
    for folder in sorted(settings.BLOBS.root.glob("??")):
        yield from sorted(blob for blob in folder.iterdir() if not blob.name.startswith("."))


def _read_back(archive: Archive, copy: Path) -> int:
    """Count the blobs whose bytes are still what their name says; refuse if one is missing."""
    whole: set[str] = set()
    for name, content in archive.contents():
        if name == DATABASE:
            _require(content == copy.read_bytes(), "the database differs from its copy")
        elif name.startswith("blobs/"):
            blob = name.removeprefix("blobs/").replace("/", "")
            _require(hashlib.sha256(content).hexdigest() == blob, f"the file {name} is damaged")
            whole.add(blob)
    with closing(sqlite3.connect(copy)) as database:
        (verdict,) = database.execute("PRAGMA integrity_check").fetchone()
        _require(verdict == "ok", f"the database is damaged ({verdict})")
        missing = _named_blobs(database) - whole
    _require(not missing, f"{len(missing)} stored files are missing")
    return len(whole)


def _named_blobs(database: sqlite3.Connection) -> set[str]:
    named: set[str] = set()
    for model, field in _NAMES_OF_BLOBS:
        table = model._meta.db_table
        names = database.execute(f"SELECT {field} FROM {table}")  # noqa: S608 - our own names
        named |= {file_of(name) for (name,) in names if name}
    return named


def _require(holds: bool, otherwise: str) -> None:  # noqa: FBT001 - reads like an assertion
    if not holds:
        raise Refused("backup_failed", f"The backup was not made: {otherwise}.")


def _report(target: Path, copy: Path, blobs: int, *, has_keys: bool) -> BackupReport:
    files = [target] if target.is_file() else [path for path in target.rglob("*") if path.is_file()]
    with closing(sqlite3.connect(copy)) as database:
        documents, emails = (
            database.execute(f"SELECT count(*) FROM {model._meta.db_table}").fetchone()[0]  # noqa: S608
            for model in (Document, Email)
        )
    return BackupReport(
        target=target,
        documents=documents,
        emails=emails,
        blobs=blobs,
        size=sum(path.stat().st_size for path in files),
        has_keys=has_keys,
    )
