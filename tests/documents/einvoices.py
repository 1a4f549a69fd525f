"""E-invoices of papers as an ERP hands them over, and their XML as others read it."""

from __future__ import annotations

from typing import Any

from lxml import etree

from outtray.documents.checking import check
from outtray.documents.einvoice.facts import NO_FACTS, CompanyFacts
from outtray.documents.einvoice.forms import Syntax, syntaxes_of
from outtray.documents.einvoice.make import EInvoice, e_invoice_of
from outtray.documents.kinds.registry import KINDS
from tests.documents.builders import Raw, company

NAMES = {
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}


def e_invoice(
    document: Raw, syntax: Syntax = Syntax.CII, facts: CompanyFacts = NO_FACTS
) -> EInvoice:
    """The document as XML, checked. It must be one that we would keep."""
    paper, found = check(document, company())
    assert paper, found
    return e_invoice_of(KINDS[paper.kind], paper, syntax, facts)


def both(document: Raw, facts: CompanyFacts = NO_FACTS) -> list[EInvoice]:
    """In every syntax that its kind has."""
    kind = KINDS[str(document["kind"])]
    return [e_invoice(document, syntax, facts) for syntax in syntaxes_of(kind)]


def rules_of(made: EInvoice) -> list[str]:
    return sorted({problem.rule for problem in made.problems})


def texts(made: EInvoice, path: str) -> list[str]:
    """What stands in the elements on this XPath."""
    root: Any = etree.fromstring(made.content)
    return [element.text for element in root.xpath(path, namespaces=NAMES)]
