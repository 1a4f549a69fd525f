"""What is wrong with a document: where, a stable code, and a sentence for a bookkeeper."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

MOST_PROBLEMS = 50  # of one document: whoever has more needs to see the pattern, not the list

# What pydantic calls it: our stable code, and our sentence.
_SENTENCES = {
    "missing": ("missing", "{name} {verb} missing."),
    "too_long": ("too_many", "{name}: at most {max_length:,} entries are allowed, more are given."),
    "too_short": ("missing", "{name}: at least one entry is needed."),
    "literal_error": ("not_allowed", "{name} must be {expected}, not {given}."),
    "model_type": ("wrong_type", "{name} must be an object with fields, not {given}."),
    "tuple_type": ("wrong_type", "{name} must be a list, not {given}."),
    "string_type": ("wrong_type", "{name} must be a text in quotes, not {given}."),
    "string_unicode": ("control_character", "{name} holds half a character, which is none."),
    "bool_type": ("wrong_type", "{name} must be true or false, not {given}."),
    "int_type": ("wrong_type", "{name} must be a whole number, not {given}."),
    "string_too_long": ("too_long", "{name} has more than {max_length:,} characters."),
    "greater_than_equal": ("out_of_range", "{name} must be at least {ge}, not {given}."),
    "less_than_equal": ("out_of_range", "{name} must be at most {le}, not {given}."),
}

_SHOWN_WITH_VALUE = frozenset({"not_a_date", "not_a_number", "out_of_range", "too_many_decimals"})
_LEAVES = {"iban": "IBAN", "bic": "BIC", "vat_id": "VAT ID"}
_WITHIN = {"emails": "{} email", "contacts": "contact's {}", "bank": "bank {}"}

_PLURALS = frozenset({"lines", "invoices", "taxes", "totals"})
_ROWS = {"lines": "Line", "invoices": "Invoice", "taxes": "Tax", "contacts": "Contact"}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `path` is like `lines[3].total`, counted from zero."""

    path: str
    code: str
    message: str


def problem_at(loc: Sequence[str | int], code: str, sentence: str) -> Problem:
    """A problem whose sentence begins with the line it concerns, as people count."""
    return Problem(path_of(loc), code, _place(loc) + sentence)


def path_of(loc: Sequence[str | int]) -> str:
    path = ""
    for step in loc:
        path += f"[{step}]" if isinstance(step, int) else f".{shown(step)}"
    return path.removeprefix(".")


def problems_of(error: ValidationError, schema: type[BaseModel]) -> Iterator[Problem]:
    """What the schema found wrong, in our own sentences; the value given stands in each."""
    errors = error.errors(include_url=False)
    deeper = {found["loc"][:depth] for found in errors for depth in range(1, len(found["loc"]))}
    for found in errors[:MOST_PROBLEMS]:
        # A list whose entries are all wrong is not empty, though pydantic adds that it is.
        if found["type"] != "too_short" or found["loc"] not in deeper:
            code, sentence = _sentence(found, schema)
            yield problem_at(found["loc"], code, sentence)


def _place(loc: Sequence[str | int]) -> str:
    if len(loc) >= 2 and isinstance(loc[1], int):
        return f"{_ROWS.get(str(loc[0]), str(loc[0]))} {loc[1] + 1}: "
    return ""


def _sentence(found: ErrorDetails, schema: type[BaseModel]) -> tuple[str, str]:
    kind, loc = found["type"], found["loc"]
    if kind == "extra_forbidden":
        return "unknown_field", _unknown(loc, schema)
    verb = "are" if loc and loc[-1] in _PLURALS else "is"
    facts = {
        "name": _name(loc),
        "verb": verb,
        "given": _given(found["input"]),
        **found.get("ctx", {}),
    }
    if kind in _SENTENCES:
        code, sentence = _SENTENCES[kind]
        return code, sentence.format(**facts)
    said = f"{facts['name']} {found['msg']}"
    if kind in _SHOWN_WITH_VALUE:
        said = f"{said.removesuffix('.')}; {facts['given']} given."
    return kind, said


def _name(loc: Sequence[str | int]) -> str:
    """What people call the field: the issuer's IBAN, the party's main email."""
    words = [shown(step) for step in loc if isinstance(step, str)]
    if loc and isinstance(loc[-1], int):
        return "The entry"
    if not words:
        return "The document"
    leaf = _LEAVES.get(words[-1], words[-1].replace("_", " "))
    if words[0] in _ROWS or len(words) == 1:
        return f"The {leaf}"
    owner = words[0].replace("_", " ")
    return f"The {owner}'s {_WITHIN.get(words[-2], '{}').format(leaf)}"


def _given(value: object) -> str:
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"“{shown(str(value))}”" if isinstance(value, str) else shown(str(value))


def _unknown(loc: Sequence[str | int], schema: type[BaseModel]) -> str:
    name = shown(str(loc[-1]))
    close = difflib.get_close_matches(name, _fields(loc[:-1], schema), n=1)
    hint = f" Did you mean “{close[0]}”?" if close else ""
    return f"There is no field “{name}” here.{hint}"


def _fields(loc: Sequence[str | int], schema: type[BaseModel]) -> list[str]:
    for step in loc:
        if isinstance(step, str) and step in schema.model_fields:
            schema = _model_in(schema.model_fields[step].annotation) or schema
    return list(schema.model_fields)


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = (_model_in(argument) for argument in getattr(annotation, "__args__", ()))
    return next((model for model in inner if model), None)


def shown(text: str, most: int = 60) -> str:
    """Bounded, and printable wherever the problem is shown."""
    plain = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)
    return plain if len(plain) <= most else plain[: most - 1] + "…"
