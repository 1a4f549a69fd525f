"""Completes the OpenAPI description: the documents that can be imported, and problems."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode as Mode
from pydantic.json_schema import models_json_schema

from outtray.api.problems import MEDIA_TYPE, Problem
from outtray.documents.kinds.registry import KINDS

_REFERENCE = "#/components/schemas/{model}"
_IMPORT = "import_documents"
_FILE = {"type": "string", "format": "binary"}
_PDF = "application/pdf"


def described(schema: Any) -> Any:
    """The description, with our problems in place of what ninja knows of errors."""
    operations = [operation for path in schema["paths"].values() for operation in path.values()]
    for operation in operations:
        operation["responses"]["4XX"] = {
            "description": "A problem (RFC 9457)",
            "content": {MEDIA_TYPE: {"schema": _reference("Problem")}},
        }
        if operation["operationId"] == _IMPORT:
            operation["requestBody"] = _import_body()
    schema["components"].setdefault("schemas", {}).update(_shapes())
    return schema


def _import_body() -> dict[str, Any]:
    one = _reference("Document")
    several = {"type": "array", "items": one, "minItems": 1}
    whole = {"type": "object", "properties": {"documents": several}, "required": ["documents"]}
    return {
        "required": True,
        "description": "One document, a list of them, or an object with `documents`; or a table, "
        "an XML document of UBL 2.1 or CII, a Factur-X PDF.",
        "content": {
            "application/json": {"schema": {"anyOf": [one, several, whole]}},
            **{media: {"schema": _FILE} for media in ("text/csv", "application/xml", _PDF)},
        },
    }


def _shapes() -> dict[str, Any]:
    """What each kind of document looks like, and a problem."""
    wanted: list[tuple[type[BaseModel], Mode]] = [(Problem, "serialization")]
    wanted += [(kind.schema, "validation") for kind in KINDS.values()]
    named, told = models_json_schema(wanted, ref_template=_REFERENCE)
    shapes: dict[str, Any] = told["$defs"]
    references = {kind.name: named[kind.schema, "validation"]["$ref"] for kind in KINDS.values()}
    shapes["Document"] = {
        "oneOf": [{"$ref": reference} for reference in references.values()],
        "discriminator": {"propertyName": "kind", "mapping": references},
    }
    return shapes


def _reference(name: str) -> dict[str, str]:
    return {"$ref": _REFERENCE.format(model=name)}
