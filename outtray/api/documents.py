"""Documents: import them, list them, read one, and its PDF."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import Field

from outtray.api.access import me
from outtray.api.problems import problem
from outtray.api.values import Page, PageQuery, Text, page
from outtray.documents.files import pdf_as_sent
from outtray.documents.importing import (
    File,
    Format,
    ImportResult,
    import_documents,
    preview_documents,
)
from outtray.documents.imports.csv.mapping import Mapping
from outtray.documents.models import Document
from outtray.lib import clock
from outtray.outbox.queries import document_states

router = Router(tags=["Documents"])

_PDF = {
    "responses": {
        200: {
            "description": "The PDF",
            "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


class DocumentShape(Schema):
    """A document as a list shows it. `email_state` is that of its newest email."""

    id: UUID
    kind: str
    number: str
    party_id: UUID
    party_name: str
    date: dt.date
    due_date: dt.date | None
    currency: str
    total: Decimal | None
    language: str
    revision: int
    email_state: str | None
    emails: int
    created_at: dt.datetime
    changed_at: dt.datetime


class WholeDocument(DocumentShape):
    """A document with all its data, as it was imported."""

    data: dict[str, Any]


class ImportProblem(Schema):
    """One thing that is wrong with a document."""

    path: str
    code: str
    message: str


class ImportedDocument(Schema):
    """What became of one document: created, updated, unchanged, refused or skipped.

    `place` names its rows, if it came from a table.
    """

    index: int
    kind: str
    number: str
    status: str
    id: UUID | None
    place: str
    problems: list[ImportProblem]


class Imported(Schema):
    """What became of each document, in the order of the request."""

    items: list[ImportedDocument]


class DocumentQuery(PageQuery):
    """Which documents: of a kind, with a text in their number or party's name."""

    kind: Text = Field("", max_length=30, examples=["invoice"])
    search: Text = Field("", max_length=200)


class ImportQuery(Schema):
    """How a file is read, and whether the right documents are kept although others are wrong.

    Without `format` the file says itself what it is, else its content type does. `mapping` is
    for tables alone: a JSON object as docs/how-to/import-documents.md shows it. A `preview`
    keeps nothing.
    """

    keep_going: bool = False
    preview: bool = False
    format: Literal["", "json", "csv", "ubl", "cii", "factur-x"] = ""
    mapping: Text = Field("", max_length=20_000)


@router.post("", response=Imported, operation_id="import_documents")
def create(request: HttpRequest, query: Query[ImportQuery]) -> Any:
    """Import documents: all of them, or with one wrong among them none.

    The body is the file: JSON, CSV, UBL 2.1, CII, or a Factur-X PDF.
    """
    membership, at, file = me(request), clock.now(), _file(request, query)
    if query.preview:
        result = preview_documents(membership.company, file, at=at)
        return {"items": [item.to_json() for item in result.items]}
    result = import_documents(
        membership.company, file, by=membership.person, at=at, keep_going=query.keep_going
    )
    items = [item.to_json() for item in result.items]
    return {"items": items} if result.imported else _none_imported(result, items)


def _file(request: HttpRequest, query: ImportQuery) -> File:
    return File(
        request.body,
        content_type=request.content_type or "",
        format=Format(query.format) if query.format else None,
        mapping=Mapping.from_text(query.mapping) if query.mapping else None,
    )


@router.get("", response=Page[DocumentShape], operation_id="list_documents")
def index(request: HttpRequest, query: Query[DocumentQuery]) -> Any:
    """List documents, newest first."""
    documents = Document.objects.visible_to(me(request)).select_related("party").defer("data")
    if query.kind:
        documents = documents.filter(kind=query.kind)
    if query.search:
        documents = documents.filter(
            Q(number__icontains=query.search) | Q(party__name__icontains=query.search)
        )
    return page(documents, query, _shapes)


@router.get("/{uuid:document_id}", response=WholeDocument, operation_id="read_document")
def show(request: HttpRequest, document_id: UUID) -> Any:
    """Read one document."""
    document = _found(request, document_id)
    return {**_shapes([document])[0], "data": document.data}


@router.get("/{uuid:document_id}/pdf", openapi_extra=_PDF, operation_id="read_document_pdf")
def pdf(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """The document's PDF, as it would be sent now."""
    made = pdf_as_sent(_found(request, document_id))
    disposition = {"Content-Disposition": f'attachment; filename="{made.filename}"'}
    return HttpResponse(made.content, content_type="application/pdf", headers=disposition)


def _found(request: HttpRequest, document_id: UUID) -> Document:
    documents = Document.objects.visible_to(me(request)).select_related("party")
    return get_object_or_404(documents, pk=document_id)


def _shapes(documents: Sequence[Document]) -> list[dict[str, Any]]:
    states = document_states(documents)
    return [
        {
            **{name: getattr(document, name) for name in _COLUMNS},
            "party_name": document.party.name,
            "email_state": states[document.pk].state if document.pk in states else None,
            "emails": states[document.pk].count if document.pk in states else 0,
        }
        for document in documents
    ]


_COLUMNS = (
    "id", "kind", "number", "party_id", "date", "due_date", "currency", "total", "language",
    "revision", "created_at", "changed_at",
)  # fmt: skip


def _none_imported(result: ImportResult, items: list[dict[str, Any]]) -> HttpResponse:
    first = result.refused[0]
    detail = (
        f"{len(result.refused)} of {len(items)} documents are wrong, so none was imported. "
        f"Document {first.index + 1}: {first.problems[0].message}"
    )
    return problem(422, "documents_refused", detail, members={"items": items})
