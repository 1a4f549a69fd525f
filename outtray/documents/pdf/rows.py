"""The table of lines: which columns are worth showing, and every cell as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from outtray.documents.kinds.base import ITEM_PARTS, Column, Kind, Style
from outtray.documents.pdf.look import Look
from outtray.documents.pdf.scripts import breakable, language_of
from outtray.documents.schema.part import Part
from outtray.documents.values import Values, written

_RIGHT = frozenset({Style.NUMBER, Style.PERCENT, Style.AMOUNT, Style.PRICE})
_ROOMY = 62  # characters beside the description: measured, on A4
_WITH_CURRENCY = frozenset({Style.AMOUNT})


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """A column that is shown, and what the layout needs to know of it."""

    column: Column
    label: str
    is_wide: bool

    @property
    def shown(self) -> dict[str, object]:
        return {
            "name": self.column.name,
            "label": self.label,
            "right": self.column.style in _RIGHT,
            "wide": self.is_wide,
        }


def columns_of(kind: Kind, values: Values, look: Look) -> list[ShownColumn]:
    """The kind's columns that the look shows, without optional ones that would say nothing."""
    rows = rows_in(kind, values)
    wanted = [column for column in kind.columns if not look.hides(kind.name, column.name)]
    shown = [column for column in wanted if _is_worth_showing(column, rows)]
    wide = next((column for column in shown if column.style == Style.ITEM), shown[0])
    return [ShownColumn(column, _label(column, values), column == wide) for column in shown]


def rows_in(kind: Kind, values: Values) -> Sequence[Part]:
    rows: Sequence[Part] = getattr(values.paper, kind.rows)
    return rows


def rows_of(
    kind: Kind, columns: Sequence[ShownColumn], values: Values, look: Look
) -> list[list[object]]:
    parts = [part for part in ITEM_PARTS if not look.hides(kind.name, part)]
    return [
        [_cell(row, column.column, values, parts) for column in columns]
        for row in rows_in(kind, values)
    ]


def _is_worth_showing(column: Column, rows: Sequence[Part]) -> bool:
    if not column.optional:
        return True
    given = {getattr(row, column.name) for row in rows}
    if column.style == Style.PERCENT and column.name == "tax_rate":
        return len(given) > 1
    return any(given)


def _label(column: Column, values: Values) -> str:
    label = values.wording.say(f"column.{column.name}")
    return f"{label} {values.paper.currency}" if column.style in _WITH_CURRENCY else label


def _cell(row: Part, column: Column, values: Values, parts: Sequence[str]) -> object:
    value = getattr(row, column.name)
    if column.style == Style.ITEM:
        details = [breakable(line) for line in _details(row, values, parts)]
        return {"name": breakable(str(value)), "details": details}
    if column.style == Style.PERCENT and column.optional and not value:
        return ""
    text = written(value, column.style, values.writer)
    if column.against and getattr(row, column.against) not in {None, value}:
        return {"differs": text}
    return text


def _details(row: Part, values: Values, parts: Sequence[str]) -> list[str]:
    item, details = (getattr(row, part, "") if part in parts else "" for part in ITEM_PARTS)
    named = [values.wording.say("item", item=item)] if item else []
    lines = [*named, *(details.split("\n") if details else [])]
    fits_one = len(lines) == 2 and not language_of(details)
    return [" · ".join(lines)] if fits_one else lines


def is_dense(columns: Sequence[ShownColumn], rows: Sequence[Sequence[object]]) -> bool:
    """True where the cells beside the descriptions would leave these too little room."""
    if not any(column.column.style == Style.ITEM for column in columns):
        return False
    taken = 0
    for index, column in enumerate(columns):
        if not column.is_wide:
            cells = (len(cell) for row in rows if isinstance(cell := row[index], str))
            taken += max(len(column.label), *cells, 0)
    return taken > _ROOMY
