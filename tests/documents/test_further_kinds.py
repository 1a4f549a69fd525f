"""What the further kinds check and compute, each by its own rules."""

from __future__ import annotations

from decimal import Decimal
from typing import cast

import pytest

from outtray.documents.checking import check
from outtray.documents.kinds.bill_payment.kind import BillPayment
from outtray.documents.kinds.credit_memo.kind import CreditMemo
from outtray.documents.kinds.packing_slip.kind import PackingSlip
from outtray.documents.kinds.registry import KINDS
from outtray.documents.kinds.statement.kind import Statement
from outtray.documents.pdf.look import Look
from outtray.documents.pdf.page import page_of
from outtray.documents.schema.paper import Paper
from outtray.documents.wording import Wording
from tests.documents.builders import (
    Raw,
    company,
    line,
    only_problem,
    problems,
    raw,
)


def checked(document: Raw) -> Paper:
    paper, found = check(document, company())
    assert paper, found
    return paper


def movement(**changes: object) -> Raw:
    return {"date": "2026-11-01", "description": "Invoice", **changes}


def statement(*movements: Raw, **changes: object) -> Raw:
    made = raw("statement", movements=list(movements), opening_balance="100.00", **changes)
    for field in ("closing_balance", "ageing"):
        if field not in changes:
            del made[field]
    return made


def bill(**changes: object) -> Raw:
    return {"number": "B-1", "date": "2026-10-01", "total": "100.00", "paid": "90.00", **changes}


def payment(*bills: Raw, **changes: object) -> Raw:
    made = raw("bill_payment", bills=list(bills), **changes)
    if "total_paid" not in changes:
        del made["total_paid"]
    return made


def test_an_estimate_does_not_end_before_it_begins() -> None:
    problem = only_problem(raw("estimate", valid_until="2026-11-22"))

    assert (problem.path, problem.code) == ("valid_until", "too_early")


def test_a_packing_slip_says_what_is_still_to_follow() -> None:
    paper = checked(raw("packing_slip"))

    assert isinstance(paper, PackingSlip)
    assert [row.to_follow for row in paper.lines] == [0, 8]


def test_more_than_ordered_leaves_nothing_to_follow() -> None:
    rows = [{"description": "Lamp", "ordered": "2", "shipped": "3"}]

    paper = checked(raw("packing_slip", lines=rows))

    assert isinstance(paper, PackingSlip)
    assert paper.lines[0].to_follow == 0


def test_a_line_of_nothing_is_no_delivery() -> None:
    rows = [{"description": "Lamp", "shipped": "0"}]

    assert only_problem(raw("packing_slip", lines=rows)).code == "zero_quantity"


def test_a_packing_slip_goes_to_where_the_goods_go() -> None:
    paper = checked(raw("packing_slip"))

    page = page_of(KINDS["packing_slip"], paper, Look())

    recipient = cast("list[str]", page["recipient"])
    assert recipient[:2] == ["Brightwater Warehouse", "Unit 6, Avonmouth Way"]
    assert page["terms"] == []


def test_a_credit_is_positive_and_asks_for_nothing() -> None:
    paper = checked(raw("credit_memo"))

    assert isinstance(paper, CreditMemo)
    assert paper.total == Decimal("196.95")
    assert paper.payable == 0


def test_a_credit_may_be_lessened_but_never_turn_into_a_debt() -> None:
    memo = raw("credit_memo", lines=[line(quantity="-1")])
    del memo["taxes"], memo["totals"]

    problem = only_problem(memo)

    assert problem.code == "negative_credit"
    assert "owe 11.90 EUR" in problem.message


@pytest.mark.parametrize(
    ("settlement", "words"),
    [("refund", "überweisen"), ("offset", "ziehen Sie den Betrag"), ("", "steht Ihrem Konto")],
)
def test_a_credit_memo_says_how_the_customer_gets_it(settlement: str, words: str) -> None:
    paper = checked(raw("credit_memo", settlement=settlement))

    assert words in Wording(KINDS["credit_memo"], paper).say("closing")


