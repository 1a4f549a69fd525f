"""The e-invoice of a kept document, for people and programs to look at before it goes out."""

from __future__ import annotations

from dataclasses import dataclass

from outtray.documents.einvoice.forms import Syntax, syntaxes_of
from outtray.documents.einvoice.make import EInvoice, e_invoice_of, written
from outtray.documents.einvoice.says import Said, said_of
from outtray.documents.einvoice.sentences import EInvoiceProblem
from outtray.documents.einvoice.settled import EInvoices
from outtray.documents.einvoice.wishes import EInvoiceWish, Form
from outtray.documents.facts import paper_of
from outtray.documents.files import XML_TYPE, DocumentFile, xml_name
from outtray.documents.kinds.registry import KINDS
from outtray.documents.models import Document
from outtray.documents.pdf.typesetting import filename_of


@dataclass(frozen=True, slots=True)
class EInvoiceReport:
    """What is settled for a document, what is made of it, and what that says.

    Where nothing is settled, what could be made is made only if somebody wants to see it.
    """

    wish: EInvoiceWish
    made: tuple[EInvoice, ...]
    said: tuple[Said, ...]

    @property
    def is_settled(self) -> bool:
        return self.wish.form != Form.NONE

    @property
    def is_held(self) -> bool:
        """True if the document cannot be sent before it is put right."""
        return self.is_settled and self.wish.when_wrong == "hold" and bool(self.problems)

    @property
    def problems(self) -> tuple[EInvoiceProblem, ...]:
        """Each once: most rules are broken in both syntaxes or in neither."""
        return tuple(dict.fromkeys(problem for each in self.made for problem in each.problems))


def report_on(document: Document, *, unsettled_too: bool = False) -> EInvoiceReport | None:
    """The report on what would go out now; None where the kind has no XML. Raises Refused.

    With `unsettled_too`, what is settled as a PDF alone is checked as if it were not.
    """
    kind = KINDS[document.kind]
    syntaxes = syntaxes_of(kind)
    if not syntaxes:
        return None
    wish = EInvoices.of(document.company).wish_for(document.kind)
    wanted = [syntax for syntax in syntaxes if syntax in wish.form.syntaxes]
    if unsettled_too and not wanted:
        wanted = [syntaxes[0]]
    paper = paper_of(document)
    made = tuple(e_invoice_of(kind, paper, syntax, wish.facts) for syntax in wanted)
    return EInvoiceReport(wish, made, said_of(kind, paper, wish.facts))


def xml_of(document: Document, syntax: Syntax) -> DocumentFile | None:
    """The XML as it would go out now, right or wrong; None where the kind has no such."""
    kind, paper = KINDS[document.kind], paper_of(document)
    if syntax not in syntaxes_of(kind):
        return None
    facts = EInvoices.of(document.company).facts
    name = xml_name(filename_of(paper))
    return DocumentFile(name, XML_TYPE, written(kind, paper, syntax, facts))
