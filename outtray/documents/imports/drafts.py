"""Shows a person what is in a file before it is kept, and keeps it when that is asked for.

The file waits in the database, so that any process can read it on, and a reload or a restart
loses nothing. Small files are looked at at once, others in the background.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from outtray.documents.importing import File, Format, ImportItem, ImportResult, prepare
from outtray.documents.imports.csv.documents import preview_rows
from outtray.documents.imports.csv.mapping import Mapping as ColumnMapping
from outtray.documents.imports.csv.remembered import remember
from outtray.documents.imports.models import DraftState, ImportDraft
from outtray.documents.imports.reading import Reading, read
from outtray.documents.parsing import refuse_too_large
from outtray.engine.base import wake
from outtray.lib.errors import Refused
from outtray.people.models import Company, Membership

WORK = "import"
AT_ONCE = 128 * 1024  # bytes that are looked at while the page waits: some fifty documents
KEPT = timedelta(days=1)
_SAMPLE_ROWS = 4
_MOST_TOLD = 200  # documents in a file up to which all problems of each are kept
_FEW = 3

Progress = Callable[[int], None]


def start_draft(membership: Membership, file: File, *, at: datetime) -> ImportDraft:
    """Take a file to be looked at; the person's last one makes room for it.

    Raises Refused if it is too large to be taken at all.
    """
    refuse_too_large(file.content, settings.MAX_IMPORT_BYTES)
    with transaction.atomic():
        ImportDraft.objects.of(membership).delete()
        ImportDraft.objects.filter(changed_at__lt=at - KEPT).delete()
        draft = ImportDraft.objects.create(
            company=membership.company,
            person=membership.person,
            filename=file.name[:200],
            content_type=file.content_type[:100],
            format=file.format.value if file.format else "",
            packed=ImportDraft.pack(file.content),
            size=len(file.content),
            created_at=at,
            changed_at=at,
        )
    _go_on(draft, at=at)
    return draft


def settle_mapping(draft: ImportDraft, mapping: ColumnMapping, *, at: datetime) -> None:
    """Look at the table again with this meaning of its columns."""
    mapping.check()
    if _moved(draft, DraftState.PREVIEWED, DraftState.READING, at=at, mapping=mapping.to_json()):
        _go_on(draft, at=at)


def keep_draft(draft: ImportDraft, *, keep_going: bool, at: datetime) -> None:
    """Keep what was shown. A second press finds nothing to do."""
    if _moved(draft, DraftState.PREVIEWED, DraftState.IMPORTING, at=at, keep_going=keep_going):
        _go_on(draft, at=at)


def do_draft(draft_id: UUID, *, at: datetime, progress: Progress = lambda _: None) -> None:
    """Look at a file, or keep it, as its state says. May be called again after a crash."""
    draft = ImportDraft.objects.select_related("company", "person").filter(pk=draft_id).first()
    if draft is None:
        return
    if draft.state == DraftState.READING:
        _look(draft, at=at, progress=progress)
    elif draft.state == DraftState.IMPORTING:
        _keep(draft, at=at, progress=progress)


def _go_on(draft: ImportDraft, *, at: datetime) -> None:
    if draft.size <= AT_ONCE:
        do_draft(draft.pk, at=at)
    else:
        wake(WORK, f"{draft.company_id}/{draft.pk}", urgent=True)


def _moved(
    draft: ImportDraft, before: DraftState, after: DraftState, *, at: datetime, **more: object
) -> bool:
    waiting = ImportDraft.objects.filter(pk=draft.pk, state=before)
    return bool(waiting.update(state=after, done=0, changed_at=at, **more))


def _look(draft: ImportDraft, *, at: datetime, progress: Progress) -> None:
    found: dict[str, Any] = {"refusal": None, "items": [], "counts": {}}
    try:
        reading = _read(draft)
        found |= _table(reading)
        ImportDraft.objects.filter(pk=draft.pk).update(total=len(reading.entries))
        if reading.mapping is None or not reading.mapping.missing():
            prepared = prepare(reading, draft.company, progress=progress)
            found |= _told(prepared.preview(at=at))
    except Refused as refusal:
        found["refusal"] = _refusal(refusal)
    _moved(draft, DraftState.READING, DraftState.PREVIEWED, at=at, **found)


def _keep(draft: ImportDraft, *, at: datetime, progress: Progress) -> None:
    """Keep the documents, and note that in the same transaction.

    With `keep_going` the documents are kept in parts; after a crash what was kept already is
    found unchanged.
    """
    try:
        reading = _read(draft)
        prepared = prepare(reading, draft.company, progress=progress)
    except Refused as refusal:
        _moved(draft, DraftState.IMPORTING, DraftState.PREVIEWED, at=at, refusal=_refusal(refusal))
        return
    if draft.keep_going:
        _done(draft, reading, prepared.keep(by=draft.person, at=at, keep_going=True), at=at)
        return
    with transaction.atomic():
        result = prepared.keep(by=draft.person, at=at)
        if not _done(draft, reading, result, at=at):
            transaction.set_rollback(True)


def _done(draft: ImportDraft, reading: Reading, result: ImportResult, *, at: datetime) -> bool:
    """False if somebody discarded the file meanwhile."""
    if not _moved(draft, DraftState.IMPORTING, DraftState.DONE, at=at, **_told(result)):
        return False
    if reading.table and reading.mapping and result.imported:
        remember(draft.company, reading.table.header, reading.mapping, by=draft.person, at=at)
    return True


def _read(draft: ImportDraft) -> Reading:
    file = File(
        draft.content,
        name=draft.filename,
        content_type=draft.content_type,
        format=Format(draft.format) if draft.format else None,
        mapping=ColumnMapping.from_json(draft.mapping) if draft.mapping else None,
    )
    reading = read(file, draft.company, most_bytes=settings.MAX_IMPORT_BYTES)
    if reading.mapping is None or reading.table is None:
        return reading
    return _with_usual_signs(reading, draft.company, file)


def _with_usual_signs(reading: Reading, company: Company, file: File) -> Reading:
    """Where the table leaves it open: as it is usual where the company is. It is shown."""
    assert reading.mapping
    if reading.mapping.dates and reading.mapping.decimal:
        return reading
    usual = replace(
        reading.mapping,
        dates=reading.mapping.dates or ("mdy" if company.country == "US" else "dmy"),
        decimal=reading.mapping.decimal or ("." if company.language == "en" else ","),
    )
    again = read(replace(file, mapping=usual), company, most_bytes=settings.MAX_IMPORT_BYTES)
    return replace(again, is_settled=False)


def _table(reading: Reading) -> dict[str, Any]:
    if reading.table is None or reading.mapping is None:
        return {"format": reading.format.value}
    table = reading.table
    return {
        "format": reading.format.value,
        "mapping": reading.mapping.to_json(),
        "is_settled": reading.is_settled,
        "table": {
            "header": list(table.header),
            "rows": [list(cells) for _, cells in preview_rows(table, _SAMPLE_ROWS)],
            "count": len(table.rows),
            "encoding": table.encoding,
            "delimiter": table.delimiter,
        },
    }


def _refusal(refusal: Refused) -> dict[str, str]:
    return {"code": refusal.code, "detail": refusal.detail, "field": refusal.field}


def _told(result: ImportResult) -> dict[str, Any]:
    """The items as plain values, of large files with a few problems each."""
    most = None if len(result.items) <= _MOST_TOLD else _FEW
    items = [_item(item, most) for item in result.items]
    return {"items": items, "counts": _counts(items)}


def _item(item: ImportItem, most_problems: int | None) -> dict[str, Any]:
    told = item.to_json()
    paper = item.paper
    return {
        **told,
        "id": str(told["id"]) if told["id"] else "",
        "problems": [asdict(problem) for problem in item.problems[:most_problems]],
        "party": paper.party.name if paper else "",
        "date": paper.date.isoformat() if paper else "",
        "total": str(paper.total) if paper and paper.total is not None else "",
        "currency": paper.currency if paper else "",
        "revision": item.document.revision if item.document else 0,
    }


def _counts(items: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for item in items:
        counts[item["status"]] = counts.get(item["status"], 0) + 1
    return counts
