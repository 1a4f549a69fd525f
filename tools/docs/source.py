"""The product's own source, parsed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]


def modules() -> Iterator[tuple[Path, str]]:
    """Every module of the product with its text, migrations apart."""
    for path in sorted((ROOT / "outtray").rglob("*.py")):
        if "migrations" not in path.parts:
            yield path.relative_to(ROOT), path.read_text()


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Every call in the order of the text."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    yield from sorted(found, key=lambda call: (call.lineno, call.col_offset))


def text_of(node: ast.expr) -> str | None:
    """The text that an expression writes, with an ellipsis for each value; None if it is none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(part) or "…" for part in node.values)
    return None
