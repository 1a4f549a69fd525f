"""What a file holds before it is checked: entries, and where in the file each stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from outtray.documents.problems import Problem


class Format(StrEnum):
    """How a file is written. A Factur-X PDF is read for the CII inside."""

    JSON = "json"
    CSV = "csv"
    UBL = "ubl"
    CII = "cii"
    FACTURX = "factur-x"


@dataclass(frozen=True, slots=True)
class Entry:
    """One document of a file, as it would stand in a JSON file.

    `rows` are the rows of a table that it was made of, counted from one, the first of its
    lines first. `problems` are what its form alone shows to be wrong.
    """

    raw: object
    rows: tuple[int, ...] = ()
    problems: tuple[Problem, ...] = ()

    def placed(self, problem: Problem) -> Problem:
        """The problem with the row of the table that it concerns in front."""
        row = self._row_of(problem.path)
        return replace(problem, message=f"Row {row}: {problem.message}") if row else problem

    def _row_of(self, path: str) -> int | None:
        if not self.rows:
            return None
        _, bracket, rest = path.partition("[")
        index = rest.partition("]")[0]
        if bracket and index.isdigit() and int(index) < len(self.rows):
            return self.rows[int(index)]
        return self.rows[0]


def rows_said(rows: Sequence[int]) -> str:
    """Where in the table: row 7, rows 7 to 9, rows 7 to 21 (3 of them)."""
    if not rows:
        return ""
    first, last = min(rows), max(rows)
    if first == last:
        return f"row {first}"
    apart = "" if last - first + 1 == len(rows) else f" ({len(rows)} of them)"
    return f"rows {first} to {last}{apart}"
