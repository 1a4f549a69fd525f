"""Reports how large things have become. Nothing fails because of it.

python -m tools.shape
"""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.docs.source import ROOT, modules

SHOWN = 12
_BLOCKS = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.Match)


@dataclass(frozen=True, slots=True)
class Function:
    """One function: where it is, how long, how deeply nested, how many arguments."""

    place: str
    lines: int
    nesting: int
    arguments: int


def main() -> None:
    product = list(modules())
    functions = [each for path, text in product for each in _functions(path, text)]
    sizes = sorted(((text.count("\n"), str(path)) for path, text in product), reverse=True)
    lengths = [function.lines for function in functions]
    print(f"{len(product)} modules, {sum(size for size, _ in sizes)} lines; ", end="")
    print(f"{_test_lines()} lines of tests")
    print(f"modules: {_spread([size for size, _ in sizes])}")
    print(f"functions: {len(functions)}, {_spread(lengths)}, ", end="")
    print(f"{sum(length <= 10 for length in lengths) / len(lengths):.0%} up to 10 lines")
    _top("largest modules", [f"{size:5} {path}" for size, path in sizes])
    by_length = sorted(functions, key=lambda each: -each.lines)
    _top("longest functions", [f"{each.lines:5} {each.place}" for each in by_length])
    deep = sorted(functions, key=lambda each: -each.nesting)
    _top("deepest nesting", [f"{each.nesting:5} {each.place}" for each in deep if each.nesting > 2])
    wide = sorted(functions, key=lambda each: -each.arguments)
    _top("most arguments", [f"{each.arguments:5} {each.place}" for each in wide])


def _functions(path: Path, text: str) -> Iterator[Function]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            arguments = node.args
            count = len(arguments.posonlyargs) + len(arguments.args) + len(arguments.kwonlyargs)
            yield Function(
                place=f"{path}:{node.lineno} {node.name}",
                lines=(node.end_lineno or node.lineno) - node.lineno + 1,
                nesting=_depth(node),
                arguments=count - bool(arguments.args and arguments.args[0].arg in {"self", "cls"}),
            )


def _depth(node: ast.AST) -> int:
    inner = [
        _depth(child) + isinstance(child, _BLOCKS)
        for child in ast.iter_child_nodes(node)
        if not isinstance(child, ast.FunctionDef)
    ]
    return max(inner, default=0)


def _test_lines() -> int:
    return sum(path.read_text().count("\n") for path in (ROOT / "tests").rglob("*.py"))


def _spread(values: Sequence[int]) -> str:
    ninth = statistics.quantiles(values, n=10)[8]
    return f"median {statistics.median(values):.0f}, p90 {ninth:.0f}, max {max(values)} lines"


def _top(title: str, rows: Sequence[str]) -> None:
    print(f"\n{title}")
    for row in rows[:SHOWN]:
        print(row)


if __name__ == "__main__":
    main()
