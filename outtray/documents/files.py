"""The files of a document as they are sent: its PDF, and its e-invoice where one is settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from outtray.documents.einvoice.factur_x import embedded, with_factur_x
from outtray.documents.einvoice.forms import Syntax, syntaxes_of
from outtray.documents.einvoice.make import EInvoice, e_invoice_of
from outtray.documents.einvoice.sentences import EInvoiceProblem, in_one_sentence
from outtray.documents.einvoice.settled import EInvoices
from outtray.documents.einvoice.wishes import EInvoiceWish, WhenWrong
from outtray.documents.kinds.registry import KINDS
from outtray.documents.models import Document
from outtray.documents.pdf.look import Look
from outtray.documents.pdf.render import look_of
from outtray.documents.pdf.typesetting import Pdf, typeset_paper
from outtray.documents.schema.known import known
from outtray.lib.errors import Refused

PDF_TYPE, XML_TYPE = "application/pdf", "application/xml"


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """One file, under the name that the recipient sees."""

    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class DocumentFiles:
    """The PDF first. `problems` are why an e-invoice that was wished is not among them."""

    files: tuple[DocumentFile, ...]
    problems: tuple[EInvoiceProblem, ...] = ()


def files_for(
    document: Document, *, look: Look | None = None, e_invoice: EInvoiceWish | None = None
) -> DocumentFiles:
    """What goes out of the document; the same document gives the same bytes.

    The e-invoice is as the company settled it for this kind, unless another is wished. Raises
    Refused: `einvoice_wrong` where one breaks a rule and the company wants it held, and what
    `render` raises.
    """
    wish = e_invoice or EInvoices.of(document.company).wish_for(document.kind)
    return files_of_paper(document.kind, document.data, look or look_of(document), wish)


def pdf_as_sent(document: Document, *, look: Look | None = None) -> DocumentFile:
    """The PDF that would go out now; one that is held because of its e-invoice, without that."""
    wish = EInvoices.of(document.company).wish_for(document.kind)
    shown = replace(wish, when_wrong=WhenWrong.SEND_WITHOUT)
    return files_for(document, look=look, e_invoice=shown).files[0]


def files_of_paper(
    kind_name: str, data: Mapping[str, object], look: Look, wish: EInvoiceWish
) -> DocumentFiles:
    """The same from plain values, for processes without a database."""
    made = _e_invoices(kind_name, data, wish)
    problems = tuple(problem for each in made for problem in each.problems)
    if problems and wish.when_wrong == WhenWrong.HOLD:
        raise Refused(
            "einvoice_wrong",
            f"The e-invoice of {data['number']} breaks a rule. {in_one_sentence(problems)}",
            problems=problems,
        )
    right = {each.syntax: each.content for each in made if not each.problems}
    pdf = _pdf(kind_name, data, look, right.get(Syntax.CII))
    files = [DocumentFile(pdf.filename, PDF_TYPE, pdf.content)]
    if Syntax.UBL in right:
        files.append(DocumentFile(xml_name(pdf.filename), XML_TYPE, right[Syntax.UBL]))
    return DocumentFiles(tuple(files), problems)


def xml_name(pdf_name: str) -> str:
    """The name of the XML file beside a PDF."""
    return f"{PurePath(pdf_name).stem}.xml"


def _e_invoices(
    kind_name: str, data: Mapping[str, object], wish: EInvoiceWish
) -> Sequence[EInvoice]:
    """Each form that is wished and that the kind has."""
    kind = KINDS[kind_name]
    syntaxes = [syntax for syntax in syntaxes_of(kind) if syntax in wish.form.syntaxes]
    if not syntaxes:
        return ()
    paper = known(kind.schema, data)
    return [e_invoice_of(kind, paper, syntax, wish.facts) for syntax in syntaxes]


def _pdf(kind_name: str, data: Mapping[str, object], look: Look, xml: bytes | None) -> Pdf:
    if xml is None:
        return typeset_paper(kind_name, data, look)
    pdf = typeset_paper(kind_name, data, look, attach=embedded(xml), standard="a-3b")
    return Pdf(with_factur_x(pdf.content), pdf.filename, pdf.pages)
