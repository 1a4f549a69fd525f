"""What an imported document may hold, kind by kind."""

from __future__ import annotations

from typing import Any

from outtray.documents.kinds.registry import KINDS
from tools.docs.shapes import shape


def page() -> str:
    parts = [
        "# Documents as JSON",
        'A file holds one document, a list of documents, or `{"documents": [...]}`. Amounts are '
        'numbers or, better, texts such as `"148.00"`. What is not named is refused, so that a '
        "typing mistake does not vanish. `issuer` may always be left out: it comes from the "
        "company's settings.",
    ]
    shared: dict[str, Any] = {}
    for kind in KINDS.values():
        schema = kind.schema.model_json_schema()
        shared |= schema.get("$defs", {})
        parts += [f"## {kind.label('en')}", f"`kind` is `{kind.name}`.", *shape(schema)]
    parts.append("## Their parts")
    for name, schema in sorted(shared.items()):
        parts += [f"### {name}", *shape(schema)]
    return "\n\n".join(parts)
