"""The kind and its schema."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field

from outtray.documents.kinds.base import Column, Fact, Kind, Style, XmlForm, words_beside
from outtray.documents.problems import Problem, problem_at
from outtray.documents.schema.amounts import Count, Day
from outtray.documents.schema.paper import MOST_LINES, Paper
from outtray.documents.schema.part import Part
from outtray.documents.schema.text import Email, GivenName, Name, Note, Word


class ShippedLine(Part):
    """Something that was sent, or is still to come. `ordered` is None where nothing follows."""

    position: Word = ""
    item: Word = ""
    description: GivenName
    details: Note = ""
    ordered: Count | None = None
    shipped: Count
    unit: Word = ""

    @property
    def to_follow(self) -> Decimal:
        """What of the order comes later."""
        return max((self.ordered or self.shipped) - self.shipped, Decimal(0))


class PackingSlip(Paper):
    kind: Literal["packing_slip"]
    currency: Literal[""] = ""
    lines: Annotated[tuple[ShippedLine, ...], Field(min_length=1, max_length=MOST_LINES)]
    order_number: Word = ""
    order_date: Day | None = None
    delivery_date: Day | None = None
    carrier: Name = ""
    tracking_number: Word = ""
    shipment_notification_email: Email = ""
    packages: Annotated[int, Field(strict=True, ge=1, le=9999)] | None = None

    def completed(self) -> Self:
        lines = tuple(
            line.model_copy(update={"position": line.position or str(index)})
            for index, line in enumerate(self.lines, start=1)
        )
        return self.model_copy(update={"lines": lines})

    def problems(self) -> Iterator[Problem]:
        yield from super().problems()
        for index, line in enumerate(self.lines):
            if not line.shipped and not line.ordered:
                sentence = "Nothing was ordered and nothing sent."
                yield problem_at(("lines", index, "shipped"), "zero_quantity", sentence)


PACKING_SLIP = Kind(
    name="packing_slip",
    party_role="customer",
    recipient_event="shipment",
    schema=PackingSlip,
    words=words_beside(__file__),
    facts=(
        Fact("number", "number"),
        Fact("date", "date", Style.DATE),
        Fact("customer_number", "party.number"),
        Fact("order_number", "order_number"),
        Fact("order_date", "order_date", Style.DATE),
        Fact("your_reference", "your_reference"),
        Fact("delivery_date", "delivery_date", Style.DATE),
        Fact("carrier", "carrier"),
        Fact("tracking_number", "tracking_number"),
        Fact("packages", "packages", Style.NUMBER),
        Fact("our_contact", "our_contact.name"),
    ),
    columns=(
        Column("position", free=True),
        Column("description", Style.ITEM),
        Column("ordered", Style.NUMBER, optional=True, free=True),
        Column("shipped", Style.NUMBER, against="ordered"),
        Column("to_follow", Style.NUMBER, optional=True, free=True),
        Column("unit", optional=True, free=True),
    ),
    addressed_to="ship_to",
    xml=XmlForm("DespatchAdvice"),
)
