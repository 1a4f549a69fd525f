"""What commands print: tables for people, one JSON object for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import click


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print columns as wide as what stands in them."""
    texts = [[_text(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(headings, *texts, strict=True)]
    for line in (headings, *texts):
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


def as_json(told: Any) -> None:
    """Print one JSON object; ids and times as texts."""
    click.echo(json.dumps(told, indent=2, ensure_ascii=False, default=str))


def _text(cell: object) -> str:
    """One line that a terminal shows as it is."""
    text = "" if cell is None else str(cell)
    return "".join(sign if sign.isprintable() else " " for sign in text)
