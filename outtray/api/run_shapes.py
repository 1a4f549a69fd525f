"""A run as the API takes and tells it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import Field

from outtray.api.values import EInvoiceForm, Moment, Text
from outtray.runs.models import Run, RunRow
from outtray.runs.plan import MOST_DOCUMENTS
from outtray.runs.preview import RunPreview
from outtray.runs.wishes import RunWishes


class NewRun(Schema):
    """Which documents, by their ids or by a filter, and how they are to go out.

    `filter` has the words of the list of documents: kind, party, q, since, until, least, most,
    status, email. `recipient` is an address slot that takes the place of the usual order.
    """

    documents: list[UUID] = Field([], max_length=MOST_DOCUMENTS)
    filter: dict[str, Text] | None = None
    name: Text = Field("", max_length=200)
    mailbox: UUID | None = None
    template: UUID | None = None
    layout: UUID | None = None
    recipient: Text = Field("", max_length=30)
    combine: bool = False
    due_at: Moment | None = None
    not_after: Moment | None = None
    e_invoice: EInvoiceForm = ""
    again: bool = False

    def wishes(self) -> RunWishes:
        names = ("mailbox", "template", "layout", "recipient", "combine")
        more = ("due_at", "not_after", "e_invoice", "again")
        return RunWishes(**{name: getattr(self, name) for name in (*names, *more)})


class Start(Schema):
    """`confirm` is the number of emails, where that is unusual; `again` sends what was sent."""

    confirm: int | None = None
    again: bool | None = None
    undo_seconds: int = Field(0, ge=0, le=3600)


class Stop(Schema):
    """With `cancel` the emails that have not left are cancelled too."""

    cancel: bool = False


class RunShape(Schema):
    """A run. All counts but `letters`, its emails, are of documents.

    States: previewing, ready, running, paused, stopped, undone, done. Done means that all emails
    are made; `emails` of a whole run tells how many of them have left.
    """

    id: UUID
    name: str
    state: str
    state_since: datetime
    documents: int
    examined: int
    letters: int
    skipped: int
    accepted: int
    failed: int
    waiting: int
    created_at: datetime
    started_at: datetime | None
    undo_until: datetime | None
    ended_at: datetime | None


class WholeRun(RunShape):
    """A run with what was wished, and its emails by state."""

    selection: dict[str, Any]
    wishes: dict[str, Any]
    emails: dict[str, int]


class SkippedShape(Schema):
    """Why some documents will not go."""

    code: str
    sentence: str
    documents: int


class SenderShape(Schema):
    """What a mailbox gets to do; `minutes` is null where nothing limits its pace."""

    mailbox_id: UUID
    address: str
    letters: int
    ahead: int
    messages_per_minute: int | None
    minutes: float | None
    days: int


class AddresseeShape(Schema):
    """Who gets an email, and why."""

    kind: str
    address: str
    name: str
    reason: str


class RowShape(Schema):
    """A document of a run, and what became of it. Rows of one `letter` share an email."""

    position: int
    letter: int
    document_id: UUID
    number: str
    state: str
    code: str
    detail: str
    recipients: list[AddresseeShape]
    mailbox_id: UUID | None
    email_id: UUID | None


class PreviewShape(Schema):
    """What the run would do if it were started now; exact once `is_complete`.

    `repeated` documents went to the same addresses before, and go only with `again`. `bytes` is
    an estimate. With an `unusual` sentence a start must `confirm` the number of `letters`.
    """

    is_complete: bool
    documents: int
    examined: int
    going: int
    letters: int
    repeated: int
    skipped: list[SkippedShape]
    samples: list[RowShape]
    senders: list[SenderShape]
    bytes: int
    minutes: float | None
    unusual: str


class RowPage(Schema):
    """A part of the rows, in their order. `next` is null on the last page."""

    items: list[RowShape]
    next: int | None


def run_shapes(runs: Sequence[Run]) -> list[dict[str, Any]]:
    """Runs for a list."""
    return [{name: getattr(run, name) for name in RunShape.model_fields} for run in runs]


def row_shape(row: RunRow) -> dict[str, Any]:
    """A row, whose document should come with it."""
    return {
        "letter": row.bundle,
        "number": row.document.number,
        **{name: getattr(row, name) for name in RowShape.model_fields if name not in _OF_OTHERS},
    }


_OF_OTHERS = ("letter", "number")


def preview_shape(seen: RunPreview) -> dict[str, Any]:
    """A preview as plain values."""
    return {
        "is_complete": seen.is_complete,
        **{
            name: getattr(seen, name)
            for name in ("documents", "examined", "going", "letters", "repeated", "bytes")
        },
        "skipped": [
            {"code": each.code, "sentence": each.sentence, "documents": each.count}
            for each in seen.skipped
        ],
        "samples": [row_shape(row) for row in seen.samples],
        "senders": [
            {
                "mailbox_id": each.mailbox.pk,
                "address": each.mailbox.address,
                "letters": each.letters,
                "ahead": each.ahead,
                "messages_per_minute": each.per_minute,
                "minutes": each.minutes,
                "days": each.days,
            }
            for each in seen.senders
        ],
        "minutes": seen.minutes,
        "unusual": seen.why_unusual,
    }
