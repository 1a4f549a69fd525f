"""The form in which a person settles what the columns of a table of parties mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from outtray.documents.imports.csv.mapping import header_key
from outtray.documents.party_columns import COLUMNS, recognised, remembered_columns
from outtray.documents.party_history import LABELS
from outtray.people.models import Company
from outtray.web.import_mapping import ColumnRow

_LEFT_OUT = ("", "Left out")
_PREFIXES = {"bill_to_": "Bill To", "ship_to_": "Ship To", "contact_": "Contact"}


class ColumnsForm(forms.Form):
    """A meaning for each column of a table. `is_settled`: somebody chose them before."""

    def __init__(
        self, rows: Sequence[Sequence[str]], company: Company, role: str, data: Mapping[str, Any]
    ) -> None:
        self.header, self._cells = tuple(rows[0]), rows[1:]
        kept = remembered_columns(company, self.header)
        known = recognised(self.header, role) if kept is None else kept
        names = {f"column-{index}": known.get(name, "") for index, name in enumerate(self.header)}
        # What was chosen for the columns of another table means nothing for this one.
        is_about_this = data.get("header") == self.digest
        super().__init__(data if is_about_this else None, initial=names)
        self.is_settled = is_about_this or kept is not None
        for index, name in enumerate(self.header):
            self.fields[f"column-{index}"] = forms.ChoiceField(
                label=f"Meaning of {name}", choices=_CHOICES, required=False
            )

    @property
    def digest(self) -> str:
        """Tells this header from others."""
        return header_key(self.header)

    @property
    def columns(self) -> list[ColumnRow]:
        return [
            ColumnRow(
                name,
                list(dict.fromkeys(row[index] for row in self._cells if index < len(row))),
                self[f"column-{index}"],
            )
            for index, name in enumerate(self.header)
        ]

    @property
    def chosen(self) -> dict[str, str] | None:
        """Heading to column, if somebody chose them here."""
        if not self.is_bound or not self.is_valid():
            return None
        names = ((name, self.cleaned_data[f"column-{i}"]) for i, name in enumerate(self.header))
        return {name: column for name, column in names if column}


def _label(column: str) -> str:
    if column in LABELS:
        return LABELS[column]
    prefix = next((each for each in _PREFIXES if column.startswith(each)), "")
    rest = column.removeprefix(prefix).replace("_", " ")
    return f"{_PREFIXES[prefix]} {rest}" if prefix else rest.capitalize()


_CHOICES = [_LEFT_OUT, *((column, _label(column)) for column in COLUMNS)]
