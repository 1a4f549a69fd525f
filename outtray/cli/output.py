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


def told_finding(stage: str, milliseconds: int, detail: str, *, ok: bool) -> None:
    """Print one stage of a probe, as it comes."""
    mark = "ok" if ok else "no"
    click.echo(f"{mark:3} {stage:<10} {milliseconds:>6} ms  {_text(detail)}")


def told_explanation(headline: str, steps: Sequence[str], who: str) -> None:
    """Print why something failed, what helps and who must do it."""
    click.echo(f"\n{_text(headline)}", err=True)
    for number, step in enumerate(steps, start=1):
        click.echo(f"  {number}. {_text(step)}", err=True)
    click.echo(f"Who must act: {_text(who)}", err=True)


def _text(cell: object) -> str:
    """One line that a terminal shows as it is."""
    text = "" if cell is None else str(cell)
    return "".join(sign if sign.isprintable() else " " for sign in text)
