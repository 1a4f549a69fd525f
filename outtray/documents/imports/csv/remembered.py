"""Remembers what the columns of a kind of file mean, for each company."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from outtray.documents.imports.csv.mapping import Mapping, header_key
from outtray.documents.imports.models import ImportMapping
from outtray.lib.errors import Refused
from outtray.people.models import Company, Person


def remembered(company: Company, header: Sequence[str]) -> Mapping | None:
    """What was settled for files with just this header, as long as it still makes sense."""
    known = ImportMapping.objects.filter(company=company, header=header_key(header)).first()
    if known is None:
        return None
    try:
        return Mapping.from_json(known.mapping)
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
    ImportMapping.objects.update_or_create(
        company=company,
        header=header_key(header),
        defaults={
            "columns": list(header),
            "mapping": mapping.to_json(),
            "changed_by": by,
            "changed_at": at,
        },
    )
