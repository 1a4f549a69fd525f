"""The kind and its schema."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import accumulate
from typing import Annotated, Literal, Self

from pydantic import Field

from outtray.documents.kinds.base import Column, Fact, Kind, Style, Sum, XmlForm, words_beside
from outtray.documents.problems import Problem, problem_at
from outtray.documents.schema.amounts import Currency, Day, Money, rounded
from outtray.documents.schema.paper import MOST_LINES, Paper, not_before
from outtray.documents.schema.part import Part
from outtray.documents.schema.text import GivenName, Word

_ZERO = Decimal(0)


class Movement(Part):
    """What the customer came to owe (`charge`) or no longer owes (`credit`): one of both.

    `balance` is what he owes after it.
    """

    date: Day
    number: Word = ""
    description: GivenName
    due_date: Day | None = None
    charge: Money | None = None
    credit: Money | None = None
    balance: Money | None = None

    @property
    def change(self) -> Decimal:
        return (self.charge or _ZERO) - (self.credit or _ZERO)


class Ageing(Part):
    """The closing balance by how long it has been due."""

    current: Money = _ZERO
    days_1_30: Money = _ZERO
    days_31_60: Money = _ZERO
    days_61_90: Money = _ZERO
    over_90: Money = _ZERO

    @property
    def total(self) -> Decimal:
        return self.current + self.overdue

    @property
    def overdue(self) -> Decimal:
        return self.days_1_30 + self.days_31_60 + self.days_61_90 + self.over_90


class Statement(Paper):
    """A balance is what the customer owes; a negative one is in his favour."""

    kind: Literal["statement"]
    currency: Currency
    period_start: Day
    period_end: Day
    opening_balance: Money = _ZERO
    movements: Annotated[tuple[Movement, ...], Field(max_length=MOST_LINES)] = ()
    closing_balance: Money | None = None
    ageing: Ageing | None = None

    @property
    def total(self) -> Decimal:
        return sum((each.change for each in self.movements), self.opening_balance)

    @property
    def payable(self) -> Decimal:
        """What is overdue, but never more than the balance."""
        return min(self.ageing.overdue, self.total) if self.ageing else _ZERO

    @property
    def charges(self) -> Decimal:
        return sum((each.charge or _ZERO for each in self.movements), _ZERO)

    @property
    def credits(self) -> Decimal:
        return -sum((each.credit or _ZERO for each in self.movements), _ZERO)

    @property
    def balances(self) -> list[Decimal]:
        """What is owed after each movement."""
        changes = (each.change for each in self.movements)
        return list(accumulate(changes, initial=self.opening_balance))[1:]

    def completed(self) -> Self:
        movements = tuple(
            each.model_copy(update={"balance": balance})
            for each, balance in zip(self.movements, self.balances, strict=True)
        )
        return self.model_copy(update={"movements": movements, "closing_balance": self.total})

    def problems(self) -> Iterator[Problem]:
        yield from super().problems()
        yield from not_before(self.period_start, self.period_end, "period_end")
        for index, (each, balance) in enumerate(zip(self.movements, self.balances, strict=True)):
            for field, code, sentence in _wrong_with(each, balance, self):
                yield problem_at(("movements", index, field), code, sentence)
        yield from self._balance_problems()

    def _balance_problems(self) -> Iterator[Problem]:
        if self.opening_balance != rounded(self.opening_balance, self.currency):
            yield problem_at(
                ("opening_balance",),
                "too_many_decimals",
                f"{self.opening_balance:f} has more decimals than {self.currency} has.",
            )
        for path, given in (
            (("closing_balance",), self.closing_balance),
            (("ageing",), self.ageing.total if self.ageing else None),
        ):
            if given not in {None, self.total}:
                sums = f"Opening balance and movements come to {self.total:f} {self.currency}"
                yield problem_at(path, "wrong_total", f"{sums}, but {given:f} is given.")


def _wrong_with(
    each: Movement, balance: Decimal, paper: Statement
) -> Iterator[tuple[str, str, str]]:
    if not paper.period_start <= each.date <= paper.period_end:
        yield "date", "outside_period", f"{each.date} lies outside the period of the statement."
    if (each.charge is None) == (each.credit is None):
        yield "charge", "wrong_movement", "A movement has either a charge or a credit."
    for field in ("charge", "credit"):
        amount = getattr(each, field) or _ZERO
        if amount < 0:
            other = "credit" if field == "charge" else "charge"
            yield field, "out_of_range", f"{amount:f} is negative: it is a {other}."
        if amount != rounded(amount, paper.currency):
            sentence = f"{amount:f} has more decimals than {paper.currency} has."
            yield field, "too_many_decimals", sentence
    if each.balance not in {None, balance}:
        yield (
            "balance",
            "wrong_total",
            f"The balance is {balance:f}, but {each.balance:f} is given.",
        )


STATEMENT = Kind(
    name="statement",
    party_role="customer",
    recipient_event="overdue",
    schema=Statement,
    words=words_beside(__file__),
    facts=(
        Fact("number", "number"),
        Fact("date", "date", Style.DATE),
        Fact("period_start", "period_start", Style.DATE),
        Fact("period_end", "period_end", Style.DATE),
        Fact("customer_number", "party.number"),
        Fact("your_reference", "your_reference"),
        Fact("our_contact", "our_contact.name"),
    ),
    columns=(
        Column("date", Style.DATE),
        Column("number", optional=True, free=True),
        Column("description", Style.ITEM),
        Column("due_date", Style.DATE, optional=True, free=True),
        Column("charge", Style.AMOUNT, optional=True),
        Column("credit", Style.AMOUNT, optional=True),
        Column("balance", Style.AMOUNT),
    ),
    rows="movements",
    has_payment=True,
    sums=(
        Sum("opening", "opening_balance"),
        Sum("charges", "charges", optional=True),
        Sum("credits", "credits", optional=True),
        Sum("closing", "total", strong=True),
    ),
    strip="ageing",
    xml=XmlForm("Statement"),
)
