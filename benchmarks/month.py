"""The invoices of a month: 1 to 40 lines, 10 on average, for 1,500 customers."""

from __future__ import annotations

import random
from datetime import date

from outtray.documents.samples.samples import sample_documents

ON = date(2026, 11, 23)
CUSTOMERS = 1_500
MOST_LINES = 40
_DECAY = 1 / 9.8  # with at least one line, and at most 40, this makes 10 on average

Paper = dict[str, object]


def invoices(count: int, *, seed: int = 1) -> list[Paper]:
    """So many, each unlike all others, as a business system hands them over."""
    chance = random.Random(seed)
    sample = next(each for each in sample_documents(ON) if each["kind"] == "invoice")
    common = {name: value for name, value in sample.items() if name not in {"taxes", "totals"}}
    return [{**common, **_own(number, chance)} for number in range(count)]


def _own(number: int, chance: random.Random) -> Paper:
    lines = min(MOST_LINES, 1 + int(chance.expovariate(_DECAY)))
    return {
        "number": f"RE-2026-{number:05}",
        "party": _customer(number % CUSTOMERS),
        "contact": None,
        "use_contact_email": False,
        "bill_to": {},
        "ship_to": {},
        "lines": [_line(number, position, chance) for position in range(lines)],
    }


def _customer(number: int) -> Paper:
    return {
        "number": f"K{number:05}",
        "name": f"Möbelhaus {number} GmbH",
        "address": {
            "street": f"Große Straße {number}",
            "postcode": "49074",
            "city": "Osnabrück",
            "country": "DE",
        },
        "emails": {"main": f"buchhaltung{number}@kunde.example"},
    }


def _line(number: int, position: int, chance: random.Random) -> Paper:
    return {
        "item": f"LA-{position:04}",
        "description": f"Pendant lamp {number}-{position}",
        "quantity": str(chance.randint(1, 20)),
        "unit": "pcs",
        "unit_price": f"{chance.randint(1, 900)}.{chance.randint(0, 99):02}",
        "tax_rate": "19",
    }
