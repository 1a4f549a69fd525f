"""Pages of a list: every row once, whatever it is sorted by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db.models import QuerySet

from outtray.documents.models import Document
from outtray.people.models import Membership
from outtray.web.paging import Order, order_of, page_after
from tests.web.papers import imported

FIELDS = {"date": "date", "due": "due_date", "amount": "total", "party": "party__name"}


@pytest.mark.parametrize("sort", ["date", "-date", "due", "-due", "amount", "-amount", "-party"])
def test_every_row_comes_once_and_those_without_a_value_last(sort: str, ben: Membership) -> None:
    _many(ben)
    order = order_of(sort, FIELDS, default="-date")

    rows = list(_all_pages(Document.objects.select_related("party"), order))

    assert len(rows) == len({row.pk for row in rows}) == Document.objects.count()
    values = [
        row.party.name if order.name == "party" else getattr(row, order.field) for row in rows
    ]
    given = [value for value in values if value is not None]
    assert given == sorted(given, reverse=order.is_descending)
    assert values[: len(given)] == given


def test_a_cursor_that_is_none_begins_at_the_beginning(ben: Membership) -> None:
    imported(ben)
    order = order_of("-date", FIELDS, default="-date")

    for cursor in ("", "nonsense", "WyJhIl0", "W251bGwsIm5vbmUiXQ"):
        assert len(page_after(Document.objects.all(), order, cursor).rows) == 6


def test_an_unknown_order_is_the_usual_one() -> None:
    assert order_of("password", FIELDS, default="-date").text == "-date"


def _all_pages(rows: QuerySet[Document], order: Order) -> Iterator[Document]:
    cursor = ""
    while True:
        page = page_after(rows, order, cursor, size=4)
        yield from page.rows
        if not page.following:
            return
        cursor = page.following


def _many(membership: Membership) -> None:
    for document in imported(membership).values():
        for copy in range(3):
            day = document.date + timedelta(days=copy % 2)
            Document.objects.create(
                company=document.company,
                kind=document.kind,
                number=f"{document.number}-{copy}",
                party=document.party,
                date=day,
                due_date=day if copy else None,
                total=document.total,
                language="en",
                data={},
                created_at=document.created_at,
                changed_at=document.changed_at,
            )
