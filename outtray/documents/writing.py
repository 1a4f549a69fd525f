"""Writes numbers, money, dates and countries as the document's language does."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from functools import cache, lru_cache

from babel import Locale
from babel.dates import format_date
from babel.languages import get_official_languages
from babel.numbers import (
    format_currency,
    format_decimal,
    format_percent,
    get_currency_precision,
    get_decimal_symbol,
    get_group_symbol,
)

from outtray.documents.schema.paper import Paper

_CODE_AT_DIGIT = re.compile(r"(?<=[A-Z])(?=\d)")  # NOK53 is read better as NOK 53
_HOME = {"en": "GB", "de": "DE", "fr": "FR", "es": "ES"}


@cache
def locale_of(language: str, issuer_country: str, party_country: str) -> Locale:
    """The language as written in the issuer's country, or the party's, if it is official there.

    English from Hamburg to Boston is written as in Boston, and Spanish to Oslo as in Spain.
    """
    for country in (issuer_country, party_country):
        if language in get_official_languages(country, regional=True, de_facto=True):
            return Locale.parse(f"{language}_{country}")
    return Locale.parse(f"{language}_{_HOME[language]}")


class Writer:
    """Writes values for one document."""

    def __init__(self, paper: Paper) -> None:
        home, abroad = paper.issuer.address.country, paper.party.address.country
        self.locale = locale_of(paper.language, home, abroad)
        self.currency = paper.currency

    def money(self, value: Decimal) -> str:
        """An amount with its currency: 1.234,50 €."""
        text = format_currency(value, self.currency, locale=self.locale)
        return _with_minus(_CODE_AT_DIGIT.sub("\N{NO-BREAK SPACE}", text))

    def amount(self, value: Decimal) -> str:
        """An amount whose currency stands elsewhere: 1.234,50."""
        return self._fixed(value, get_currency_precision(self.currency))

    def price(self, value: Decimal) -> str:
        """A unit price: as many places as the currency has, more where they are given."""
        given = -int(value.as_tuple().exponent)
        return self._fixed(value, max(get_currency_precision(self.currency), given))

    def number(self, value: Decimal | int) -> str:
        return _number(value, self.locale)

    def percent(self, value: Decimal) -> str:
        return _percent(value, self.locale)

    def date(self, value: dt.date) -> str:
        return format_date(value, "medium", locale=self.locale)

    def long_date(self, value: dt.date) -> str:
        return format_date(value, "long", locale=self.locale)

    def country(self, code: str) -> str:
        return str(self.locale.territories.get(code, code))

    def _fixed(self, value: Decimal, places: int) -> str:
        """Groups of three in every language, which Babel does for a pattern, too, but slowly."""
        group, point = _signs(self.locale)
        whole, _, part = f"{value:,.{places}f}".partition(".")
        text = whole.replace(",", group) + (point + part if part else "")
        return _with_minus(text) if value < 0 else text


@lru_cache(maxsize=4096)
def _number(value: Decimal | int, locale: Locale) -> str:
    return _with_minus(format_decimal(value, locale=locale, decimal_quantization=False))


@lru_cache(maxsize=4096)
def _percent(value: Decimal, locale: Locale) -> str:
    return format_percent(value / 100, locale=locale, decimal_quantization=False)


@cache
def _signs(locale: Locale) -> tuple[str, str]:
    """What stands between groups of digits, and before the decimal places."""
    return get_group_symbol(locale), get_decimal_symbol(locale)


def _with_minus(text: str) -> str:
    """A minus as wide as the digits, not a hyphen."""
    return text.replace("-", "\N{MINUS SIGN}")
