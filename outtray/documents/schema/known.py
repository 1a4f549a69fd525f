"""Types data that was checked when it came in, without asking our rules again.

A rule refuses a value or tidies it, and what has passed it once passes unchanged again. Asking
all of them takes six times as long as the typing.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

from pydantic_core import SchemaValidator

from outtray.documents.schema.part import Part

_RULES = ("function-before", "function-after")  # what pydantic calls them

P = TypeVar("P", bound=Part)


def known(schema: type[P], data: Mapping[str, object]) -> P:
    """The part of which this is the `model_dump(mode="json")`; for nothing else."""
    part: P = _reader(schema).validate_python(data)
    return part


@cache
def _reader(schema: type[Part]) -> SchemaValidator:
    # Otherwise pydantic would take for each part the reader that it has, rules and all.
    return SchemaValidator(
        _without_rules(schema.__pydantic_core_schema__), None, _use_prebuilt=False
    )


def _without_rules(described: Any) -> Any:
    """The same description of types, but in the place of each rule what it is put around."""
    if isinstance(described, list):
        return [_without_rules(each) for each in described]
    if not isinstance(described, dict):
        return described
    if described.get("type") in _RULES:
        return _without_rules(described["schema"])
    return {name: _without_rules(each) for name, each in described.items()}
