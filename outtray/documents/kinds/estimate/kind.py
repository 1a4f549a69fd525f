"""The kind and its schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from outtray.documents.kinds.base import PRICED_COLUMNS, Fact, Kind, Style, XmlForm, words_beside
from outtray.documents.problems import Problem
from outtray.documents.schema.amounts import Day
from outtray.documents.schema.paper import not_before
from outtray.documents.schema.priced import PricedPaper


class Estimate(PricedPaper):
    kind: Literal["estimate"]
    valid_until: Day | None = None

    def problems(self) -> Iterator[Problem]:
        yield from super().problems()
        yield from not_before(self.date, self.valid_until, "valid_until")


ESTIMATE = Kind(
    name="estimate",
    party_role="customer",
    recipient_event="estimate",
    schema=Estimate,
    words=words_beside(__file__),
    facts=(
        Fact("number", "number"),
        Fact("date", "date", Style.DATE),
        Fact("valid_until", "valid_until", Style.DATE),
        Fact("customer_number", "party.number"),
        Fact("your_reference", "your_reference"),
        Fact("delivery_date", "delivery_date", Style.DATE),
        Fact("our_contact", "our_contact.name"),
    ),
    columns=PRICED_COLUMNS,
    xml=XmlForm("Quotation"),
)
