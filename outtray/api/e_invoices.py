"""E-invoices: what is settled for each kind, and what the one of a document says."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema

from outtray.api.access import me
from outtray.documents.e_invoices import report_on, xml_of
from outtray.documents.einvoice.forms import Syntax
from outtray.documents.einvoice.settle import settle_form
from outtray.documents.einvoice.settled import EInvoices
from outtray.documents.einvoice.wishes import Form, WhenWrong
from outtray.documents.files import XML_TYPE
from outtray.documents.kinds.registry import KINDS
from outtray.documents.models import Document

router = Router(tags=["E-invoices"])
of_documents = Router(tags=["E-invoices"])

_XML = {
    "responses": {
        200: {
            "description": "The XML",
            "content": {XML_TYPE: {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


class FormWishes(Schema):
    """As what a kind goes out, and what becomes of a document whose e-invoice breaks a rule."""

    form: Literal["none", "factur-x", "ubl", "both"]
    when_wrong: Literal["hold", "send_without"] = "hold"


class SettledForm(FormWishes):
    """The same, with the kind that it is for."""

    kind: str


class BrokenRule(Schema):
    """A rule in plain words; `path` is the field of the document to look at, if one is known."""

    rule: str
    sentence: str
    path: str


class EInvoiceShape(Schema):
    """What would go out now. `said` is what the recipient's software will read first."""

    form: str
    when_wrong: str
    is_right: bool
    problems: list[BrokenRule]
    said: dict[str, list[str]]


class XmlQuery(Schema):
    """In which words: those of UN/CEFACT, which are in Factur-X, or UBL 2.1."""

    syntax: Literal["cii", "ubl"] = "ubl"


@router.get("", response=list[SettledForm], operation_id="list_e_invoice_forms")
def index(request: HttpRequest) -> Any:
    """List as what each kind of document goes out."""
    settled = EInvoices.of(me(request).company)
    return [_settled(kind, settled) for kind, each in KINDS.items() if each.xml]


@router.put("/{slug:kind}", response=SettledForm, operation_id="settle_e_invoice_form")
def settle(request: HttpRequest, kind: str, wishes: FormWishes) -> Any:
    """Settle as what a kind goes out. Only for administrators."""
    membership = me(request)
    settle_form(membership, kind, form=Form(wishes.form), when_wrong=WhenWrong(wishes.when_wrong))
    return _settled(kind, EInvoices.of(membership.company))


@of_documents.get(
    "/{uuid:document_id}/e-invoice", response=EInvoiceShape, operation_id="read_e_invoice"
)
def show(request: HttpRequest, document_id: UUID) -> Any:
    """Read what a document's e-invoice says, and which rules it breaks."""
    report = report_on(_found(request, document_id), unsettled_too=True)
    if report is None:
        raise Http404
    said: dict[str, list[str]] = {}
    for each in report.said:
        said.setdefault(each.label, []).append(each.value)
    return {
        "form": report.wish.form,
        "when_wrong": report.wish.when_wrong,
        "is_right": not report.problems,
        "problems": [asdict(problem) for problem in report.problems],
        "said": said,
    }


@of_documents.get("/{uuid:document_id}/xml", openapi_extra=_XML, operation_id="read_document_xml")
def xml(request: HttpRequest, document_id: UUID, query: Query[XmlQuery]) -> HttpResponse:
    """The document as XML, as it would be sent now, right or wrong."""
    made = xml_of(_found(request, document_id), Syntax(query.syntax))
    if made is None:
        raise Http404
    disposition = {"Content-Disposition": f'attachment; filename="{made.filename}"'}
    return HttpResponse(made.content, content_type=XML_TYPE, headers=disposition)


def _found(request: HttpRequest, document_id: UUID) -> Document:
    documents = Document.objects.visible_to(me(request)).select_related("company")
    return get_object_or_404(documents, pk=document_id)


def _settled(kind: str, settled: EInvoices) -> dict[str, str]:
    wish = settled.wish_for(kind)
    return {"kind": kind, "form": wish.form, "when_wrong": wish.when_wrong}
