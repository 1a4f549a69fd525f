"""Makes the XML of a document and says what is wrong with it."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass

from outtray.documents.einvoice.cii import write_cii
from outtray.documents.einvoice.facts import CompanyFacts
from outtray.documents.einvoice.forms import Syntax, checks_for
from outtray.documents.einvoice.sentences import EInvoiceProblem
from outtray.documents.einvoice.terms import terms_of
from outtray.documents.einvoice.ubl.registry import WRITERS
from outtray.documents.kinds.base import Kind
from outtray.documents.schema.paper import Paper
from outtray.documents.schema.priced import PricedPaper
from outtray.lib.errors import Refused


@dataclass(frozen=True, slots=True)
class EInvoice:
    """A document as XML, and the rules that it breaks. Whether it goes out is not its to say."""

    syntax: Syntax
    content: bytes
    problems: tuple[EInvoiceProblem, ...]


def e_invoice_of(kind: Kind, paper: Paper, syntax: Syntax, facts: CompanyFacts) -> EInvoice:
    """The complete paper in this syntax, checked. Raises Refused where nothing can check it."""
    require_installed()
    from outtray.documents.einvoice.check import check

    assert kind.xml, "the caller asks what a kind can be written as"
    content = written(kind, paper, syntax, facts)
    return EInvoice(syntax, content, check(content, checks_for(kind.xml, syntax)))


def written(kind: Kind, paper: Paper, syntax: Syntax, facts: CompanyFacts) -> bytes:
    """The XML, unchecked."""
    assert kind.xml, "the caller asks what a kind can be written as"
    if syntax == Syntax.UBL:
        return WRITERS[kind.xml.ubl](kind, paper, facts)
    assert isinstance(paper, PricedPaper), "only what has prices can be an invoice"
    return write_cii(terms_of(paper, kind.xml.invoice_type, facts))


def require_installed() -> None:
    """Raises Refused where the extra `einvoice` is not there."""
    if not all(importlib.util.find_spec(name) for name in ("lxml", "saxonche")):
        raise Refused(
            "einvoice_missing",
            "This installation lacks what checks e-invoices. "
            "Whoever runs it installs “outtray[einvoice]”.",
        )
