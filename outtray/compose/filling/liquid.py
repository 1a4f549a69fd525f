"""Liquid with limits: what a template may use, and how much of it.

Templates see plain dicts and texts, never our objects. An unknown name is an error, not
a blank. A template that loops, nests or grows without end is refused while it is still
small: python-liquid bounds loops, names and output, and we bound what it leaves open,
ranges (`(1..n) reversed` makes a list before anything is counted) and filters (a chain of
`replace` grows a text before anything is counted).
"""

from __future__ import annotations

import re
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any

from liquid import BoundTemplate, CachingDictLoader, Environment, RenderContext, StrictUndefined
from liquid.ast import Node
from liquid.builtin.expressions.primitive import RangeLiteral
from liquid.exceptions import LiquidError, ResourceLimitError, TemplateNotFoundError
from liquid.expression import Expression
from liquid.token import Token

from outtray.lib.errors import Refused

DEFAULTS = Path(__file__).parents[1] / "defaults"
MAX_SOURCE = 64 * 1024
_MAX_TEXT = 32 * 1024
_MAX_LIST = 2_000
_MAX_NUMBER = 10**18
_MAX_FILTERINGS = 20_000

_FILTERS = {
    "append", "at_least", "at_most", "capitalize", "compact", "concat", "default", "downcase",
    "escape", "first", "join", "last", "map", "minus", "modulo", "newline_to_br", "plus",
    "prepend", "remove", "remove_first", "replace", "replace_first", "reverse", "round",
    "size", "slice", "sort", "split", "strip", "strip_newlines", "times", "truncate",
    "truncatewords", "uniq", "upcase", "url_encode", "where",
}  # fmt: skip
_TAGS = {
    "if", "unless", "case", "for", "break", "continue", "assign", "capture", "cycle", "echo",
    "comment", "#", "render",
}  # fmt: skip

_BLOCKS = {"if", "unless", "case", "for", "capture", "comment"}
_TAG = re.compile(r"\{\{.*?\}\}|(\{%-?\s*(\w*).*?%\})", re.S)

_used = threading.local()


class _Context(RenderContext):
    def filter(self, name: str, token: Any) -> Callable[..., object]:
        _used.filterings += 1
        if _used.filterings > _MAX_FILTERINGS:
            raise ResourceLimitError("too many filters are applied", token=token)
        return super().filter(name, token)


class _Template(BoundTemplate):
    context_class = _Context


class _Environment(Environment):
    template_class = _Template
    context_depth_limit = 10
    block_nesting_limit = 20
    loop_iteration_limit = _MAX_LIST
    local_namespace_limit = 1024 * 1024
    output_stream_limit = 512 * 1024

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        super().setup_tags_and_filters(extra=extra)
        kept = {name: _bounded(name, each) for name, each in self.filters.items()}
        self.filters = {name: kept[name] for name in sorted(_FILTERS)}
        for name in set(self.tags) - _TAGS - _INTERNAL:
            del self.tags[name]


# How Liquid itself names plain text, {{ output }} and what it cannot read.
_INTERNAL = {"content", "output", "illegal"}


def render(source: str, values: Mapping[str, object], *, is_html: bool) -> str:
    """Fill a template. Raises Refused("template_wrong") that names line and column."""
    _used.filterings = 0
    try:
        return _compiled(source, is_html).render(values)
    except LiquidError as wrong:
        raise refused_at(source, _place(wrong, source), _why(wrong)) from wrong
    except (RecursionError, ValueError, ArithmeticError) as wrong:
        place = _place(LiquidError("", token=_token_at_work(wrong)), source)
        raise refused_at(source, place, _why_python(wrong)) from wrong


def refused_at(source: str, at: int, why: str) -> Refused:
    """A refusal of what stands there in a template, told by its line and column."""
    line = source.count("\n", 0, at) + 1
    column = at - (source.rfind("\n", 0, at) + 1) + 1
    detail = f"Line {line}, column {column}: {why}."
    return Refused("template_wrong", detail, line=line, column=column)


def _why(wrong: LiquidError) -> str:
    if isinstance(wrong, TemplateNotFoundError):
        return f"there is no ready-made part “{wrong.message}”"
    return str(wrong.message)


def _why_python(wrong: Exception) -> str:
    if isinstance(wrong, RecursionError):
        return "this is nested too deeply"
    return "this cannot be reckoned with the numbers that are given"


def _token_at_work(wrong: Exception) -> Token | None:
    """The innermost tag that was being filled, which Liquid does not say of Python's errors."""
    frames = traceback.walk_tb(wrong.__traceback__)
    selves = [frame.f_locals.get("self") for frame, _ in frames]
    return next((each.token for each in reversed(selves) if isinstance(each, Node)), None)


