"""Remembers what the columns of a kind of file mean, for each company."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from datetime import datetime

from outtray.documents.imports.csv.mapping import Mapping, header_key
from outtray.documents.imports.models import ImportMapping
from outtray.lib.errors import Refused
from outtray.people.models import Company, Person


def remembered(company: Company, header: Sequence[str]) -> Mapping | None:
    """What was settled for files with just this header, as long as it still makes sense."""
    kept = kept_for(company, header)
    try:
        return None if kept is None else Mapping.from_json(kept)
    except Refused:  # a field that it names is no more
        return None


def remember(
    company: Company,
    header: Sequence[str],
    mapping: Mapping,
    *,
    by: Person | None,
    at: datetime,
) -> None:
    """Keep this for the next files with this header."""
    keep_for(company, header, mapping.to_json(), by=by, at=at)


def kept_for(company: Company, header: Sequence[str], *, sort: str = "") -> object:
    """What is kept for tables of this sort, none for documents, with this header."""
    key = header_key(header, sort=sort)
    kept = ImportMapping.objects.filter(company=company, header=key)
    return kept.values_list("mapping", flat=True).first()


def keep_for(
    company: Company,
    header: Sequence[str],
    kept: MappingOf[str, object],
    *,
    sort: str = "",
    by: Person | None,
    at: datetime,
) -> None:
    """Keep this for the next tables of the sort with this header."""
    ImportMapping.objects.update_or_create(
        company=company,
        header=header_key(header, sort=sort),
        defaults={
            "columns": list(header),
            "mapping": dict(kept),
            "changed_by": by,
            "changed_at": at,
        },
    )
