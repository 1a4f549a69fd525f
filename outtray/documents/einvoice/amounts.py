"""Numbers and days as XML wants them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from outtray.documents.schema.amounts import plain


def amount(value: Decimal) -> str:
    """Money with two decimals, or with as many as it has beyond."""
    short = plain(value)
    return format(short if short.as_tuple().exponent < -2 else short.quantize(Decimal("0.01")), "f")  # type: ignore[operator] # finite has an int


def number(value: Decimal) -> str:
    """A quantity, price or percentage as exactly as it is."""
    return format(plain(value), "f")


def compact(day: date) -> str:
    """A day in format 102 of UNTDID 2379."""
    return day.strftime("%Y%m%d")
