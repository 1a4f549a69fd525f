"""The bar chart of Home, as numbers that a template draws with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH = 1000
HEIGHT = 200
_FLOOR = 168  # where the bars stand; the days' names are below
_TOP = 12
_SCALE = 36  # left of the bars
_BAR = 28


@dataclass(frozen=True, slots=True)
class Day:
    """What became final on one day."""

    date: date
    sent: int
    failed: int

    @property
    def total(self) -> int:
        return self.sent + self.failed


@dataclass(frozen=True, slots=True)
class Bar:
    """A day's place in the drawing: sent from the floor up, failed on top of it."""

    day: Day
    left: float
    width: float
    middle: float
    bar_left: float
    bar_width: int
    sent_top: float
    sent_height: float
    failed_top: float
    failed_height: float
    is_last: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the scale."""

    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything to draw."""

    bars: tuple[Bar, ...]
    lines: tuple[Line, ...]
    width: int = WIDTH
    height: int = HEIGHT
    floor: int = _FLOOR
    scale: int = _SCALE

    @property
    def days(self) -> tuple[Day, ...]:
        return tuple(bar.day for bar in self.bars)


def chart_of(days: Sequence[Day]) -> Chart:
    """Place the days side by side, under a scale that ends at a round number."""
    top = _round_above(max((day.total for day in days), default=0))
    unit = (_FLOOR - _TOP) / top
    slot = (WIDTH - _SCALE) / max(1, len(days))
    bars = (_bar(day, position, slot, unit, len(days)) for position, day in enumerate(days))
    return Chart(tuple(bars), (Line(_FLOOR - top * unit, str(top)), *_half(top, unit)))


def _bar(day: Day, position: int, slot: float, unit: float, count: int) -> Bar:
    sent, failed = day.sent * unit, day.failed * unit
    return Bar(
        day=day,
        left=round(_SCALE + position * slot, 1),
        width=round(slot, 1),
        middle=round(_SCALE + (position + 0.5) * slot, 1),
        bar_left=round(_SCALE + (position + 0.5) * slot - _BAR / 2, 1),
        bar_width=_BAR,
        sent_top=round(_FLOOR - sent, 1),
        sent_height=round(sent, 1),
        failed_top=round(_FLOOR - sent - failed, 1),
        failed_height=round(failed, 1),
        is_last=position == count - 1,
    )


def _half(top: int, unit: float) -> tuple[Line, ...]:
    return (Line(_FLOOR - top / 2 * unit, str(top // 2)),) if top % 2 == 0 else ()


def _round_above(largest: int) -> int:
    """The next of 4, 10, 20, 40, 100, 200, 400 and so on."""
    top = 4
    steps = (10, 20, 40)
    while top < largest:
        top = next((step for step in steps if step >= largest), steps[-1])
        steps = (steps[0] * 10, steps[1] * 10, steps[2] * 10)
    return top
