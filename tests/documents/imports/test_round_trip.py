"""What goes out as XML comes in again as the same document, sum by sum."""

from __future__ import annotations

from typing import Any

import pytest

from outtray.documents.checking import check
from outtray.documents.einvoice.facts import CompanyFacts
from outtray.documents.einvoice.forms import Syntax
from outtray.documents.einvoice.make import written
from outtray.documents.importing import File
from outtray.documents.imports.reading import read
from outtray.documents.imports.xml.pdf import invoice_in
from outtray.documents.kinds.registry import KINDS
from outtray.documents.pdf.render import EmbeddedFile, look_of, typeset_paper
from outtray.documents.samples.further import all_samples
from outtray.documents.schema.paper import Paper
from outtray.people.models import Company
from tests.documents.builders import ON, company, document_of, raw

READ = (
    "sales_order",
    "order_confirmation",
    "purchase_order",
    "invoice",
    "item_receipt",
    "payment_reminder",
    "credit_memo",
)
WAYS = [(kind, Syntax.UBL) for kind in READ] + [
    (kind, Syntax.CII) for kind in ("invoice", "credit_memo")
]


@pytest.mark.parametrize(("kind", "syntax"), WAYS)
def test_what_is_written_is_read_again(kind: str, syntax: Syntax) -> None:
    owner = company()
    paper = _paper(kind, owner)

    xml = written(KINDS[kind], paper, syntax, CompanyFacts(zero_category="E", zero_reason="Free"))
    (entry,) = read(File(xml), owner, most_bytes=10**7).entries
    again, problems = check(entry.raw, owner)

    assert (entry.problems, problems) == ((), [])
    assert again
    assert _said(again) == _said(paper)


@pytest.mark.django_db
def test_what_is_sent_as_factur_x_is_read_out_of_its_pdf_again() -> None:
    owner = company()
    paper = _paper("invoice", owner)
    xml = written(KINDS["invoice"], paper, Syntax.CII, CompanyFacts())

    pdf = typeset_paper(
        "invoice",
        paper.model_dump(mode="json"),
        look_of(document_of(raw("invoice"))),
        attach=EmbeddedFile("factur-x.xml", xml.decode(), description="Invoice"),
        standard="a-3b",
    )

    assert invoice_in(pdf.content) == xml


def _paper(kind: str, owner: Company) -> Paper:
    sample = next(each for each in all_samples(ON) if each["kind"] == kind)
    paper, problems = check(sample, owner)
    assert paper, problems
    return paper


def _said(paper: Paper) -> dict[str, Any]:
    """What XML can say of a document, without what it has no place for."""
    data = paper.model_dump(mode="json")
    rows = data.get("lines") or data["invoices"]
    for row in rows:
        for name in ("unit", "unit_code", "position", "tax_category", "total", "days_overdue"):
            row.pop(name, None)
    head = ("kind", "number", "date", "due_date", "currency", "delivery_date", "level", "fee")
    return {
        **{name: data.get(name) for name in head},
        "rows": rows,
        "total": str(paper.total),
        "party": (data["party"]["number"], data["party"]["name"]),
        "totals": data.get("totals"),
    }
