"""Payment reminders hold overdue invoices, and item receipts no prices."""

from __future__ import annotations

from decimal import Decimal

import pytest

from outtray.documents.checking import check
from tests.documents.builders import Raw, company, only_problem, problems, raw


def overdue(**changes: object) -> Raw:
    return {
        "number": "RE-1",
        "date": "2026-10-01",
        "due_date": "2026-10-15",
        "total": "100.00",
        "open": "60.00",
        **changes,
    }


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"due_date": "2026-11-23"}, "due_date", "not_overdue"),
        ({"due_date": "2026-09-30"}, "due_date", "too_early"),
        ({"days_overdue": 3}, "days_overdue", "wrong_days"),
        ({"open": "0"}, "open", "out_of_range"),
        ({"open": "100.01"}, "open", "out_of_range"),
        ({"open": "60.001"}, "open", "too_many_decimals"),
        ({"days_overdue": "39"}, "days_overdue", "wrong_type"),
    ],
)
def test_what_is_not_overdue_is_not_reminded_of(changes: Raw, field: str, code: str) -> None:
    problem = only_problem(raw("payment_reminder", invoices=[overdue(**changes)]))

    assert (problem.path, problem.code) == (f"invoices[0].{field}", code)
    assert problem.message.startswith("Invoice 1: ")


@pytest.mark.parametrize("level", [0, 4, "1", True, 1.5])
def test_there_are_three_levels(level: object) -> None:
    assert only_problem(raw("payment_reminder", level=level)).path == "level"


def test_open_amounts_and_the_fee_are_due() -> None:
    paper, _ = check(raw("payment_reminder", invoices=[overdue()], fee="5.00"), company())

    assert paper
    assert paper.total == Decimal("65")
    assert paper.model_dump(mode="json")["invoices"][0]["days_overdue"] == 39


def test_a_wrong_sum_of_open_amounts_is_named() -> None:
    problem = only_problem(raw("payment_reminder", total_due="1.00"))

    assert (problem.path, problem.code) == ("total_due", "wrong_total")


def test_an_item_receipt_has_no_prices() -> None:
    line = {"description": "Bowl", "received": "2", "unit_price": "3.00"}

    assert only_problem(raw("item_receipt", lines=[line])).code == "unknown_field"


def test_goods_that_did_not_arrive_may_be_listed() -> None:
    line = {"description": "Bowl", "ordered": "2", "received": "0"}

    assert problems(raw("item_receipt", lines=[line])) == []
