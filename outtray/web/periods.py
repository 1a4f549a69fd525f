"""Stretches of days that go with the calendar, for filters that stay true tomorrow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

PERIODS: Mapping[str, str] = {
    "today": "Today",
    "week": "This week",
    "month": "This month",
    "last-month": "Last month",
    "year": "This year",
    "last-year": "Last year",
}


def days_of(period: str, today: date) -> tuple[date, date] | None:
    """The first and the last day of a period, or None for a word that is none. Weeks begin on
    Monday.
    """
    month = today.replace(day=1)
    before = month - timedelta(days=1)
    monday = today - timedelta(days=today.weekday())
    known = {
        "today": (today, today),
        "week": (monday, monday + timedelta(days=6)),
        "month": (month, _end_of(month)),
        "last-month": (before.replace(day=1), before),
        "year": (date(today.year, 1, 1), date(today.year, 12, 31)),
        "last-year": (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
    }
    return known.get(period)


def _end_of(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
