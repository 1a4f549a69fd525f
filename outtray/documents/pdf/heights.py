"""Which rows of the table need no measuring, because each of their texts fits on one line.

Typst lays out the cells of a row once to learn how tall it is, and once more to set it. Most
texts are so short that this is known before. Widths are those of the widest of our families,
and rounded up: a row is only named here if it fits for certain.
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from math import inf

from outtray.documents.pdf.rows import ShownColumn

_ROOM = 467.0  # points between the margins of the narrower of our papers, A4
_BESIDE = 13.7  # points that stay free in a column, at most
_USUAL, _DENSE = 9.0, 7.2  # points, as the layout sets the table


def _widths() -> dict[str, float]:
    """The most that a character takes in any family and weight, as a part of the size."""
    widths = dict.fromkeys((chr(code) for code in range(0xA1, 0x100) if code != 0xAD), 1.05)
    widths |= dict.fromkeys(string.printable[:-6] + "\u2013\u201e\u201c\u201d\u2019\u20ac", 1.05)
    widths |= dict.fromkeys(string.ascii_lowercase + string.digits + "-·äöüßáéèó", 0.7)
    widths |= dict.fromkeys(string.ascii_uppercase + "wÄÖÜ", 0.85)
    widths |= dict.fromkeys(" \u00a0!',.:;ijl()[]ft|/I", 0.45)
    return widths | dict.fromkeys("mMW", 1.05)


WIDTHS = _widths()


def lines_of(
    columns: Sequence[ShownColumn], rows: Sequence[Sequence[object]], *, dense: bool
) -> list[int]:
    """How many lines each row has for certain; 0 where only Typst can tell."""
    size = _DENSE if dense else _USUAL
    wide = next((place for place, column in enumerate(columns) if column.is_wide), 0)
    taken = _BESIDE
    for place, column in enumerate(columns):
        if place != wide:
            texts = (_only(row[place]) for row in rows)
            taken += _BESIDE + size * max(_width(column.label), *map(_width, texts))
    room = (_ROOM - taken) / size
    return [_lines(row[wide], room) for row in rows]


def _lines(cell: object, room: float) -> int:
    if isinstance(cell, dict) and "details" in cell:
        texts = [cell["name"], *cell["details"]]
    else:
        texts = [_only(cell)]
    return len(texts) if all(0 < _width(text) <= room for text in texts) else 0


def _only(cell: object) -> str:
    """The text of a cell that has one; what else there may be has no bound."""
    if isinstance(cell, dict):
        return str(cell.get("differs", "\n"))
    return str(cell)


def _width(text: str) -> float:
    return sum(WIDTHS.get(sign, inf) for sign in text)
