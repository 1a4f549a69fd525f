"""Documents: a Centre for each kind and one for all; a document with its PDF and emails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from outtray.documents.kinds.registry import KINDS
from outtray.documents.models import Document, Party
from outtray.documents.pdf.render import pictures
from outtray.documents.pdf.render import render as render_pdf
from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.outbox.models import Email, Enclosure
from outtray.outbox.queries import DocumentEmailState, document_states
from outtray.outbox.states import State
from outtray.people.models import Membership
from outtray.web.delivery_hold import hold_of
from outtray.web.files import download, inline, picture
from outtray.web.identifiers import uuid_or_none
from outtray.web.paging import headings, order_of, page_after
from outtray.web.queue_rows import rows_of
from outtray.web.session import PersonRequest, person_required

_SORTS = {
    "number": "number",
    "party": "party__name",
    "date": "date",
    "due": "due_date",
    "amount": "total",
}
_COLUMNS = (
    ("Number", "number", ""),
    ("Party", "party", ""),
    ("Date", "-date", ""),
    ("Due", "due", ""),
    ("Amount", "-amount", "num"),
    ("Email", "", ""),
)
LANGUAGES = {"en": "English", "de": "German", "fr": "French", "es": "Spanish"}
NOT_SENT = "none"
EMAIL_STATES: Mapping[str, str] = {
    NOT_SENT: "No email yet",
    State.QUEUED: "Queued",
    State.HELD: "On hold",
    State.SENT: "Sent",
    State.FAILED: "Failed",
    State.UNKNOWN: "Unknown",
}


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document as a list shows it."""

    document: Document
    kind: str
    email: DocumentEmailState | None
    is_overdue: bool


@require_GET
@person_required
def index(request: PersonRequest, kind: str = "") -> HttpResponse:
    if kind and kind not in KINDS:
        raise Http404
    parameters = request.GET
    order = order_of(parameters.get("sort", ""), _SORTS, default="-date")
    found = _narrowed(request, kind).select_related("party").defer("data")
    page = page_after(found, order, parameters.get("after", ""))
    is_first = not parameters.get("after")
    return render(
        request,
        "outtray/documents/index.html",
        {
            "kind": kind,
            "title": plural_of(kind) if kind else "Documents",
            "kinds": [(name, each.plural("en")) for name, each in KINDS.items()],
            "rows": document_rows(page.rows),
            "headings": headings(order, _COLUMNS),
            "search": parameters.get("q", "").strip(),
            "email_states": EMAIL_STATES,
            "email_state": parameters.get("email", ""),
            "email_word": EMAIL_STATES.get(parameters.get("email", ""), ""),
            "party": _party(request.membership, parameters.get("party")),
            "newer": "" if is_first else _address(request, after=""),
            "older": _address(request, after=page.following) if page.following else "",
        },
    )


@require_GET
@person_required
def show(request: PersonRequest, document_id: UUID) -> HttpResponse:
    documents = Document.objects.visible_to(request.membership).select_related(
        "party", "imported_by"
    )
    document = get_object_or_404(documents, pk=document_id)
    emails = Email.objects.visible_to(request.membership).filter(enclosures__document=document)
    newest = emails.distinct().select_related("mailbox").order_by("-pk")[:20]
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
            "rows": rows_of(list(newest), is_held=hold_of(request) is not None, at=clock.now()),
            **_paper(document),
        },
    )


@require_GET
@person_required
def pdf(request: PersonRequest, document_id: UUID) -> HttpResponse:
    """The PDF as the customer would get it now; with `?save` to be saved."""
    document = get_object_or_404(Document.objects.visible_to(request.membership), pk=document_id)
    try:
        made = render_pdf(document)
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


def document_rows(documents: list[Document]) -> list[DocumentRow]:
    """One query for the email states of all of them."""
    states = document_states(documents)
    today = clock.now().date()
    return [
        DocumentRow(
            document,
            KINDS[document.kind].label("en"),
            states.get(document.pk),
            is_overdue=document.due_date is not None and document.due_date < today,
        )
        for document in documents
    ]


def _paper(document: Document) -> dict[str, object]:
    """How many pages there are to show, or why it cannot be printed."""
    try:
        return {"pages": range(1, render_pdf(document).pages + 1)}
    except Refused as refusal:
        return {"pages": (), "problem": refusal.detail}


def plural_of(kind: str) -> str:
    """The name of a kind's Centre."""
    return KINDS[kind].plural("en")


def _narrowed(request: PersonRequest, kind: str) -> QuerySet[Document]:
    documents = Document.objects.visible_to(request.membership)
    search = request.GET.get("q", "").strip()
    party = uuid_or_none(request.GET.get("party"))
    if kind:
        documents = documents.filter(kind=kind)
    if party:
        documents = documents.filter(party_id=party)
    if search:
        documents = documents.filter(Q(number__icontains=search) | Q(party__name__icontains=search))
    return _with_email(documents, request.GET.get("email", ""))


def _with_email(documents: QuerySet[Document], state: str) -> QuerySet[Document]:
    """Those whose newest email is in that state."""
    emails = Enclosure.objects.filter(document=OuterRef("pk"))
    if state == NOT_SENT:
        return documents.filter(~Exists(emails))
    if state not in EMAIL_STATES:
        return documents
    newest = Subquery(emails.order_by("-email_id").values("email__state")[:1])
    return documents.filter(Exists(emails)).alias(newest=newest).filter(newest=state)


def _party(membership: Membership, text: str | None) -> Party | None:
    party_id = uuid_or_none(text)
    return Party.objects.visible_to(membership).filter(pk=party_id).first() if party_id else None


def _address(request: PersonRequest, **changes: str) -> str:
    parameters = request.GET.copy()
    for name, value in changes.items():
        parameters[name] = value
    return f"{request.path}?{parameters.urlencode()}"
