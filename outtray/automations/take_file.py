"""Takes one file of a watched folder: imports it, moves it, and writes a report beside it.

What was imported is noted in the transaction that keeps the documents, before the file is
moved. A process that dies in between leaves a file whose row is there: it is only moved then.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from outtray.automations.folder_files import DONE, REFUSED, Folder, NotAFileError, kept_name
from outtray.documents.importing import File, ImportResult, Prepared, prepare
from outtray.documents.imports.models import TakenFile, WatchedFolder
from outtray.documents.imports.reading import read
from outtray.documents.parsing import refuse_too_large
from outtray.lib.errors import Refused

_MOST_WRONG = 200  # documents that a report names


@dataclass(frozen=True, slots=True)
class Looked:
    """A file that was read: its documents, or why it cannot be taken as a whole."""

    stamp: str
    prepared: Prepared | None = None
    refusal: str = ""
    is_final: bool = True


def look(watched: WatchedFolder, place: Folder, name: str) -> Looked:
    """Read a file without touching it. `is_final` is False if it may still be being written."""
    stamp = place.stamp(name)
    most = settings.MAX_IMPORT_BYTES
    try:
        found = place.read(name, most=most)
        refuse_too_large(found.content, most)
    except (NotAFileError, OSError) as wrong:
        said = wrong.strerror if isinstance(wrong, OSError) else str(wrong)
        return Looked(stamp, refusal=f"The file cannot be read: {said}")
    except Refused as refusal:
        return Looked(stamp, refusal=refusal.detail)
    if found.stamp != stamp:
        return Looked("", is_final=False)
    return _looked(watched, name, found.content, stamp)


def _looked(watched: WatchedFolder, name: str, content: bytes, stamp: str) -> Looked:
    try:
        reading = read(
            File(content, name=name), watched.company, most_bytes=settings.MAX_IMPORT_BYTES
        )
        reading.refuse_guesses()
    except Refused as refusal:
        return Looked(stamp, refusal=refusal.detail, is_final=False)
    is_whole = reading.table is None or content.endswith((b"\n", b"\r", b"\n\x00"))
    return Looked(stamp, prepare(reading, watched.company), is_final=is_whole)


def take(
    watched: WatchedFolder,
    taking: Folder,
    inbox: Folder,
    name: str,
    looked: Looked,
    *,
    at: datetime,
) -> None:
    """Import what was looked at, unless that is done already, and put the file in its place."""
    told_name = _storable(name)
    taken = TakenFile.objects.filter(
        company=watched.company, name=told_name, stamp=looked.stamp, moved_at=None
    ).first()
    if taken is None:
        taken = _import(watched, told_name, looked, at=at)
    with inbox.within(DONE if taken.is_imported else REFUSED) as place:
        new_name = kept_name(name, taken.taken_at)
        place.write_new(f"{new_name}.report.txt", taken.report)
        taking.move(name, place, new_name)
    TakenFile.objects.filter(pk=taken.pk).update(moved_at=at)


def _import(watched: WatchedFolder, name: str, looked: Looked, *, at: datetime) -> TakenFile:
    with transaction.atomic():
        # One of this name that is not there any more was moved, and the note of it lost.
        TakenFile.objects.filter(company=watched.company, name=name, moved_at=None).update(
            moved_at=at
        )
        result = None
        if looked.prepared:
            result = looked.prepared.keep(
                by=watched.changed_by, at=at, keep_going=watched.keep_going
            )
        return TakenFile.objects.create(
            company=watched.company,
            name=name,
            stamp=looked.stamp,
            is_imported=bool(result and result.imported),
            report="\n".join(_report(name, result, looked.refusal, at)) + "\n",
            taken_at=at,
        )


def _report(name: str, result: ImportResult | None, refusal: str, at: datetime) -> Iterator[str]:
    yield name
    yield f"Taken at {at:%Y-%m-%d %H:%M:%S} UTC"
    yield ""
    if result is None:
        yield f"Refused: {refusal}"
        return
    counts: dict[str, int] = {}
    for item in result.items:
        counts[item.status.value] = counts.get(item.status.value, 0) + 1
    told = ", ".join(f"{count} {status}" for status, count in counts.items())
    yield f"{len(result.items)} documents: {told}"
    if not result.imported:
        yield "Nothing was imported. Put right what is wrong and bring the file again."
    for item in result.refused[:_MOST_WRONG]:
        called = " ".join(each for each in (item.kind, item.number) if each) or "unnamed"
        yield ""
        yield f"Document {item.index + 1} ({called}{', ' + item.place if item.place else ''}):"
        yield from (f"  {problem.path}: {problem.message}" for problem in item.problems)


def _storable(name: str) -> str:
    """The name as a database and a report can hold it."""
    plain = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in name)
    return plain[:200]
