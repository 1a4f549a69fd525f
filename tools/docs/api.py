"""The REST API, from its own OpenAPI description."""

from __future__ import annotations

from collections.abc import Mapping

from outtray.api.api import api
from tools.docs.shapes import Schema, cell, shape


def page() -> str:
    described: Schema = api.get_openapi_schema(path_prefix="/api/v1")
    parts = [
        "# API",
        described["info"].get("description", ""),
        "The whole description, for programs, is served at `/api/v1/openapi.json`, and a page to "
        "read and try it at `/api/v1/docs`.",
        "## Calls",
        _calls(described["paths"]),
        "## Shapes",
    ]
    for name, schema in sorted(described["components"]["schemas"].items()):
        parts += [f"### {name}", *shape(schema)]
    return "\n\n".join(part for part in parts if part)


def _calls(paths: Mapping[str, Schema]) -> str:
    lines = ["| Call | What it does |", "|---|---|"]
    for path, operations in paths.items():
        for method, operation in operations.items():
            told = operation.get("description") or operation.get("summary", "")
            lines.append(f"| `{method.upper()} {path}` | {cell(told)} |")
    return "\n".join(lines)
