"""Exact numbers and days. Nothing here is ever a float."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache
from typing import Annotated

from babel import Locale
from babel.numbers import get_currency_precision, get_territory_currencies
from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer
from pydantic_core import PydanticCustomError

_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LATELY, _SOON = date(2020, 1, 1), date(2100, 1, 1)
# More digits than any product of our bounded factors has.
_EXACTLY = Context(prec=80, rounding=ROUND_HALF_UP)

_HUNDRED = Decimal(100)
LARGEST = Decimal(10) ** 12  # of any total; a document beyond it is a mistake in the data


def _decimal(value: object) -> Decimal:
    """From a JSON number or a text like "12.50". Never from true, false or 1e400."""
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        value = Decimal(value.strip())
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**15:
        value = Decimal(value)
    if not isinstance(value, Decimal):
        raise PydanticCustomError("not_a_number", "must be a number like 12.50.")
    if not value.is_finite() or value.adjusted() > 14 or value.as_tuple().exponent < -15:  # type: ignore[operator] # finite has an int
        raise PydanticCustomError("out_of_range", "is far too large or too finely divided.")
    return plain(value)


def plain(value: Decimal) -> Decimal:
    """The same number without trailing zeros and without an exponent: 1E+2 is 100."""
    short = value.normalize()
    return short.quantize(Decimal(1)) if short == short.to_integral_value() else short


def _bounded(value: Decimal, whole: int, places: int) -> Decimal:
    if abs(value) >= Decimal(10) ** whole:
        raise PydanticCustomError(
            "out_of_range",
            "must be smaller than {limit}.",
            {"limit": f"{10**whole:,}"},
        )
    if -value.as_tuple().exponent > places:  # type: ignore[operator] # finite has an int
        raise PydanticCustomError(
            "too_many_decimals", "has more than {places} decimal places.", {"places": places}
        )
    return value


def _quantity(value: Decimal) -> Decimal:
    if not value:
        raise PydanticCustomError("zero_quantity", "must not be zero.")
    return _bounded(value, 9, 6)


def _counted(value: Decimal) -> Decimal:
    if value < 0:
        raise PydanticCustomError("out_of_range", "must not be negative.")
    return _bounded(value, 9, 6)


def _price(value: Decimal) -> Decimal:
    return _bounded(value, 10, 6)


def _money(value: Decimal) -> Decimal:
    return _bounded(value, 12, 4)


def _percent(value: Decimal) -> Decimal:
    if not 0 <= value <= 100:
        raise PydanticCustomError("out_of_range", "must be a percentage from 0 to 100.")
    return _bounded(value, 3, 4)


def _day(value: object) -> date:
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise PydanticCustomError("not_a_date", "must be a date like 2026-11-30.")
    try:
        day = date.fromisoformat(value)
    except ValueError as wrong:
        raise PydanticCustomError("not_a_date", "is not a day of the calendar.") from wrong
    if not 1970 <= day.year <= 2200:
        raise PydanticCustomError("not_a_date", "must lie between the years 1970 and 2200.")
    return day


def _currency(code: str) -> str:
    if code not in _currencies():
        raise PydanticCustomError(
            "unknown_currency",
            "must be an ISO 4217 code like EUR or USD, not “{code}”.",
            {"code": code[:20]},
        )
    return code


def _written(value: Decimal) -> str:
    return format(value.normalize(), "f")


@cache
def _currencies() -> frozenset[str]:
    """The codes of money that is or was lately tender somewhere; no metals, no test codes."""
    return frozenset(
        str(code)
        for territory in Locale("en").territories
        for code in get_territory_currencies(str(territory), _LATELY, _SOON)
    )


_Exact = Annotated[
    Decimal, BeforeValidator(_decimal), PlainSerializer(_written, str, when_used="json")
]

Quantity = Annotated[_Exact, AfterValidator(_quantity)]
Count = Annotated[_Exact, AfterValidator(_counted)]
Price = Annotated[_Exact, AfterValidator(_price)]
Money = Annotated[_Exact, AfterValidator(_money)]
Percent = Annotated[_Exact, AfterValidator(_percent)]
Day = Annotated[date, BeforeValidator(_day)]
Currency = Annotated[str, Field(strict=True, max_length=50), AfterValidator(_currency)]


def rounded(value: Decimal, currency: str) -> Decimal:
    """Half up to the smallest coin of the currency: yen have none, dinars three places."""
    return value.quantize(_coin(currency), context=_EXACTLY)


@cache
def _coin(currency: str) -> Decimal:
    return Decimal(1).scaleb(-get_currency_precision(currency))


def share(value: Decimal, percent: Decimal) -> Decimal:
    """So many percent of the value, exactly."""
    return _EXACTLY.divide(_EXACTLY.multiply(value, percent), _HUNDRED)


def times(quantity: Decimal, price: Decimal) -> Decimal:
    """The product, exactly."""
    return _EXACTLY.multiply(quantity, price)
