"""Which columns of a kind's table a layout can leave out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from outtray.documents.kinds.base import ITEM_PARTS, Kind, Style
from outtray.documents.wording import shared_words


def columns_of(kind: Kind) -> Iterator[tuple[str, str]]:
    """Their names and labels."""
    words = {**shared_words("en"), **kind.words["en"]}
    row = kind.schema.model_fields[kind.rows].annotation
    for column in kind.columns:
        if column.free:
            yield column.name, words[f"column.{column.name}"]
        if column.style == Style.ITEM:
            known = _fields_of(row)
            yield from ((part, words[f"column.{part}"]) for part in ITEM_PARTS if part in known)


def _fields_of(rows: Any) -> set[str]:
    """The fields of the parts that a tuple holds."""
    return set(rows.__args__[0].model_fields)
