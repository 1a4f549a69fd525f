"""The page that shows the API's description: server-rendered, nothing from another host."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase


@dataclass(frozen=True, slots=True)
class Operation:
    """One method at one address."""

    id: str
    method: str
    path: str
    summary: str
    description: SafeString
    parameters: tuple[Mapping[str, Any], ...]
    body: str
    answers: tuple[tuple[str, str, str], ...]


class DocsPage(DocsBase):
    """All operations by resource, then all shapes."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        schema = api.get_openapi_schema(path_params=kwargs)
        groups: dict[str, list[Operation]] = {}
        for path, methods in schema["paths"].items():
            for method, told in methods.items():
                tag = told.get("tags", ["Other"])[0]
                groups.setdefault(tag, []).append(_operation(path, method, told))
        shapes = schema["components"]["schemas"]
        context = {
            "title": api.title,
            "version": api.version,
            "description": _marked(api.description),
            "schema_url": self.get_openapi_url(api, kwargs),
            "groups": groups,
            "shapes": {name: _json(shape) for name, shape in sorted(shapes.items())},
        }
        return render(request, "api/docs.html", context)


def _operation(path: str, method: str, told: Mapping[str, Any]) -> Operation:
    description = str(told.get("description", ""))
    body = told.get("requestBody", {}).get("content", {}).get("application/json", {})
    return Operation(
        id=told["operationId"],
        method=method.upper(),
        path=path,
        summary=description.partition("\n")[0] or told["summary"],
        description=_marked(description.partition("\n")[2].strip()),
        parameters=tuple(
            {**parameter, "type": _name(parameter["schema"])} for parameter in told["parameters"]
        ),
        body=_name(body.get("schema", {})) if body else "",
        answers=tuple(
            (str(status), answer["description"], _answer(answer))
            for status, answer in told["responses"].items()
        ),
    )


def _answer(answer: Mapping[str, Any]) -> str:
    content = answer.get("content", {})
    return ", ".join(
        f"{media_type}: {_name(told.get('schema', {}))}" for media_type, told in content.items()
    )


def _name(schema: Mapping[str, Any]) -> str:
    """What a schema is called: its shape's name or its type."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(_name(part) for part in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(str(value) or '""' for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_name(schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type") or "any")


def _marked(text: str) -> SafeString:
    """Text with what stands in backticks as code."""
    parts = text.split("`")
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<code>{}</code>", part) if number % 2 else part,)
            for number, part in enumerate(parts)
        ),
    )


def _json(shape: object) -> str:
    return json.dumps(shape, indent=2, ensure_ascii=False)
