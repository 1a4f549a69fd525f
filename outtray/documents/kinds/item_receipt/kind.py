"""The kind and its schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field

from outtray.documents.kinds.base import Column, Fact, Kind, Style, XmlForm, words_beside
from outtray.documents.problems import Problem, problem_at
from outtray.documents.schema.amounts import Count, Day
from outtray.documents.schema.paper import MOST_LINES, Paper
from outtray.documents.schema.part import Part
from outtray.documents.schema.text import GivenName, Note, Word


class ReceivedLine(Part):
    """Something that arrived, or did not. `ordered` is None where no order is known."""

    position: Word = ""
    item: Word = ""
    description: GivenName
    details: Note = ""
    ordered: Count | None = None
    received: Count
    unit: Word = ""


class ItemReceipt(Paper):
    kind: Literal["item_receipt"]
    currency: Literal[""] = ""
    lines: Annotated[tuple[ReceivedLine, ...], Field(min_length=1, max_length=MOST_LINES)]
    order_number: Word = ""
    delivery_note: Word = ""
    order_date: Day | None = None

    def completed(self) -> Self:
        lines = tuple(
            line.model_copy(update={"position": line.position or str(index)})
            for index, line in enumerate(self.lines, start=1)
        )
        return self.model_copy(update={"lines": lines})

    def problems(self) -> Iterator[Problem]:
        yield from super().problems()
        for index, line in enumerate(self.lines):
            if not line.received and not line.ordered:
                yield problem_at(
                    ("lines", index, "received"),
                    "zero_quantity",
                    "Nothing was ordered and nothing received.",
                )


ITEM_RECEIPT = Kind(
    name="item_receipt",
    party_role="vendor",
    recipient_event="vendor",
    schema=ItemReceipt,
    words=words_beside(__file__),
    facts=(
        Fact("number", "number"),
        Fact("date", "date", Style.DATE),
        Fact("vendor_number", "party.number"),
        Fact("order_number", "order_number"),
        Fact("order_date", "order_date", Style.DATE),
        Fact("delivery_note", "delivery_note"),
        Fact("your_reference", "your_reference"),
        Fact("our_contact", "our_contact.name"),
    ),
    columns=(
        Column("position", free=True),
        Column("description", Style.ITEM),
        Column("ordered", Style.NUMBER, optional=True, free=True),
        Column("received", Style.NUMBER, against="ordered"),
        Column("unit", optional=True, free=True),
    ),
    xml=XmlForm("ReceiptAdvice"),
)
