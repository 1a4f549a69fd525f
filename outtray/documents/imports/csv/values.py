"""Reads cells as people and programs write them: dates, numbers, yes and no.

A cell that cannot be read so is handed on as it stands: what is wrong with it is said where
all documents are checked. No cell is ever a formula.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

DATE_ORDERS = {
    "ymd": "2026-11-30: year, month, day",
    "dmy": "30.11.2026: day, month, year",
    "mdy": "11/30/2026: month, day, year",
}
DECIMALS = {".": "1,234.56: point", ",": "1.234,56: comma"}

_PARTS = re.compile(r"(\d{1,4})[-./ ](\d{1,2})[-./ ](\d{1,4})(?:[T ][\d:.+Z-]+)?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_CURRENCY = re.compile(r"[€$£¥₣₹]|\b[A-Z]{3}\b|CHF|kr\.?|%|\bp\.?\s?c\.?$")
_SPACES = re.compile("[\\s\u00a0\u202f\u2009'\u2019]")
_PLAIN = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_YES = frozenset(
    {"1", "true", "yes", "y", "x", "ja", "j", "wahr", "oui", "o", "vrai", "si", "sí", "s"}
)
_NO = frozenset({"0", "false", "no", "n", "nein", "falsch", "non", "faux"})
_MOST = 2_000  # cells that are looked at; whoever writes so many differently is not consistent


def read_date(text: str, order: str) -> str:
    """The day as ISO 8601 writes it, if it is one in this order; else the text as it is."""
    compact = _COMPACT.fullmatch(text)
    parts = compact.groups() if compact else None
    found = _PARTS.fullmatch(text)
    if found:
        parts = found.groups()
    if parts is None:
        return text
    year, month, day = _ordered(parts, "ymd" if len(parts[0]) == 4 else order)
    if len(year) not in {2, 4}:
        return text
    year = f"20{year}" if len(year) == 2 else year
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return text


def _ordered(parts: tuple[str, ...], order: str) -> tuple[str, str, str]:
    by_letter = dict(zip(order, parts, strict=True))
    return by_letter["y"], by_letter["m"], by_letter["d"]


def date_order_of(cells: Iterable[str]) -> str:
    """In which order days are written: the first cell that only one order fits decides.

    Empty where every cell fits two of them, and none decides.
    """
    seen = False
    for count, cell in enumerate(cells):
        found = _PARTS.fullmatch(cell)
        if count >= _MOST:
            break
        if found is None:
            continue
        first, second, _ = found.groups()
        if len(first) == 4:
            return "ymd"
        if int(first) > 12:
            return "dmy"
        if int(second) > 12:
            return "mdy"
        if "." in cell:  # nobody writes the month first with points
            return "dmy"
        seen = True
    return "" if seen else "ymd"


def read_number(text: str, decimal: str) -> str:
    """The number with a point and without thousands, if it is one; else the text as it is.

    1.234,56 € is 1234.56, 19 % is 19, and 12,50- and (12,50) are -12.50.
    """
    bare = _SPACES.sub("", _CURRENCY.sub("", text))
    sign = ""
    if bare.startswith("(") and bare.endswith(")"):
        sign, bare = "-", bare[1:-1]
    elif bare.endswith("-") or bare.startswith(("-", "\N{MINUS SIGN}")):
        sign, bare = "-", bare.strip("-\N{MINUS SIGN}")
    bare = bare.removeprefix("+")
    thousands = "," if decimal == "." else "."
    whole, point, fraction = bare.partition(decimal)
    groups = whole.split(thousands)
    is_grouped = len(groups) == 1 or (
        1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    )
    number = "".join(groups) + (f".{fraction}" if point else "")
    if not is_grouped or not _PLAIN.fullmatch(number):
        return text
    return sign + number


def decimal_sign_of(cells: Iterable[str]) -> str:
    """Which sign divides whole from fraction. Empty where 1,234 could be either."""
    unclear = False
    for count, cell in enumerate(cells):
        if count >= _MOST:
            break
        bare = _SPACES.sub("", _CURRENCY.sub("", cell)).strip("-+()\N{MINUS SIGN}")
        signs = [sign for sign in bare if sign in ".,"]
        if not signs:
            continue
        if len(set(signs)) == 2:
            return signs[-1]
        if len(signs) > 1:  # several of one sign group thousands
            return "." if signs[0] == "," else ","
        if len(bare.rpartition(signs[0])[2]) != 3 or bare.startswith(("0", ".", ",")):
            return signs[0]
        unclear = True
    return "" if unclear else "."


def read_yes(text: str) -> object:
    """True or false for what people write for it; else the text as it is."""
    said = text.casefold()
    return True if said in _YES else False if said in _NO else text


def read_whole(text: str) -> object:
    """A whole number; else the text as it is."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else text
