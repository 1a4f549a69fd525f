"""The lines of the log, collected from where they are written."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from outtray.config.logs import FIELDS
from tools.docs.source import calls, modules, text_of

LEVELS = {"debug", "info", "warning", "error", "exception"}


@dataclass(frozen=True, slots=True)
class Event:
    """One line that the product writes."""

    message: str
    level: str
    logger: str
    fields: tuple[str, ...]


def events() -> list[Event]:
    """Every call of a module's `log`, in the order of the messages."""
    found = {event for _, text in modules() for event in _events(ast.parse(text))}
    return sorted(found, key=lambda event: (event.logger, event.message))


def page() -> str:
    parts = [
        "# The log",
        "Lines on standard error, as `OUTTRAY_LOG_FORMAT` says: for people, or one JSON object "
        "each with `time` (UTC), `level`, `logger`, `message`, the fields below and, after a "
        "fault of ours, `traceback`.",
        "No line holds a secret, the content of a message, or more of an address than its "
        "domain. An id is found again in the address of its page (`/queue/<email>/`) and in "
        "the API.",
        "## Fields",
        _table(("Field", "Meaning"), [(f"`{name}`", told) for name, told in FIELDS.items()]),
        "## Events",
        "Libraries write too, from `warning` on.",
        _table(
            ("Message", "Level", "Logger", "Fields"),
            [
                (event.message, event.level, f"`{event.logger}`", ", ".join(event.fields))
                for event in events()
            ],
        ),
    ]
    return "\n\n".join(parts)


def _events(tree: ast.Module) -> Iterator[Event]:
    logger = next(filter(None, map(_logger, tree.body)), "")
    for call in calls(tree):
        function = call.func
        if (
            isinstance(function, ast.Attribute)
            and isinstance(function.value, ast.Name)
            and function.value.id == "log"
            and function.attr in LEVELS
        ):
            level = "error" if function.attr == "exception" else function.attr
            yield Event(text_of(call.args[0]) or "…", level, logger, _fields(call))


def _logger(statement: ast.stmt) -> str:
    """The name in `log = logging.getLogger("...")`."""
    if not (isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call)):
        return ""
    (target, *_), arguments = statement.targets, statement.value.args
    is_log = isinstance(target, ast.Name) and target.id == "log"
    return (text_of(arguments[0]) or "") if is_log and arguments else ""


def _fields(call: ast.Call) -> tuple[str, ...]:
    extra = next((each.value for each in call.keywords if each.arg == "extra"), None)
    if not isinstance(extra, ast.Dict):
        return ()
    return tuple(text_of(key) or "…" for key in extra.keys if key)


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
