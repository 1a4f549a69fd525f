"""The kind and its schema."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Literal

from outtray.documents.kinds.base import PRICED_COLUMNS, Fact, Kind, Style, XmlForm, words_beside
from outtray.documents.problems import Problem
from outtray.documents.schema.amounts import Day
from outtray.documents.schema.paper import not_before
from outtray.documents.schema.priced import PricedPaper


class Invoice(PricedPaper):
    kind: Literal["invoice"]
    due_date: Day | None = None

    @property
    def due(self) -> dt.date | None:
        return self.due_date

    def problems(self) -> Iterator[Problem]:
        yield from super().problems()
        yield from not_before(self.date, self.due_date, "due_date")


INVOICE = Kind(
    name="invoice",
    party_role="customer",
    recipient_event="invoice",
    schema=Invoice,
    words=words_beside(__file__),
    facts=(
        Fact("number", "number"),
        Fact("date", "date", Style.DATE),
        Fact("due_date", "due_date", Style.DATE),
        Fact("customer_number", "party.number"),
        Fact("customer_vat_id", "party.vat_id"),
        Fact("order_number", "order_number"),
        Fact("your_reference", "your_reference"),
        Fact("delivery_date", "delivery_date", Style.DATE),
        Fact("our_contact", "our_contact.name"),
    ),
    columns=PRICED_COLUMNS,
    has_payment=True,
    xml=XmlForm("Invoice", invoice_type="380"),
)
