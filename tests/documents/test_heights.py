"""Rows that are set without being measured hold for certain what is said of them."""

from __future__ import annotations

from typing import Any

import pytest
from fontTools.ttLib import TTFont

from outtray.documents.glyphs import FONTS
from outtray.documents.kinds.registry import KINDS
from outtray.documents.pdf.heights import WIDTHS, lines_of
from outtray.documents.pdf.rows import ShownColumn


@pytest.mark.parametrize("family", ["Inter", "IBMPlexSans", "SourceSerif4"])
@pytest.mark.parametrize("weight", ["Regular", "SemiBold"])
def test_no_character_is_wider_than_it_is_taken_for(family: str, weight: str) -> None:
    font: Any = TTFont(FONTS / f"{family}-{weight}.ttf")
    glyphs, advances = font.getBestCmap(), font["hmtx"].metrics

    widest = {
        sign: max(
            advance
            for name, (advance, _) in advances.items()
            if name.partition(".")[0] == glyphs[ord(sign)]
        )
        for sign in WIDTHS
    }

    assert {
        sign: width / font["head"].unitsPerEm
        for sign, width in widest.items()
        if width / font["head"].unitsPerEm > WIDTHS[sign]
    } == {}


@pytest.mark.parametrize(
    ("item", "lines"),
    [
        ("Lamp", 1),
        ({"name": "Lamp", "details": []}, 1),
        ({"name": "Lamp", "details": ["Item 4711", "Made of ash"]}, 3),
        ({"name": "A lamp that " + "shines on " * 8, "details": []}, 0),
        ({"name": "Lamp", "details": ["W" * 40]}, 0),
        ({"name": "ランプ", "details": []}, 0),
        ({"name": "Lamp\u200b", "details": []}, 0),
    ],
)
def test_only_what_certainly_fits_has_a_number_of_lines(item: object, lines: int) -> None:
    described, total = (
        ShownColumn(column, column.name, column.name == "description")
        for column in KINDS["invoice"].columns
        if column.name in {"description", "total"}
    )

    found = lines_of([described, total], [[item, "1.234.567,89"]], dense=False)

    assert found == [lines]


def test_a_cell_without_bounds_beside_the_item_leaves_all_rows_open() -> None:
    described, unit = (
        ShownColumn(column, column.name, column.name == "description")
        for column in KINDS["invoice"].columns
        if column.name in {"description", "unit"}
    )

    found = lines_of([described, unit], [["Lamp", "個"], ["Lamp", "pcs"]], dense=False)

    assert found == [0, 0]
