"""The kind and its schema."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field

from outtray.documents.kinds.base import Column, Fact, Kind, Style, Sum, XmlForm, words_beside
from outtray.documents.problems import Problem, problem_at
from outtray.documents.schema.amounts import Currency, Day, Money, rounded
from outtray.documents.schema.numbers import Iban
from outtray.documents.schema.paper import MOST_LINES, Paper
from outtray.documents.schema.part import Part
from outtray.documents.schema.text import GivenWord, Word

_ZERO = Decimal(0)


class PaidBill(Part):
    """A bill that is paid, in full or in part. A credit of the vendor's is negative.

    `open` is what remains of `total` after `discount` and `paid`.
    """

    number: GivenWord
    date: Day
    total: Money
    discount: Money = _ZERO
    paid: Money
    open: Money | None = None

    @property
    def remaining(self) -> Decimal:
        return self.total - self.discount - self.paid


class BillPayment(Paper):
    kind: Literal["bill_payment"]
    currency: Currency
    bills: Annotated[tuple[PaidBill, ...], Field(min_length=1, max_length=MOST_LINES)]
    method: Word = ""
    account: Iban = ""
    payment_reference: Word = ""
    total_paid: Money | None = None

    @property
    def total(self) -> Decimal:
        return sum((bill.paid for bill in self.bills), _ZERO)

    @property
    def payable(self) -> Decimal:
        return _ZERO

    @property
    def grouped_account(self) -> str:
        """The account paid to, in groups of four, as people read it."""
        return " ".join(self.account[at : at + 4] for at in range(0, len(self.account), 4))

    def completed(self) -> Self:
        bills = tuple(bill.model_copy(update={"open": bill.remaining}) for bill in self.bills)
        return self.model_copy(update={"bills": bills, "total_paid": self.total})

    def problems(self) -> Iterator[Problem]:
        yield from super().problems()
        for index, bill in enumerate(self.bills):
            for field, code, sentence in _wrong_with(bill, self.currency):
                yield problem_at(("bills", index, field), code, sentence)
        if self.total_paid not in {None, self.total}:
            sums = f"The bills come to {self.total:f} {self.currency}"
            sentence = f"{sums}, but {self.total_paid:f} is given."
            yield problem_at(("total_paid",), "wrong_total", sentence)
        if self.total <= 0:
            sentence = f"{self.total:f} {self.currency} is no payment."
            yield problem_at(("total_paid",), "out_of_range", sentence)


def _wrong_with(bill: PaidBill, currency: str) -> Iterator[tuple[str, str, str]]:
    if not bill.paid or bill.paid * bill.total < 0 or abs(bill.paid) > abs(bill.total):
        yield "paid", "out_of_range", f"{bill.paid:f} is paid, of a total of {bill.total:f}."
    elif bill.discount * bill.total < 0 or bill.remaining * bill.total < 0:
        sentence = f"With a discount of {bill.discount:f} more is paid than {bill.total:f}."
        yield "discount", "out_of_range", sentence
    if bill.open not in {None, bill.remaining}:
        sentence = f"{bill.remaining:f} remains open, but {bill.open:f} is given."
        yield "open", "wrong_total", sentence
    for field in ("total", "discount", "paid"):
        amount: Decimal = getattr(bill, field)
        if amount != rounded(amount, currency):
            yield field, "too_many_decimals", f"{amount:f} has more decimals than {currency} has."


BILL_PAYMENT = Kind(
    name="bill_payment",
    party_role="vendor",
    recipient_event="vendor",
    schema=BillPayment,
    words=words_beside(__file__),
    facts=(
        Fact("number", "number"),
        Fact("date", "date", Style.DATE),
        Fact("vendor_number", "party.number"),
        Fact("method", "method"),
        Fact("account", "grouped_account"),
        Fact("payment_reference", "payment_reference"),
        Fact("your_reference", "your_reference"),
        Fact("our_contact", "our_contact.name"),
    ),
    columns=(
        Column("number"),
        Column("date", Style.DATE, free=True),
        Column("total", Style.AMOUNT),
        Column("discount", Style.AMOUNT, optional=True),
        Column("paid", Style.AMOUNT),
        Column("open", Style.AMOUNT, optional=True, free=True),
    ),
    rows="bills",
    sums=(Sum("paid", "total", strong=True),),
    xml=XmlForm("RemittanceAdvice"),
)
