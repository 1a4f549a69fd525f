"""How long an invoice takes, warm, another invoice each time.

    python -m benchmarks.typst_invoice [--count 100] [--lines 30]

Prints JSON. `prepare` is all of ours before Typst, `typst` the typesetting alone.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from outtray.config import env

if TYPE_CHECKING:
    from outtray.people.models import Company

ON = date(2026, 11, 23)
WARM_UP = 5


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--count", type=int, default=100)
    arguments.add_argument("--lines", type=int, default=30)
    asked = arguments.parse_args()
    set_up()
    print(json.dumps(_measured(asked.count, asked.lines), indent=2))


def set_up() -> None:
    """Django, with a data folder of its own."""
    import django

    env.set_default("DJANGO_SETTINGS_MODULE", "outtray.config.settings")
    env.set_default("OUTTRAY_DATA", tempfile.mkdtemp(prefix="outtray-bench-"))
    django.setup()


def _measured(count: int, lines: int) -> dict[str, object]:
    from outtray.documents.looks import Looks
    from outtray.documents.pdf.compiler import typeset_document
    from outtray.documents.pdf.typesetting import look_data, prepare, typeset_paper

    look = Looks(company(), {}).standard
    pdf = typeset_paper("invoice", invoice_data(0, lines), look)
    preparing, typesetting = [], []
    for number in range(1, count + WARM_UP + 1):
        invoice = invoice_data(number, lines)
        started = time.perf_counter()
        _, data, dated = prepare("invoice", invoice, look)
        prepared = time.perf_counter()
        typeset_document(data, look_data(look), at=dated)
        preparing.append(prepared - started)
        typesetting.append(time.perf_counter() - prepared)
    return {
        "benchmark": "typst_invoice",
        "lines": lines,
        "pages": pdf.pages,
        "kilobytes": len(pdf.content) // 1024,
        "prepare_milliseconds": _summary(preparing[WARM_UP:]),
        "typst_milliseconds": _summary(typesetting[WARM_UP:]),
    }


def _summary(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(second * 1000 for second in seconds)
    return {
        "median": round(statistics.median(ordered), 1),
        "p95": round(ordered[int(len(ordered) * 0.95)], 1),
        "fastest": round(ordered[0], 1),
    }


def invoice_data(number: int, lines: int) -> dict[str, object]:
    """An invoice of so many lines, half of them with an item number and details.

    It is unlike all others, its customer included.
    """
    from outtray.documents.checking import check
    from outtray.documents.samples.cast import AHRENS
    from outtray.documents.samples.samples import sample_documents

    raw = next(each for each in sample_documents(ON) if each["kind"] == "invoice")
    raw["party"] = {**AHRENS, "number": str(10_000 + number), "name": f"Möbelhaus Ahrens {number}"}
    raw.update(number=f"RE-2026-{number:05d}", lines=[_line(number, line) for line in range(lines)])
    del raw["taxes"], raw["totals"]
    paper, problems = check(raw, company())
    assert paper, problems
    return paper.model_dump(mode="json")


def company() -> Company:
    """The sample company with its logo, unsaved."""
    from django.conf import settings

    from outtray.documents.samples.cast import COMPANY, sample_logo
    from outtray.people.models import Company

    logo = settings.BLOBS.put(sample_logo())
    return Company(**COMPANY, logo=logo, logo_format="svg")


def _line(number: int, line: int) -> dict[str, object]:
    return {
        "item": f"LND-{number:03d}-{line:02d}" if line % 2 else "",
        "description": f"Stehleuchte „Sylt {number}“, Esche hell, {line + 3} W",
        "details": "Höhe 152 cm, Dimmer am Fuß" if line % 2 else "",
        "quantity": str(1 + (number + line) % 20),
        "unit": "Stk.",
        "unit_price": str(Decimal((number * 37 + line * 411) % 40_000 + 100) / 100),
        "discount_percent": "5" if line % 7 == 0 else "0",
        "tax_rate": "7" if line % 5 == 0 else "19",
    }


if __name__ == "__main__":
    main()
