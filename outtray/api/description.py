"""Completes the OpenAPI description: every operation may answer with a problem."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import models_json_schema

from outtray.api.problems import MEDIA_TYPE, Problem

_REFERENCE = {"$ref": "#/components/schemas/Problem"}


def described(schema: Any) -> Any:
    """The description, with problems in place of what ninja knows of errors."""
    for path in schema["paths"].values():
        for operation in path.values():
            operation["responses"]["4XX"] = {
                "description": "A problem (RFC 9457)",
                "content": {MEDIA_TYPE: {"schema": _REFERENCE}},
            }
    _, shapes = models_json_schema(
        [(Problem, "serialization")], ref_template="#/components/schemas/{model}"
    )
    schema["components"].setdefault("schemas", {}).update(shapes["$defs"])
    return schema
