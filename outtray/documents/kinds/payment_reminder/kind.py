"""The kind and its schema."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field

from outtray.documents.kinds.base import Column, Fact, Kind, Style, XmlForm, words_beside
from outtray.documents.problems import Problem, problem_at
from outtray.documents.schema.amounts import Currency, Day, Money, rounded
from outtray.documents.schema.paper import MOST_LINES, Paper, not_before
from outtray.documents.schema.part import Part
from outtray.documents.schema.text import GivenWord

_ZERO = Decimal(0)


class OverdueInvoice(Part):
    """An invoice not yet paid in full. `open` is what remains of its `total`."""

    number: GivenWord
    date: Day
    due_date: Day
    total: Money
    open: Money
    days_overdue: Annotated[int, Field(strict=True)] | None = None


class PaymentReminder(Paper):
    kind: Literal["payment_reminder"]
    currency: Currency
    level: Annotated[int, Field(strict=True, ge=1, le=3)]
    invoices: Annotated[tuple[OverdueInvoice, ...], Field(min_length=1, max_length=MOST_LINES)]
    fee: Money = _ZERO
    due_date: Day | None = None
    total_due: Money | None = None

    @property
    def total(self) -> Decimal:
        return self.open_amounts + self.fee

    @property
    def open_amounts(self) -> Decimal:
        return sum((invoice.open for invoice in self.invoices), _ZERO)

    @property
    def due(self) -> dt.date | None:
        return self.due_date

    def completed(self) -> Self:
        invoices = tuple(
            invoice.model_copy(update={"days_overdue": (self.date - invoice.due_date).days})
            for invoice in self.invoices
        )
        return self.model_copy(update={"invoices": invoices, "total_due": self.total})

    def problems(self) -> Iterator[Problem]:
        yield from super().problems()
        yield from not_before(self.date, self.due_date, "due_date")
        for index, invoice in enumerate(self.invoices):
            for field, code, sentence in _wrong_with(invoice, self):
                yield problem_at(("invoices", index, field), code, sentence)
        if self.fee < 0 or self.fee != rounded(self.fee, self.currency):
            yield problem_at(
                ("fee",), "out_of_range", f"The fee {self.fee:f} is no amount in {self.currency}."
            )
        if self.total_due is not None and self.total_due != self.total:
            yield problem_at(
                ("total_due",),
                "wrong_total",
                f"The open amounts and the fee are {self.total:f} {self.currency}, "
                f"but {self.total_due:f} is given.",
            )


def _wrong_with(invoice: OverdueInvoice, paper: PaymentReminder) -> Iterator[tuple[str, str, str]]:
    days = (paper.date - invoice.due_date).days
    if invoice.due_date < invoice.date:
        yield "due_date", "too_early", "It is due before its own date."
    if days <= 0:
        yield "due_date", "not_overdue", f"It is due on {invoice.due_date}: not overdue yet."
    elif invoice.days_overdue not in {None, days}:
        yield (
            "days_overdue",
            "wrong_days",
            f"On {paper.date} it is {days} days overdue, but {invoice.days_overdue} is given.",
        )
    if not 0 < invoice.open <= invoice.total:
        yield (
            "open",
            "out_of_range",
            f"{invoice.open:f} is open, of a total of {invoice.total:f}.",
        )
    for field, amount in (("open", invoice.open), ("total", invoice.total)):
        if amount != rounded(amount, paper.currency):
            sentence = f"{amount:f} has more decimals than {paper.currency} has."
            yield field, "too_many_decimals", sentence


PAYMENT_REMINDER = Kind(
    name="payment_reminder",
    party_role="customer",
    recipient_event="overdue",
    schema=PaymentReminder,
    words=words_beside(__file__),
    facts=(
        Fact("number", "number"),
        Fact("date", "date", Style.DATE),
        Fact("due_date", "due_date", Style.DATE),
        Fact("customer_number", "party.number"),
        Fact("your_reference", "your_reference"),
        Fact("our_contact", "our_contact.name"),
    ),
    columns=(
        Column("number"),
        Column("date", Style.DATE, free=True),
        Column("due_date", Style.DATE, free=True),
        Column("days_overdue", Style.NUMBER, free=True),
        Column("total", Style.AMOUNT, free=True),
        Column("open", Style.AMOUNT),
    ),
    rows="invoices",
    has_payment=True,
    void_once_paid=True,
    variant="level",
    xml=XmlForm("Reminder"),
)
