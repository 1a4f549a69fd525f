"""What became of a run: in numbers, and row by row as a file for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from django.db.models import Count

from outtray.documents.kinds.registry import KINDS
from outtray.outbox.models import Email
from outtray.outbox.states import State
from outtray.runs.models import RowState, Run, RunRow

COLUMNS = (
    "Position", "Document", "Number", "Customer or vendor", "Recipients", "From",
    "Result", "Reason", "Email", "Email since", "Message-ID",
)  # fmt: skip
# A spreadsheet takes a cell that begins so for a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def outcomes(run: Run) -> Mapping[str, int]:
    """How many of the run's emails stand in each state; states without any are left out."""
    mine = Email.objects.filter(pk__in=run.rows.filter(email__isnull=False).values("email"))
    return dict(mine.order_by().values_list("state").annotate(Count("pk")))


def result_csv(run: Run) -> Iterator[str]:
    """The lines of the file, a heading first, however many rows there are.

    Separated by commas, in UTF-8 (RFC 4180); no cell can be taken for a formula.
    """
    yield _line(COLUMNS)
    rows = run.rows.select_related("document__party", "mailbox", "email")
    for row in rows.defer("document__data").order_by("position").iterator(chunk_size=1000):
        yield _line(_cells(row))


def _cells(row: RunRow) -> Sequence[str]:
    document, email = row.document, row.email
    return (
        str(row.position),
        KINDS[document.kind].label("en"),
        document.number,
        document.party.name,
        "; ".join(each["address"] for each in row.recipients),
        row.mailbox.address if row.mailbox else "",
        RowState(row.state).label,
        row.detail,
        State(email.state).label if email else "",
        email.state_since.isoformat(timespec="seconds") if email else "",
        email.message_id if email else "",
    )


def _line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([_plain(cell) for cell in cells])
    return line.getvalue()


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
