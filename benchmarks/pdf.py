"""PDFs per second and peak memory, beside two engines that set HTML, on the same documents.

    python -m benchmarks.pdf [--count 60]

Prints JSON: `{outtray, weasyprint, wkhtmltopdf: {per_second, peak_mb}}`. Invoices of 1 to 40
lines, 10 on average, no two alike, with logo, taxes, payment code and footer. Each engine works
alone in a process of its own, warm, with one thread at a time, and begins with a document's
data: checking it and writing its numbers are part of the time. The HTML (`pdf_html.py`) says the
same as our pages. wkhtmltopdf has no other way than a process for each document; where it is not
installed (Debian: apt-get install wkhtmltopdf), its numbers are null and a line says so.
"""

from __future__ import annotations

import argparse
import json
import pickle
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from benchmarks.typst_invoice import company, invoice_data, set_up
from outtray.documents.pdf.look import Look

ENGINES = ("outtray", "weasyprint", "wkhtmltopdf")
WARM_UP = 3
# 10 on average, as a trading company's invoices: most are short, a few are long.
LINES = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 14, 40)

_MARGINS = ("-T", "27mm", "-B", "33mm", "-L", "25mm", "-R", "20mm")

Data = dict[str, object]


@dataclass(frozen=True, slots=True)
class Work:
    """What all engines are given."""

    documents: tuple[Data, ...]
    look: Look


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--count", type=int, default=60)
    arguments.add_argument("--engine", choices=ENGINES)
    arguments.add_argument("--work", type=Path)
    asked = arguments.parse_args()
    if asked.engine:
        # Written by this very run, just before.
        print(json.dumps(_measured(asked.engine, pickle.loads(asked.work.read_bytes()))))
        return
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) / "work"
        work.write_bytes(pickle.dumps(_work(asked.count)))
        print(json.dumps({engine: _asked(engine, work) for engine in ENGINES}, indent=2))


def _work(count: int) -> Work:
    set_up()
    from outtray.documents.looks import Looks

    wanted = (LINES[number % len(LINES)] for number in range(count + WARM_UP))
    documents = tuple(invoice_data(number, lines) for number, lines in enumerate(wanted))
    return Work(documents, Looks(company(), {}).standard)


def _asked(engine: str, work: Path) -> dict[str, float | None]:
    if engine == "wkhtmltopdf" and not shutil.which(engine):
        print("wkhtmltopdf is not installed: apt-get install wkhtmltopdf", file=sys.stderr)
        return {"per_second": None, "peak_mb": None}
    command = [sys.executable, "-m", "benchmarks.pdf", "--engine", engine, "--work", str(work)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return cast("dict[str, float | None]", json.loads(done.stdout))


def _measured(engine: str, work: Work) -> dict[str, float]:
    make = {"outtray": _outtray, "weasyprint": _weasyprint, "wkhtmltopdf": _wkhtmltopdf}[engine]
    one = make(work.look)
    for data in work.documents[:WARM_UP]:
        one(data)
    return {"per_second": _per_second(one, work.documents[WARM_UP:]), "peak_mb": _peak(engine)}


def _per_second(one: Callable[[Data], bytes], documents: Sequence[Data]) -> float:
    started = time.perf_counter()
    for data in documents:
        assert one(data).startswith(b"%PDF-")
    return round(len(documents) / (time.perf_counter() - started), 2)


def _peak(engine: str) -> float:
    """Of the process that sets the pages: for wkhtmltopdf its largest one."""
    whose = resource.RUSAGE_CHILDREN if engine == "wkhtmltopdf" else resource.RUSAGE_SELF
    return round(resource.getrusage(whose).ru_maxrss / 1024, 1)


def _outtray(look: Look) -> Callable[[Data], bytes]:
    from outtray.documents.pdf.typesetting import typeset_paper

    return lambda data: typeset_paper("invoice", data, look).content


def _weasyprint(look: Look) -> Callable[[Data], bytes]:
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    from benchmarks.pdf_html import html_of, style_of

    fonts = FontConfiguration()
    style = CSS(string=style_of(look), font_config=fonts)

    def one(data: Data) -> bytes:
        page = HTML(string=html_of(data, look))
        return cast("bytes", page.write_pdf(stylesheets=[style], font_config=fonts))

    return one


def _wkhtmltopdf(look: Look) -> Callable[[Data], bytes]:
    from benchmarks.pdf_html import html_of, style_of

    command = ["wkhtmltopdf", "--quiet", "--enable-local-file-access", *_MARGINS, "-", "-"]
    style = f"<style>{style_of(look)}</style>"

    def one(data: Data) -> bytes:
        html = (style + html_of(data, look)).encode()
        return subprocess.run(command, input=html, check=True, capture_output=True).stdout

    return one


if __name__ == "__main__":
    main()