def _place(wrong: LiquidError, source: str) -> int:
    """Where in the source it went wrong.

    Liquid does not say it of what ends too early: then it is the first tag that cannot stand
    alone, or the last one that is left open; of a partial it is the tag that asked for it.
    """
    token = wrong.token
    if token is not None and token.start_index >= 0 and token.source == source:
        return token.start_index
    for asked in re.finditer(r"render\s+['\"](\w+)", source):
        if token and any(
            _partials(is_html).get(asked[1]) == token.source for is_html in (False, True)
        ):
            return asked.start()
    tags = list(_TAG.finditer(source))
    alone = next((each.start() for each in tags if not _stands(each)), None)
    return _left_open(tags) if alone is None else alone


def _left_open(tags: list[re.Match[str]]) -> int:
    opened: list[re.Match[str]] = []
    for each in tags:
        name = each[2] or ""
        if name in _BLOCKS:
            opened.append(each)
        elif opened and name == f"end{opened[-1][2]}":
            opened.pop()
    return opened[-1].start() if opened else 0


def _stands(tag: re.Match[str]) -> bool:
    name = tag[2]
    try:
        closed = tag[0] + (f"{{% end{name} %}}" if name in _BLOCKS else "")
        environment(is_html=False).from_string(closed)
    except LiquidError:
        return name.startswith(("end", "els", "when")) if name else False
    return True


@lru_cache(maxsize=512)
def _compiled(source: str, is_html: bool) -> BoundTemplate:  # noqa: FBT001 - a cache's key
    if len(source) > MAX_SOURCE:
        raise Refused("template_wrong", f"The template is longer than {MAX_SOURCE} characters.")
    template = environment(is_html=is_html).from_string(source)
    for expression in _expressions(template.nodes, RenderContext(template)):
        if isinstance(expression, RangeLiteral):
            raise Refused("template_wrong", "Ranges such as (1..3) cannot be used in a template.")
    return template


@lru_cache(maxsize=2)
def environment(*, is_html: bool) -> Environment:
    """The one environment for all HTML, and the one for all else."""
    partials = CachingDictLoader(_partials(is_html), auto_reload=False)
    return _Environment(
        loader=partials,
        undefined=StrictUndefined,
        autoescape=is_html,
    )


@lru_cache(maxsize=2)
def _partials(is_html: bool) -> dict[str, str]:  # noqa: FBT001 - a cache's key
    folder = DEFAULTS / "partials" / ("html" if is_html else "text")
    return {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.liquid")}


def _expressions(nodes: list[Node], context: RenderContext) -> Iterator[Expression]:
    for node in nodes:
        for expression in node.expressions():
            yield from _and_inner(expression)
        yield from _expressions(list(node.children(context, include_partials=False)), context)


def _and_inner(expression: Expression) -> Iterator[Expression]:
    yield expression
    for inner in expression.children():
        yield from _and_inner(inner)


def _bounded(name: str, filtering: Callable[..., object]) -> Callable[..., object]:
    """The same filter, which looks at what goes in and what comes out."""

    @wraps(filtering)
    def bounded(*given: object, **options: object) -> object:
        for each in given:
            _refuse_large(each)
        _refuse_growth(name, given)
        result = filtering(*given, **options)
        _refuse_large(result)
        return result

    return bounded


def _refuse_large(value: object) -> None:
    if isinstance(value, str) and len(value) > _MAX_TEXT:
        raise ResourceLimitError("a text grows too long", token=None)
    if isinstance(value, (list, tuple, range)) and len(value) > _MAX_LIST:
        raise ResourceLimitError("a list grows too long", token=None)
    if isinstance(value, (int, float)) and not -_MAX_NUMBER <= value <= _MAX_NUMBER:
        raise ResourceLimitError("a number grows too large", token=None)


def _refuse_growth(name: str, given: tuple[object, ...]) -> None:
    """These multiply, so that the result must be reckoned before it is made."""
    if name == "replace" and len(given) > 2:
        text, old, new = (str(each) for each in given[:3])
        pieces = text.count(old) if old else len(text) + 1
        if len(text) + pieces * len(new) > _MAX_TEXT:
            raise ResourceLimitError("a text grows too long", token=None)
    if name == "join" and isinstance(given[0], (list, tuple)):
        separator = len(str(given[1])) if len(given) > 1 else 1
        if sum(len(str(each)) + separator for each in given[0]) > _MAX_TEXT:
            raise ResourceLimitError("a text grows too long", token=None)
