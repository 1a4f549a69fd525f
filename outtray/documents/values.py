"""Reads the values that a kind declares out of a paper, and writes them in its language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from outtray.documents.kinds.base import Fact, Kind, Style
from outtray.documents.schema.paper import Paper
from outtray.documents.wording import Wording
from outtray.documents.writing import Writer


@dataclass(frozen=True, slots=True)
class Values:
    """A paper with the words and the writer of its language."""

    paper: Paper
    wording: Wording
    writer: Writer

    @classmethod
    def of(cls, kind: Kind, paper: Paper) -> Values:
        return cls(paper, Wording(kind, paper), Writer(paper))


def written_fact(fact: Fact, values: Values) -> str:
    """The fact as it stands on the paper; empty where the paper leaves it open."""
    value: object = values.paper
    for step in fact.path.split("."):
        value = getattr(value, step, None)
    return written(value, fact.style, values.writer)


def written(value: object, style: Style, writer: Writer) -> str:
    """A value in the given style; nothing is an empty text."""
    if value is None or value == "":
        return ""
    if isinstance(value, date):
        return writer.date(value)
    if isinstance(value, Decimal | int):
        return _written_number(value, style, writer)
    return str(value)


def _written_number(value: Decimal | int, style: Style, writer: Writer) -> str:
    value = Decimal(value)
    match style:
        case Style.PERCENT:
            return writer.percent(value)
        case Style.AMOUNT:
            return writer.amount(value)
        case Style.PRICE:
            return writer.price(value)
        case _:
            return writer.number(value)
