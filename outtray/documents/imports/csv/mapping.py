"""What a person settled of a kind of file: the meaning of its columns, and how it is written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from outtray.documents.imports.csv.dialect import DELIMITERS, ENCODINGS
from outtray.documents.imports.csv.fields import fields_of
from outtray.documents.imports.csv.values import DATE_ORDERS, DECIMALS
from outtray.documents.kinds.registry import KINDS
from outtray.documents.problems import shown
from outtray.lib.errors import Refused

_MOST_FIXED = 200


@dataclass(frozen=True, slots=True)
class Mapping:
    """Columns by their names to the paths of fields, and values that no column has.

    `decimal`, `dates` and the others are empty where they are still to be found out.
    """

    kind: str
    columns: MappingOf[str, str]
    fixed: MappingOf[str, str] = field(default_factory=dict)
    encoding: str = ""
    delimiter: str = ""
    decimal: str = ""
    dates: str = ""

    @classmethod
    def from_json(cls, given: object) -> Mapping:
        """From an object with these fields. Raises Refused with what is wrong with it."""
        if not isinstance(given, dict):
            raise Refused("wrong_mapping", "The mapping must be an object with fields.")
        unknown = set(given) - set(cls.__slots__)
        if unknown:
            raise Refused(
                "wrong_mapping", f"The mapping has no field “{shown(str(min(unknown)))}”."
            )
        made = cls(
            kind=_text(given, "kind"),
            columns=_texts(given, "columns"),
            fixed=_texts(given, "fixed"),
            encoding=_text(given, "encoding"),
            delimiter=_text(given, "delimiter"),
            decimal=_text(given, "decimal"),
            dates=_text(given, "dates"),
        )
        made.check()
        return made

    @classmethod
    def from_text(cls, text: str) -> Mapping:
        """From a JSON object. Raises Refused with what is wrong with it."""
        try:
            given = json.loads(text)
        except (ValueError, RecursionError) as wrong:
            raise Refused("wrong_mapping", "The mapping is not JSON.") from wrong
        return cls.from_json(given)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def check(self) -> None:
        """Raises Refused for what can never be right, with the field that it concerns."""
        if self.kind not in KINDS:
            raise Refused("wrong_mapping", f"There is no kind “{shown(self.kind)}”.", field="kind")
        for name, given, known in (
            ("encoding", self.encoding, ENCODINGS),
            ("delimiter", self.delimiter, DELIMITERS),
            ("decimal", self.decimal, DECIMALS),
            ("dates", self.dates, DATE_ORDERS),
        ):
            if given and given not in known:
                raise Refused(
                    "wrong_mapping", f"The {name} “{shown(given)}” is not known.", field=name
                )
        fields = fields_of(self.kind)
        for path in (*self.columns.values(), *self.fixed):
            if path not in fields:
                raise Refused(
                    "wrong_mapping",
                    f"{KINDS[self.kind].plural('en')} have no field “{shown(path)}”.",
                    field="columns",
                )
        _refuse_twice(list(self.columns.values()))

    def missing(self) -> list[str]:
        """The fields that every such document needs, and neither a column nor a value gives."""
        given = {*self.columns.values(), *self.fixed}
        return [
            path
            for path, each in fields_of(self.kind).items()
            if each.is_needed and path not in given and path not in _COMPLETED
        ]

    def filled_from(self, other: Mapping) -> Mapping:
        """The same with what it leaves open taken from the other."""
        return replace(
            self,
            encoding=self.encoding or other.encoding,
            delimiter=self.delimiter or other.delimiter,
            decimal=self.decimal or other.decimal,
            dates=self.dates or other.dates,
        )


_COMPLETED = frozenset({"language", "issuer.name"})  # by the company's own settings


def header_key(header: Sequence[str], *, sort: str = "") -> str:
    """What files of one sort have in common: the names of their columns, in their order."""
    return hashlib.sha256("\x1f".join((*([sort] if sort else []), *header)).encode()).hexdigest()


def _refuse_twice(paths: Sequence[str]) -> None:
    twice = sorted({path for path in paths if paths.count(path) > 1})
    if twice:
        raise Refused(
            "wrong_mapping", f"Two columns are to be the field “{twice[0]}”.", field="columns"
        )


def _text(given: MappingOf[str, object], name: str) -> str:
    value = given.get(name, "")
    if not isinstance(value, str) or len(value) > _MOST_FIXED:
        raise Refused("wrong_mapping", f"The field “{name}” of the mapping must be a short text.")
    return value


def _texts(given: MappingOf[str, object], name: str) -> dict[str, str]:
    value = given.get(name, {})
    if not isinstance(value, dict) or not all(
        isinstance(each, str) and len(each) <= _MOST_FIXED
        for pair in value.items()
        for each in pair
    ):
        raise Refused(
            "wrong_mapping", f"The field “{name}” of the mapping must hold short texts by name."
        )
    return dict(value)