def test_balances_run_from_the_opening_to_the_closing_one() -> None:
    paper = checked(
        statement(movement(charge="50.00"), movement(credit="170.00"), movement(charge="5.00"))
    )

    assert isinstance(paper, Statement)
    assert [each.balance for each in paper.movements] == [150, -20, -15]
    assert paper.closing_balance == paper.total == -15
    assert paper.charges == 55
    assert paper.credits == -170


def test_an_account_that_nothing_moved_has_its_statement() -> None:
    paper = checked(statement())

    assert paper.total == 100


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"closing_balance": "99.00"}, "closing_balance", "wrong_total"),
        ({"ageing": {"current": "99.00"}}, "ageing", "wrong_total"),
        ({"period_start": "2026-12-01"}, "period_end", "too_early"),
        ({"opening_balance": "0.005"}, "opening_balance", "too_many_decimals"),
    ],
)
def test_a_statement_that_does_not_fit_together_is_refused(
    changes: Raw, path: str, code: str
) -> None:
    problem = only_problem({**statement(), **changes})

    assert (problem.path, problem.code) == (path, code)


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({}, "charge", "wrong_movement"),
        ({"charge": "1", "credit": "1"}, "charge", "wrong_movement"),
        ({"charge": "-1"}, "charge", "out_of_range"),
        ({"credit": "0.001"}, "credit", "too_many_decimals"),
        ({"charge": "1", "balance": "100.00"}, "balance", "wrong_total"),
        ({"charge": "1", "date": "2026-01-01"}, "date", "outside_period"),
    ],
)
def test_a_movement_is_a_charge_or_a_credit_of_the_period(
    changes: Raw, field: str, code: str
) -> None:
    problem = only_problem(statement(movement(**changes)))

    assert (problem.path, problem.code) == (f"movements[0].{field}", code)


@pytest.mark.parametrize(("overdue", "asked"), [("40.00", 40), ("0", 0), ("130.00", 100)])
def test_a_statement_asks_for_what_is_overdue_but_never_for_more_than_the_balance(
    overdue: str, asked: int
) -> None:
    ageing = {"current": str(100 - Decimal(overdue)), "over_90": overdue}

    paper = checked(statement(ageing=ageing))

    assert paper.payable == asked


def test_a_payment_adds_up_what_it_pays_and_says_what_stays_open() -> None:
    paper = checked(payment(bill(), bill(total="-40.00", paid="-40.00"), bill(discount="10.00")))

    assert isinstance(paper, BillPayment)
    assert paper.total_paid == 140
    assert [each.open for each in paper.bills] == [10, 0, 0]
    assert paper.payable == 0


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"paid": "100.01"}, "paid", "out_of_range"),
        ({"paid": "-10.00"}, "paid", "out_of_range"),
        ({"paid": "0"}, "paid", "out_of_range"),
        ({"discount": "20.00"}, "discount", "out_of_range"),
        ({"discount": "-1.00"}, "discount", "out_of_range"),
        ({"open": "11.00"}, "open", "wrong_total"),
        ({"paid": "90.001"}, "paid", "too_many_decimals"),
    ],
)
def test_a_bill_cannot_be_paid_otherwise_than_it_stands(
    changes: Raw, field: str, code: str
) -> None:
    found = problems(payment(bill(**changes), bill(total="500.00", paid="500.00")))

    assert [(each.path, each.code) for each in found] == [(f"bills[0].{field}", code)]


def test_what_takes_money_back_is_no_payment() -> None:
    problem = only_problem(payment(bill(total="-10.00", paid="-10.00")))

    assert (problem.path, problem.code) == ("total_paid", "out_of_range")


def test_a_payment_a_coin_off_is_named() -> None:
    assert only_problem(payment(bill(), total_paid="90.01")).code == "wrong_total"
