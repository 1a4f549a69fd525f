"""Knows the codes of UN/ECE Recommendation 20 for the words that papers use for units."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path


def unit_code(word: str, own: Mapping[str, str]) -> str:
    """The code of a unit's word, by the company's own table first; empty if nobody knows it."""
    key = bare(word)
    return own.get(key, "") or _known().get(key, "")


def bare(word: str) -> str:
    """The word without case, accents and dots: Stück, stk. and m² are found as they are."""
    flat = unicodedata.normalize("NFKD", word.casefold())
    letters = (sign for sign in flat if not unicodedata.combining(sign) and sign != ".")
    return " ".join("".join(letters).split())


@cache
def _known() -> Mapping[str, str]:
    table = json.loads(Path(__file__).with_name("units.json").read_text(encoding="utf-8"))
    return {word: code for code, words in table.items() for word in words}
