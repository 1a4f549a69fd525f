"""The fields that a template can name, with what they say on a document at hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from outtray.compose.templates.shipped import SEVERAL

_HIDDEN = {"documents", "facts", "language", "logo", "preview"}
_NAMES = {
    "lines": "line", "invoices": "invoice", "documents": "each", "legal": "line",
    "facts": "fact",
}  # fmt: skip
_PARTS = {
    "facts": "{% render 'facts', facts: facts %}",
    "documents": (
        "{% render 'documents', documents: documents, document: \"Document\", "
        'date: "Date", total: "Total" %}'
    ),
}


@dataclass(frozen=True, slots=True)
class Field:
    """What is inserted, and an example of what it becomes. `group` is what it belongs to."""

    group: str
    name: str
    inserted: str
    example: str


def fields_of(values: Mapping[str, object], purpose: str) -> list[Field]:
    """All fields, grouped: parts that are ready made, single texts, and lists as loops."""
    part = "documents" if purpose == SEVERAL else "facts"
    ready = Field("Ready made", "Table of what matters most", _PARTS[part], "")
    shown = {name: each for name, each in values.items() if name not in _HIDDEN}
    if purpose == SEVERAL:
        shown = {**shown, "documents": values["documents"]}
        shown.pop("document")
    return [ready, *_fields(shown, ())]


def _fields(values: Mapping[str, object], here: tuple[str, ...]) -> Iterator[Field]:
    """Single texts before what they are parts of, so that a group is not torn apart."""
    for name, value in values.items():
        if isinstance(value, str):
            path = ".".join((*here, name))
            yield Field(here[0] if here else "", path, f"{{{{ {path} }}}}", value)
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _fields(value, (*here, name))
        elif isinstance(value, list) and value:
            yield _loop(value, (*here, name))


def _loop(values: list[object], path: tuple[str, ...]) -> Field:
    each = _NAMES.get(path[-1], "each")
    first = values[0]
    names = [name for name, text in first.items() if text] if isinstance(first, Mapping) else []
    inner = " ".join(f"{{{{ {each}.{name} }}}}" for name in names[:3]) or f"{{{{ {each} }}}}"
    dotted = ".".join(path)
    loop = f"{{% for {each} in {dotted} %}}{inner}{{% endfor %}}"
    return Field(path[0], dotted, loop, f"a list of {len(values)}")
