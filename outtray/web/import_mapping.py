"""The form in which a person settles what the columns of a table mean."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from outtray.documents.imports.csv.dialect import DELIMITERS, ENCODINGS
from outtray.documents.imports.csv.fields import Field, fields_of
from outtray.documents.imports.csv.mapping import Mapping
from outtray.documents.imports.csv.values import DATE_ORDERS, DECIMALS
from outtray.documents.kinds.registry import KINDS
from outtray.lib.errors import Refused

_LEFT_OUT = ("", "Left out")
# One number for all rows would make one document of them.
_NEVER_FIXED = frozenset({"number"})
_USUALLY_FIXED = ("currency", "lines.tax_rate")


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """A column of the table: its name, its first cells, and what it is taken for."""

    name: str
    cells: Sequence[str]
    field: forms.BoundField


class MappingForm(forms.Form):
    """Kind, signs, and a meaning for each column. What no column gives may be fixed."""

    def __init__(self, table: MappingOf[str, Any], mapping: Mapping, data: Any = None) -> None:
        self._table, self._mapping = table, mapping
        self.header: Sequence[str] = table["header"]
        super().__init__(data, initial=self._initial())
        known = fields_of(mapping.kind)
        self._add("kind", "Type of document", [(k.name, k.label("en")) for k in KINDS.values()])
        self._add("encoding", "Encoding", list(ENCODINGS.items()))
        self._add("delimiter", "Columns divided by", [*_named(DELIMITERS)])
        self._add("decimal", "Decimal sign", list(DECIMALS.items()))
        self._add("dates", "Dates", list(DATE_ORDERS.items()))
        choices = _choices(known)
        for index, name in enumerate(self.header):
            self._add(f"column-{index}", f"Meaning of {name}", choices, is_needed=False)
        self.fixed_paths = _fixable(mapping, known)
        for path in self.fixed_paths:
            self.fields[f"fixed-{path}"] = forms.CharField(
                label=known[path].label, required=False, max_length=200
            )

    @property
    def columns(self) -> list[ColumnRow]:
        return [
            ColumnRow(
                name,
                list(dict.fromkeys(row[index] for row in self._table["rows"])),
                self[f"column-{index}"],
            )
            for index, name in enumerate(self.header)
        ]

    @property
    def fixed(self) -> list[forms.BoundField]:
        return [self[f"fixed-{path}"] for path in self.fixed_paths]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        self._refuse_twice(given)
        return given

    @property
    def mapping(self) -> Mapping:
        """What was settled. Another kind, encoding or delimiter has the columns guessed anew."""
        given = self.cleaned_data
        signs = {name: given[name] for name in ("encoding", "delimiter", "decimal", "dates")}
        mapping = self._mapping
        is_another = any(
            given[name] != getattr(mapping, name) for name in ("kind", "encoding", "delimiter")
        )
        if is_another:
            return Mapping(
                given["kind"], {}, encoding=signs["encoding"], delimiter=signs["delimiter"]
            )
        columns = {
            name: given[f"column-{index}"]
            for index, name in enumerate(self.header)
            if given[f"column-{index}"]
        }
        fixed = {path: given[f"fixed-{path}"].strip() for path in self.fixed_paths}
        told = {path: text for path, text in fixed.items() if text and path not in columns.values()}
        return Mapping(given["kind"], columns, told, **signs)

    def _initial(self) -> dict[str, str]:
        mapping = self._mapping
        said = {name: getattr(mapping, name) for name in ("kind", "encoding", "delimiter")}
        said |= {"decimal": mapping.decimal, "dates": mapping.dates}
        for index, name in enumerate(self.header):
            said[f"column-{index}"] = mapping.columns.get(name, "")
        return said | {f"fixed-{path}": text for path, text in mapping.fixed.items()}

    def _add(
        self, name: str, label: str, choices: Sequence[Any], *, is_needed: bool = True
    ) -> None:
        self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=is_needed)

    def _refuse_twice(self, given: MappingOf[str, Any]) -> None:
        seen: dict[str, str] = {}
        for index, name in enumerate(self.header):
            path = given.get(f"column-{index}")
            if path and path in seen:
                self.add_error(
                    f"column-{index}", ValidationError(f"“{seen[path]}” has this meaning already.")
                )
            elif path:
                seen[path] = name


def attach_refusal(form: MappingForm, refused: Refused) -> None:
    """Put a refusal at the sign that it concerns, or above the form."""
    form.add_error(refused.field if refused.field in form.fields else None, refused.detail)


def _named(delimiters: MappingOf[str, str]) -> Sequence[tuple[str, str]]:
    return [(sign, name) for sign, name in delimiters.items()]


def _choices(known: MappingOf[str, Field]) -> list[Any]:
    """The fields in groups: of the document, of the other side, of a line."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for path, each in known.items():
        groups.setdefault(_group(path, each), []).append((path, each.label))
    return [_LEFT_OUT, *groups.items()]


def _group(path: str, each: Field) -> str:
    if each.of_line:
        return "On each line"
    first, dot, _ = path.partition(".")
    if not dot or first == "terms":
        return "Document"
    return {
        "party": each.label.partition(" ")[0],
        "bill_to": "Bill To",
        "ship_to": "Ship To",
        "totals": "Totals",
        "contact": "Contacts",
        "our_contact": "Contacts",
    }.get(first, "Other")


def _fixable(mapping: Mapping, known: MappingOf[str, Field]) -> list[str]:
    """What is needed and has no column, and what was fixed before."""
    wanted = [*mapping.missing(), *_USUALLY_FIXED, *mapping.fixed]
    given = mapping.columns.values()
    return [
        path
        for path in dict.fromkeys(wanted)
        if path in known and path not in given and path not in _NEVER_FIXED
    ]
