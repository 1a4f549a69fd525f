"""The discount on a line, as an amount beside the percentage."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from outtray.documents.schema.amounts import rounded, times
from outtray.documents.schema.priced import PricedLine


@dataclass(frozen=True, slots=True)
class Discount:
    """A discount on a line (BG-27): so many percent of the base."""

    amount: Decimal
    base: Decimal
    percent: Decimal


def discount_of(line: PricedLine, currency: str) -> Discount | None:
    """The base is rounded like a total, so that base less discount is the total exactly."""
    if not line.discount_percent:
        return None
    base = rounded(times(line.quantity, line.unit_price), currency)
    total = line.expected_total(currency)
    return Discount(amount=base - total, base=base, percent=line.discount_percent)
