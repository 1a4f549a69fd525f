"""What `/metrics` tells: every counter, histogram and gauge of our own."""

from __future__ import annotations

from collections.abc import Iterator

from outtray.delivery import meters
from outtray.ops.gauges import GAUGES
from outtray.ops.metrics import BUILD_HELP

Row = tuple[str, str, str, str]


def page() -> str:
    parts = [
        "# Metrics",
        "`GET /metrics` answers in Prometheus's text format. Nothing in it names a company, a "
        "mailbox or an address. How to ask for it, and what to watch: [monitor](../how-to/"
        "monitor.md).",
        "## Counted by each process",
        "They begin at zero with the process. Sum them over all processes that deliver.",
        _table([*_counted(), ("outtray_build_info", "gauge", "version, python", BUILD_HELP)]),
        "Besides these the library tells what the process uses (`process_*`): memory, "
        "processor time, open files.",
        "## Read from the tables",
        "`serve` answers these for the whole installation; take the newest, never the sum.",
        _table([(gauge.name, "gauge", gauge.label, gauge.help) for gauge in GAUGES]),
    ]
    return "\n\n".join(parts)


def _counted() -> Iterator[Row]:
    for meter in meters.METERS:
        (family,) = meter.describe()
        name = f"{family.name}_total" if family.type == "counter" else family.name
        yield name, family.type, ", ".join(meter._labelnames), family.documentation


def _table(rows: list[Row]) -> str:
    head: Row = ("Name", "Type", "Labels", "Meaning")
    told = [(f"`{name}`", kind, labels, text) for name, kind, labels, text in rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, ("---",) * 4, *told])
