"""A document with its PDF and its emails."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from outtray.documents.files import pdf_as_sent
from outtray.documents.kinds.registry import KINDS
from outtray.documents.languages import LANGUAGES
from outtray.documents.models import Document
from outtray.documents.pdf.render import pictures
from outtray.documents.pdf.render import render as render_pdf
from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.web.delivery_hold import hold_of
from outtray.web.document_emails import sendings_of
from outtray.web.document_list import document_rows
from outtray.web.files import download, inline, picture
from outtray.web.session import PersonRequest, person_required


@require_GET
@person_required
def show(request: PersonRequest, document_id: UUID) -> HttpResponse:
    documents = Document.objects.visible_to(request.membership).select_related(
        "party", "imported_by"
    )
    document = get_object_or_404(documents, pk=document_id)
    is_held, at = hold_of(request) is not None, clock.now()
    return render(
        request,
        "outtray/documents/document.html",
        {
            "document": document,
            "row": document_rows([document])[0],
            "kind": KINDS[document.kind],
            "label": KINDS[document.kind].label("en"),
            "plural": plural_of(document.kind),
            "language": LANGUAGES.get(document.language, document.language),
            "sendings": list(sendings_of(document, request.membership, is_held=is_held, at=at)),
            **_paper(document),
        },
    )


@require_GET
@person_required
def pdf(request: PersonRequest, document_id: UUID) -> HttpResponse:
    """The PDF as the customer would get it now; with `?save` to be saved."""
    document = get_object_or_404(Document.objects.visible_to(request.membership), pk=document_id)
    try:
        made = pdf_as_sent(document)
    except Refused as refusal:
        return HttpResponse(refusal.detail, content_type="text/plain; charset=utf-8", status=422)
    answer = download if "save" in request.GET else inline
    return answer(made.content, "application/pdf", made.filename)


@require_GET
@person_required
def page(request: PersonRequest, document_id: UUID, number: int) -> HttpResponse:
    """One page of the PDF as a picture."""
    document = get_object_or_404(Document.objects.visible_to(request.membership), pk=document_id)
    try:
        pages = pictures(document)
    except Refused as refusal:
        raise Http404 from refusal
    if not 0 < number <= len(pages):
        raise Http404
    return picture(pages[number - 1])


def _paper(document: Document) -> dict[str, object]:
    """How many pages there are to show, or why it cannot be printed."""
    try:
        return {"pages": range(1, render_pdf(document).pages + 1)}
    except Refused as refusal:
        return {"pages": (), "problem": refusal.detail}


def plural_of(kind: str) -> str:
    """The name of a kind's Centre."""
    return KINDS[kind].plural("en")
