"""Values that come in: texts that a database can keep, times that a calendar has, pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, Literal, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, Field

Row = TypeVar("Row", bound=Model)
Shape = TypeVar("Shape")

_FIRST = datetime(2000, 1, 1, tzinfo=UTC)
_LAST = datetime(2100, 1, 1, tzinfo=UTC)


def _storable(text: str) -> str:
    """No NUL, which no database keeps, and no half of a pair, which is no character."""
    try:
        text.encode()
    except UnicodeEncodeError as half:
        raise ValueError("must not hold half characters") from half
    if "\x00" in text:
        raise ValueError("must not hold NUL")
    return text


def _on_the_calendar(time: datetime) -> datetime:
    if not _FIRST <= time <= _LAST:
        raise ValueError("must lie between the years 2000 and 2100")
    return time


Text = Annotated[str, AfterValidator(_storable)]
Moment = Annotated[AwareDatetime, AfterValidator(_on_the_calendar)]
# The form that is settled for each kind, or another.
EInvoiceForm = Literal["", "none", "factur-x", "ubl", "both"]


class PageQuery(Schema):
    """Which part of a list: `after` is the `next` of the page before."""

    after: UUID | None = None
    limit: int = Field(50, ge=1, le=200)


class Page(Schema, Generic[Shape]):
    """A part of a list, newest first. `next` is null on the last page."""

    items: list[Shape]
    next: UUID | None


def page(
    rows: QuerySet[Row], query: PageQuery, shaped: Callable[[Sequence[Row]], list[Any]]
) -> dict[str, Any]:
    """One page of rows by their id, which tells when they were made; equally quick anywhere."""
    if query.after:
        rows = rows.filter(pk__lt=query.after)
    found = list(rows.order_by("-pk")[: query.limit + 1])
    shown = found[: query.limit]
    following = shown[-1].pk if len(found) > query.limit else None
    return {"items": shaped(shown), "next": following}
