"""JSON schemas as tables for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]


def shape(schema: Schema) -> list[str]:
    """What a schema says of itself, then its fields."""
    parts = [cell(schema["description"])] if schema.get("description") else []
    fields: Mapping[str, Schema] = schema.get("properties", {})
    if not fields:
        return parts
    required = schema.get("required", ())
    described = any(field.get("description") for field in fields.values())
    columns = ("Field", "Type", "Meaning") if described else ("Field", "Type")
    lines = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    for name, field in fields.items():
        needed = "" if name in required else ", optional"
        meaning = f" {cell(field.get('description', ''))} |" if described else ""
        lines.append(f"| `{name}` | {type_of(field)}{needed} |{meaning}")
    return [*parts, "\n".join(lines)]


def type_of(field: Schema) -> str:
    """The type in words, with a link where it has a shape of its own."""
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    for several in ("anyOf", "oneOf", "allOf"):
        if several in field:
            return " or ".join(dict.fromkeys(type_of(each) for each in field[several]))
    if "const" in field:
        return f"`{field['const']}`"
    if "enum" in field:
        return " or ".join(f"`{value}`" for value in field["enum"])
    if field.get("type") == "array":
        return f"list of {type_of(field.get('items', {}))}"
    return str(field.get("format") or field.get("type") or "any")


def cell(text: str) -> str:
    """A text that stays in its cell."""
    return " ".join(text.split()).replace("|", "\\|")
