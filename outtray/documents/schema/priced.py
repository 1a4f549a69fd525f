"""Documents with prices: lines, discounts, taxes and totals, exact to the smallest coin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import Field

from outtray.documents.problems import Problem, problem_at
from outtray.documents.schema.amounts import (
    LARGEST,
    Currency,
    Day,
    Money,
    Percent,
    Price,
    Quantity,
    rounded,
    share,
    times,
)
from outtray.documents.schema.einvoice import PaymentMeans, TaxCategory, UnitCode
from outtray.documents.schema.paper import MOST_LINES, Paper
from outtray.documents.schema.part import Part
from outtray.documents.schema.text import GivenName, Name, Note, Word

_ZERO = Decimal(0)


class PricedLine(Part):
    """Something sold or bought. `total` is quantity times unit price less the discount."""

    position: Word = ""
    item: Word = ""
    description: GivenName
    details: Note = ""
    quantity: Quantity
    unit: Word = ""
    unit_code: UnitCode = ""
    unit_price: Price
    discount_percent: Percent = _ZERO
    tax_rate: Percent
    tax_category: TaxCategory = ""
    total: Money | None = None

    def expected_total(self, currency: str) -> Decimal:
        gross = times(self.quantity, self.unit_price)
        return rounded(share(gross, 100 - self.discount_percent), currency)


class Tax(Part):
    """The tax of one rate, on the sum of all lines with that rate.

    `category` is that of its lines which name none; the reason says why nothing is charged.
    """

    rate: Percent
    net: Money
    tax: Money
    name: Name = ""
    category: TaxCategory = ""
    exemption_reason: Name = ""
    exemption_code: Word = ""


class Totals(Part):
    """Net, tax and gross; `paid` beforehand leaves `due` to pay."""

    net: Money
    tax: Money
    gross: Money
    paid: Money = _ZERO
    due: Money | None = None


class PricedPaper(Paper):
    """A document with prices. Totals that are not given are computed, given ones checked."""

    currency: Currency
    lines: Annotated[tuple[PricedLine, ...], Field(min_length=1, max_length=MOST_LINES)]
    taxes: Annotated[tuple[Tax, ...], Field(max_length=50)] = ()
    totals: Totals | None = None
    delivery_date: Day | None = None
    order_number: Word = ""
    buyer_reference: Word = ""
    payment_means: PaymentMeans = PaymentMeans()

    @property
    def total(self) -> Decimal | None:
        return self.totals.gross if self.totals else None

    @property
    def payable(self) -> Decimal:
        """The total less what was paid beforehand."""
        if self.totals and self.totals.due is not None:
            return self.totals.due
        return super().payable

    def completed(self) -> Self:
        line_totals = _line_totals(self)
        lines = tuple(
            line.model_copy(update={"total": total, "position": line.position or str(index)})
            for index, (line, total) in enumerate(zip(self.lines, line_totals, strict=True), 1)
        )
        taxes = _taxes_of(self, line_totals)
        totals = expected_totals(self, taxes)
        return self.model_copy(update={"lines": lines, "taxes": taxes, "totals": totals})

    def problems(self) -> Iterator[Problem]:
        yield from super().problems()
        line_totals = _line_totals(self)
        taxes = _taxes_of(self, line_totals)
        yield from _line_problems(self, line_totals)
        yield from _tax_problems(self, taxes)
        yield from _total_problems(self, taxes)


def _line_totals(paper: PricedPaper) -> Sequence[Decimal]:
    return [line.expected_total(paper.currency) for line in paper.lines]


def expected_taxes(paper: PricedPaper) -> tuple[Tax, ...]:
    """One tax for each rate of the lines, highest first, named as the document names it."""
    return _taxes_of(paper, _line_totals(paper))


def _taxes_of(paper: PricedPaper, line_totals: Sequence[Decimal]) -> tuple[Tax, ...]:
    nets: dict[Decimal, Decimal] = {}
    for line, total in zip(paper.lines, line_totals, strict=True):
        nets[line.tax_rate] = nets.get(line.tax_rate, _ZERO) + total
    given = {tax.rate: tax for tax in paper.taxes}
    return tuple(
        Tax.model_construct(
            rate=rate,
            net=net,
            tax=rounded(share(net, rate), paper.currency),
            **_said_of(given.get(rate)),
        )
        for rate, net in sorted(nets.items(), reverse=True)
    )


def _said_of(given: Tax | None) -> dict[str, Any]:
    """What a document says of a tax beside its amounts."""
    return given.model_dump(exclude={"rate", "net", "tax"}) if given else {}


def expected_totals(paper: PricedPaper, taxes: Sequence[Tax]) -> Totals:
    net = sum((tax.net for tax in taxes), _ZERO)
    tax = sum((tax.tax for tax in taxes), _ZERO)
    paid = paper.totals.paid if paper.totals else _ZERO
    return Totals.model_construct(
        net=net, tax=tax, gross=net + tax, paid=paid, due=net + tax - paid
    )


def _line_problems(paper: PricedPaper, totals: Sequence[Decimal]) -> Iterator[Problem]:
    for index, (line, expected) in enumerate(zip(paper.lines, totals, strict=True)):
        if line.total is not None and line.total != expected:
            sums = f"{line.quantity:f} × {line.unit_price:f}"
            less = f" less {line.discount_percent:f} %" if line.discount_percent else ""
            yield problem_at(
                ("lines", index, "total"),
                "wrong_total",
                f"{sums}{less} is {expected:f} {paper.currency}, but {line.total:f} is given.",
            )


def _tax_problems(paper: PricedPaper, taxes: Sequence[Tax]) -> Iterator[Problem]:
    expected = {tax.rate: tax for tax in taxes}
    seen: set[Decimal] = set()
    for index, given in enumerate(paper.taxes):
        wanted = expected.get(given.rate)
        if wanted is None or given.rate in seen:
            why = "appears twice" if given.rate in seen else "is the rate of no line"
            yield problem_at(("taxes", index, "rate"), "wrong_tax", f"{given.rate:f} % {why}.")
            continue
        seen.add(given.rate)
        yield from _differs(
            paper,
            ("taxes", index, "net"),
            f"The net amount at {given.rate:f} %",
            wanted.net,
            given.net,
        )
        yield from _differs(
            paper,
            ("taxes", index, "tax"),
            f"{given.rate:f} % of {wanted.net:f}",
            wanted.tax,
            given.tax,
        )
    if paper.taxes:
        yield from _missing_rates(set(expected) - seen)


def _missing_rates(rates: set[Decimal]) -> Iterator[Problem]:
    for rate in sorted(rates):
        yield problem_at(
            ("taxes",), "wrong_tax", f"Lines have the rate {rate:f} %, but no tax is given for it."
        )


def _total_problems(paper: PricedPaper, taxes: Sequence[Tax]) -> Iterator[Problem]:
    wanted = expected_totals(paper, taxes)
    if abs(wanted.gross) >= LARGEST:
        yield problem_at(("totals", "gross"), "out_of_range", "The total is far too large.")
    given = paper.totals
    if given is None:
        return
    yield from _differs(paper, ("totals", "net"), "The sum of the lines", wanted.net, given.net)
    yield from _differs(paper, ("totals", "tax"), "The sum of the taxes", wanted.tax, given.tax)
    yield from _differs(paper, ("totals", "gross"), "Net plus tax", wanted.gross, given.gross)
    if given.paid != rounded(given.paid, paper.currency):
        yield problem_at(
            ("totals", "paid"),
            "too_many_decimals",
            f"{given.paid:f} has more decimals than {paper.currency} has.",
        )
    if given.due is not None:
        yield from _differs(
            paper, ("totals", "due"), "The total less what was paid", wanted.due or _ZERO, given.due
        )


def _differs(
    paper: PricedPaper, loc: tuple[str | int, ...], what: str, expected: Decimal, given: Decimal
) -> Iterator[Problem]:
    if expected != given:
        yield problem_at(
            loc,
            "wrong_total",
            f"{what} is {expected:f} {paper.currency}, but {given:f} is given.",
        )
