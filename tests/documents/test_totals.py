"""Totals are exact to the smallest coin: computed where not given, checked where given."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outtray.documents.checking import check
from outtray.documents.schema.priced import PricedPaper
from tests.documents.builders import Raw, company, invoice_of, line, only_problem, raw

amounts = st.decimals("-99999", "99999", places=4)
quantities = amounts.filter(bool)
rates = st.sampled_from(["0", "7", "19", "8.625"])


def completed(document: Raw) -> PricedPaper:
    paper, problems = check(document, company())
    assert isinstance(paper, PricedPaper), problems
    return paper


@st.composite
def lines(draw: st.DrawFn) -> Raw:
    return line(
        quantity=str(draw(quantities)),
        unit_price=str(draw(amounts)),
        tax_rate=draw(rates),
        discount_percent=str(draw(st.decimals(0, 100, places=2))),
    )


@given(st.lists(lines(), min_size=1, max_size=8))
def test_computed_totals_pass_their_own_check(rows: list[Raw]) -> None:
    first = completed(invoice_of(*rows)).model_dump(mode="json")

    again = completed(first)

    assert again.model_dump(mode="json") == first


@given(st.lists(lines(), min_size=1, max_size=8))
def test_the_parts_add_up_to_the_whole(rows: list[Raw]) -> None:
    paper = completed(invoice_of(*rows))

    assert paper.totals
    assert paper.totals.net == sum(each.total or 0 for each in paper.lines)
    assert paper.totals.net == sum(tax.net for tax in paper.taxes)
    assert paper.totals.gross == paper.totals.net + sum(tax.tax for tax in paper.taxes)
    assert paper.total == paper.totals.gross


@given(lines())
def test_a_line_is_rounded_half_up_once(row: Raw) -> None:
    paper = completed(invoice_of(row))

    exact = (
        Decimal(str(row["quantity"]))
        * Decimal(str(row["unit_price"]))
        * (100 - Decimal(str(row["discount_percent"])))
        / 100
    )
    assert paper.lines[0].total == exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


@pytest.mark.parametrize(
    ("currency", "price", "expected"),
    [
        ("EUR", "0.005", "0.01"),
        ("EUR", "-0.005", "-0.01"),
        ("JPY", "0.5", "1"),
        ("KWD", "0.0005", "0.001"),
    ],
)
def test_each_currency_has_its_own_smallest_coin(currency: str, price: str, expected: str) -> None:
    row = line(quantity="1", unit_price=price, tax_rate="0")

    paper = completed(invoice_of(row, currency=currency))

    assert paper.total == Decimal(expected)


@pytest.mark.parametrize(
    ("field", "value", "path"),
    [
        ("net", "3512.34", "totals.net"),
        ("tax", "647.71", "totals.tax"),
        ("gross", "4160.08", "totals.gross"),
    ],
)
def test_totals_that_do_not_add_up_are_named(field: str, value: str, path: str) -> None:
    totals = {"net": "3512.35", "tax": "647.72", "gross": "4160.07", field: value}

    problem = only_problem(raw("invoice", totals=totals))

    assert (problem.path, problem.code) == (path, "wrong_total")
    assert f"{Decimal(value):f}" in problem.message


def test_a_tax_a_cent_off_is_named_with_its_rate() -> None:
    taxes = [
        {"rate": "19", "net": "3348.80", "tax": "636.28"},
        {"rate": "7", "net": "163.55", "tax": "11.45"},
    ]

    problem = only_problem(raw("invoice", taxes=taxes))

    assert problem.path == "taxes[0].tax"
    assert problem.message == "Tax 1: 19 % of 3348.80 is 636.27 EUR, but 636.28 is given."


def test_a_rate_without_tax_is_missed() -> None:
    taxes = [{"rate": "19", "net": "3348.80", "tax": "636.27"}]

    assert only_problem(raw("invoice", taxes=taxes)).code == "wrong_tax"


def test_what_was_paid_beforehand_is_not_due() -> None:
    totals = {"net": "3512.35", "tax": "647.72", "gross": "4160.07", "paid": "160.07"}

    paper = completed(raw("invoice", totals=totals))

    assert paper.totals
    assert paper.totals.due == Decimal("4000")


def test_a_total_beyond_all_reason_is_refused() -> None:
    row = line(quantity="999999999", unit_price="999999999")

    assert only_problem(invoice_of(row)).code == "out_of_range"
