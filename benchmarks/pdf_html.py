"""The pages of `benchmarks.pdf` as HTML, as one would write them for an engine that sets it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from outtray.documents.glyphs import FONTS
from outtray.documents.kinds.registry import KINDS
from outtray.documents.pdf.look import Look
from outtray.documents.pdf.page import page_of

_WEIGHTS = {"Regular": 400, "SemiBold": 600}
_STYLE = """
@page { size: A4; margin: 27mm 20mm 33mm 25mm;
  @bottom-left { content: element(foot) }
  @bottom-right { content: "Seite " counter(page) " von " counter(pages); font: 7pt Inter } }
body { font: 9.5pt/1.35 Inter, sans-serif; color: #1b2430; margin: 0 }
.logo { height: 14mm; margin-top: -13mm }
.head { width: 100%; margin-top: 12mm } .head td { vertical-align: top }
.from { font-size: 6.8pt } .soft, .from, dt { color: #5d6875 }
h1 { font-size: 19pt; font-weight: 600; margin: 8mm 0 5mm }
.lines { width: 100%; border-collapse: collapse; font-size: 9pt }
.lines th { color: ACCENT; font-size: 7.8pt; border-bottom: 0.9pt solid ACCENT; text-align: left }
.lines td, .lines th { padding: 1.8mm 1.9mm; vertical-align: top }
.lines td { border-bottom: 0.4pt solid #dde2e8 }
.lines tr { page-break-inside: avoid } .lines thead { display: table-header-group }
.lines .right { text-align: right; white-space: nowrap }
.sums { width: 85mm; margin: 2.5mm 0 0 auto } .sums .amount { text-align: right }
.strong { font-size: 11.5pt; font-weight: 600 } .strong td { border-top: 0.9pt solid ACCENT }
.panel { background: #eef3f5; padding: 4mm 5mm; margin-top: 6mm; page-break-inside: avoid }
.panel .qr { float: right } .panel .qr svg { width: 25mm; height: 25mm }
.foot { position: running(foot); font-size: 7pt; width: 100%; color: #5d6875 }
"""


def style_of(look: Look) -> str:
    """The stylesheet, with our own fonts."""
    faces = "".join(
        f'@font-face {{ font-family: Inter; font-weight: {weight}; src: url("{path.as_uri()}") }}'
        for name, weight in _WEIGHTS.items()
        for path in [FONTS / f"Inter-{name}.ttf"]
    )
    return faces + _STYLE.replace("ACCENT", look.colour)


def html_of(data: dict[str, object], look: Look) -> str:
    """The document as HTML: the same words as on our page."""
    kind = KINDS["invoice"]
    page: Any = page_of(kind, kind.schema.model_validate(data), look)
    assert look.logo
    return (
        f"<!doctype html><html lang={page['language']}><meta charset=utf-8>"
        f"<title>{escape(page['title'])}</title><body>"
        f"<div class=logo>{_scaled(look.logo.svg, 'height=53')}</div>"
        f"<div class=foot>{_table([[_lines(column) for column in page['footer']]])}</div>"
        f"<table class=head><tr><td width=60%><div class=from>{escape(page['return_line'])}</div>"
        f"{_lines(page['recipient'])}<td>{_pairs(page['facts'])}</table>"
        f"<h1>{escape(page['heading'])} <span class=soft>{escape(page['number'])}</span></h1>"
        f"<p>{escape(page['intro'])}</p>{_rows(page)}{_sums(page)}{_panel(page)}"
        f"<p>{escape(page['closing'])}</p></body></html>"
    )


def _rows(page: Any) -> str:
    classes = ["right" if column["right"] else "" for column in page["columns"]]
    heads = zip(classes, (column["label"] for column in page["columns"]), strict=True)
    head = "".join(f'<th class="{name}">{escape(label)}' for name, label in heads)
    body = "".join(
        "<tr>" + "".join(f'<td class="{name}">{_cell(cell)}' for name, cell in cells)
        for cells in (zip(classes, row, strict=True) for row in page["rows"])
    )
    return f"<table class=lines><thead><tr>{head}</thead><tbody>{body}</tbody></table>"


def _cell(cell: str | dict[str, Any]) -> str:
    if isinstance(cell, str):
        return escape(cell)
    return f"{escape(cell['name'])}<div class=soft>{_lines(cell['details'])}</div>"


def _sums(page: Any) -> str:
    rows = "".join(
        f"<tr class={'strong' if each['strong'] else 'plain'}><td>{escape(each['label'])}"
        f"<td class=amount>{escape(each['amount'])}"
        for each in page["sums"]
    )
    return f"<table class=sums>{rows}</table>"


def _panel(page: Any) -> str:
    payment = page["payment"]
    return (
        f"<div class=panel><div class=qr>{page['qr']}<div>{escape(payment['scan'])}</div></div>"
        f"<b>{escape(payment['sentence'])}</b><p>{escape(payment['terms'])}</p>"
        f"{_pairs(payment['details'])}</div>"
    )


def _pairs(pairs: Sequence[Sequence[str]]) -> str:
    return _table([[f"<span class=soft>{escape(a)}</span>", escape(b)] for a, b in pairs])


def _table(rows: Sequence[Sequence[str]]) -> str:
    return (
        "<table>" + "".join(f"<tr>{''.join(f'<td>{c}' for c in row)}" for row in rows) + "</table>"
    )


def _lines(lines: Sequence[str]) -> str:
    return "<br>".join(escape(line) for line in lines)


def _scaled(svg: str, size: str) -> str:
    return svg.replace("<svg", f"<svg {size}", 1) if " height=" not in svg[:300] else svg
