"""The kind and its schema. Amounts count in the customer's favour, so they are positive."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from outtray.documents.kinds.base import PRICED_COLUMNS, Fact, Kind, Style, XmlForm, words_beside
from outtray.documents.problems import Problem, problem_at
from outtray.documents.schema.amounts import Day
from outtray.documents.schema.priced import PricedPaper, expected_taxes, expected_totals
from outtray.documents.schema.text import Word


class CreditMemo(PricedPaper):
    """`settlement` says how the customer gets the amount: paid out, or less to pay next time."""

    kind: Literal["credit_memo"]
    invoice_number: Word = ""
    invoice_date: Day | None = None
    settlement: Literal["", "refund", "offset"] = ""

    @property
    def payable(self) -> Decimal:
        return Decimal(0)

    def problems(self) -> Iterator[Problem]:
        yield from super().problems()
        gross = expected_totals(self, expected_taxes(self)).gross
        if gross < 0:
            yield problem_at(
                ("totals", "gross"),
                "negative_credit",
                f"The customer would owe {-gross:f} {self.currency}: that is an invoice. In a "
                "credit memo what is credited is positive.",
            )


CREDIT_MEMO = Kind(
    name="credit_memo",
    party_role="customer",
    recipient_event="invoice",
    schema=CreditMemo,
    words=words_beside(__file__),
    facts=(
        Fact("number", "number"),
        Fact("date", "date", Style.DATE),
        Fact("invoice_number", "invoice_number"),
        Fact("invoice_date", "invoice_date", Style.DATE),
        Fact("customer_number", "party.number"),
        Fact("customer_vat_id", "party.vat_id"),
        Fact("order_number", "order_number"),
        Fact("your_reference", "your_reference"),
        Fact("our_contact", "our_contact.name"),
    ),
    columns=PRICED_COLUMNS,
    variant="settlement",
    xml=XmlForm("CreditNote", invoice_type="381"),
)
