"""Knows which characters the shipped fonts can show, so that no paper ever shows a box."""

from __future__ import annotations

import json
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pydantic import BaseModel

from outtray.documents.problems import Problem, problem_at

FONTS = Path(__file__).with_name("fonts")

_INVISIBLE = frozenset("\n\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad")


def missing_glyphs(paper: BaseModel) -> Iterator[Problem]:
    """One problem for each field with characters that no shipped font has."""
    if all(can_show(sign) for sign in _signs(paper)):
        return
    for loc, text in _texts(paper, ()):
        unknown = [sign for sign in dict.fromkeys(text) if not can_show(sign)]
        if unknown:
            signs = ", ".join(_named(sign) for sign in unknown[:5])
            yield problem_at(loc, "missing_glyph", f"No font here can print {signs}.")


def can_show(character: str) -> bool:
    """True if a shipped font has the character, or it is never seen."""
    if character in _INVISIBLE or character.isascii():
        return True
    starts, ends = _coverage()
    index = bisect_right(starts, ord(character)) - 1
    return index >= 0 and ord(character) <= ends[index]


def _signs(paper: BaseModel) -> set[str]:
    """The characters of all texts beyond ASCII; most papers hold a handful of them."""
    signs: set[str] = set()
    left: list[object] = [paper]
    for value in left:  # which grows meanwhile
        if isinstance(value, str):
            if not value.isascii():
                signs.update(value)
        elif isinstance(value, tuple):
            left += value
        elif fields := getattr(value, "__dict__", None):
            left += fields.values()
    return signs


def _texts(
    value: object, loc: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, str):
        if not value.isascii():
            yield loc, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _texts(getattr(value, name), (*loc, name))
    elif isinstance(value, tuple):
        for index, entry in enumerate(value):
            yield from _texts(entry, (*loc, index))


def _named(character: str) -> str:
    name = unicodedata.name(character, "")
    return f"“{character}” (U+{ord(character):04X}{', ' + name if name else ''})"


@cache
def _coverage() -> tuple[list[int], list[int]]:
    """Starts and ends of the ranges in coverage.json, which tools/fonts.py writes."""
    ranges = json.loads((FONTS / "coverage.json").read_text())["ranges"]
    return [first for first, _ in ranges], [last for _, last in ranges]
