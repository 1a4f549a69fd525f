"""Amounts are written as Babel would, only faster."""

from __future__ import annotations

from decimal import Decimal

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from outtray.documents.kinds.registry import KINDS
from outtray.documents.languages import LANGUAGES
from outtray.documents.writing import Writer
from tests.documents.builders import document_of, invoice_of, line

amounts = st.decimals(-(10**13), 10**13, places=4)


def writer(language: str, currency: str = "EUR") -> Writer:
    document = document_of(invoice_of(line(), language=language, currency=currency))
    return Writer(KINDS["invoice"].schema.model_validate(document.data))


@pytest.mark.parametrize("language", LANGUAGES)
@given(value=amounts)
def test_amounts_are_written_as_the_language_does(language: str, value: Decimal) -> None:
    one = writer(language)

    expected = format_decimal(value, format="#,##0.00", locale=one.locale)

    assert one.amount(value) == expected.replace("-", "\N{MINUS SIGN}")


def test_amounts_have_the_places_of_their_currency() -> None:
    assert writer("de", "JPY").amount(Decimal("1234567")) == "1.234.567"
    assert writer("de", "KWD").amount(Decimal("-1234.5")) == "\N{MINUS SIGN}1.234,500"
    assert writer("en").price(Decimal("0.0625")) == "0.0625"


def test_quantities_and_percentages_are_written_as_given() -> None:
    assert writer("de").number(Decimal("-1234.5")) == "\N{MINUS SIGN}1.234,5"
    assert writer("fr").number(3) == "3"
    assert writer("en").percent(Decimal("8.625")) == "8.625%"
