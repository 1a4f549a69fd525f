"""What became of the demo's documents, as a table and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One document's email. `milliseconds` run from its acceptance to the server's answer."""

    document_kind: str
    document_number: str
    email_id: str
    message_id: str
    sender: str
    recipients: tuple[str, ...]
    state: str
    reply: str
    milliseconds: int | None


@dataclass(frozen=True, slots=True)
class Result:
    """All of them; `problem` says why there are none."""

    lines: tuple[Line, ...] = ()
    problem: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether every document was accepted by the server."""
        return bool(self.lines) and all(line.state == "sent" for line in self.lines)


def as_json(result: Result) -> str:
    """One JSON object."""
    told: dict[str, object] = {"emails": [asdict(line) for line in result.lines]}
    if result.problem:
        told["problem"] = result.problem
    return json.dumps(told, ensure_ascii=False, indent=2)


def as_table(lines: Sequence[Line]) -> str:
    """Kind, number, recipient, state and the server's reply, in columns."""
    head = ("Document", "Number", "Recipient", "State", "The server's reply")
    rows = [
        (
            line.document_kind.replace("_", " ").capitalize(),
            line.document_number,
            _short(line.recipients),
            line.state,
            line.reply,
        )
        for line in lines
    ]
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(4)]
    rule = tuple("─" * width for width in (*widths, len(head[4])))
    return "\n".join(_joined(row, widths) for row in (head, rule, *rows))


def _joined(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [cell.ljust(width) for cell, width in zip(row[:4], widths, strict=True)]
    return "  ".join((*cells, row[4])).rstrip()


def _short(recipients: Sequence[str]) -> str:
    first, *others = recipients or ("",)
    return f"{first} +{len(others)}" if others else first
